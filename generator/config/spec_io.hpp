// Reading, checking, changing and writing specs.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "config/spec.hpp"

namespace config {

/// Reads, checks and resolves the TOML file at `path`. Throws one Error that holds every fault
/// found: kSpecSyntax, kUnknownKey, kWrongType, kOutOfRange, kBadChoice, kBadText, kKeyConflict,
/// kMissingKey, each at file:line:column; kFileUnreadable if the file cannot be read.
Spec load_spec(const std::filesystem::path& path);

/// The same for `text`, as if it were the content of `file_name`: relative paths are taken from
/// that file's folder, and without a `name` key its stem is the name. Nothing is read.
Spec parse_spec(std::string_view text, const std::filesystem::path& file_name);

/// Sets one key from text, as --set key=value does. `key` is "pe.rows", or "rows" with
/// section = "pe". Relative paths are taken from the working folder. Throws kUnknownKey,
/// kWrongType, kOutOfRange, kBadChoice or kBadText. Rules between keys are left to check_rules(),
/// so that the order of several --set does not matter.
void set_key(Spec& spec, const std::string& key, const std::string& value,
             const std::string& section = {});

/// Sets a key that holds a list, "synth.liberty", to all of `values`; `where` is the option that
/// gave them. As set_key() in all else.
void set_list(Spec& spec, const std::string& key, const std::vector<std::string>& values,
              const std::string& where);

/// Throws kKeyConflict for every rule between keys that `spec` breaks, and kBadChoice for a device
/// or a package that does not exist.
void check_rules(const Spec& spec);

/// Every key that has a value, in the order of the key table; parse_spec() of it gives `spec`
/// again.
std::string to_toml(const Spec& spec);

/// SHA-256 of to_toml() with every path cut to its file name: the same on every machine, whatever
/// folder the project is in. What the files hold is not part of it.
std::string spec_hash(const Spec& spec);

/// One JSON object with every key, sections as objects, for the manifest; ends in a newline.
std::string to_json(const Spec& spec);

/// The inverse of to_json(). Throws the faults of parse_spec(), and kMissingKey for any key that is
/// not there: a manifest is complete.
Spec from_json(std::string_view text);

}  // namespace config
