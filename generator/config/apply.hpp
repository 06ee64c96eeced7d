// Putting values, wherever they were written, into a Spec; and what must hold between keys.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "config/schema.hpp"

namespace config {

/// One key as somebody wrote it.
struct Given {
  std::string section;  ///< "" outside sections
  std::string name;
  Value value;
  std::string where;  ///< file:line:column, or the command-line option
};

/// The key `name` of `section`, or null.
const Key* find_key(const std::string& section, const std::string& name);

/// Adds kUnknownKey for a key that is not in the table, with the nearest match, the section that it
/// belongs to, or the keys that there are.
void add_unknown_key(const Given& given, base::Diagnostics& faults);

/// Adds kUnknownKey for a section that does not exist, with the nearest one or all of them.
void add_unknown_section(const std::string& section, const std::string& where,
                         base::Diagnostics& faults);

/// Writes `given` into `spec`. Relative paths are taken from `folder`. Adds kUnknownKey,
/// kWrongType, kOutOfRange, kBadChoice or kBadText and leaves the spec as it was if the value
/// cannot be used.
void apply(const Given& given, const std::filesystem::path& folder, Spec& spec,
           base::Diagnostics& faults);

/// Adds kKeyConflict for each rule between keys that `spec` breaks. `where` gives the place of each
/// written key by its path; a rule reports the first of its keys that was written, else
/// `otherwise`. Adds kBadChoice for an unknown iCE40 device or a package that it does not come in.
void add_conflicts(const Spec& spec, const std::map<std::string, std::string>& where,
                   const std::string& otherwise, base::Diagnostics& faults);

/// True if `text` can name a design: a letter, then letters, digits, '_' or '-', at most 64.
bool is_identifier(const std::string& text);

}  // namespace config
