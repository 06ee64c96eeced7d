// The table of every key a spec can hold. Reading, checking, printing, the JSON Schema and the
// documentation all come from it; there is no second list of keys.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "config/spec.hpp"

namespace config {

enum class Type {
  kInteger,
  kNumber,
  kPath,        ///< a path, made absolute against the spec's folder; empty: not given
  kIdentifier,  ///< a letter, then letters, digits, '_' or '-', at most 64; empty: not given
  kNameOrPath,  ///< a path if it holds a '/', else a name
  kPaths,       ///< a list of paths; one path stands for a list of one
  kTexts,       ///< a list of texts; one text stands for a list of one
  kExtents,     ///< whole numbers joined by 'x', as extents_of() reads them; empty: not given
  kChoice,
};

/// What was written that no key takes: a boolean, a list of numbers, a date... `found` says which.
struct Foreign {
  std::string found;
};

struct Table;

/// Value of a key: integers, numbers, lists, tables, and text for every other type.
using Value =
    std::variant<std::int64_t, double, std::string, std::vector<std::string>, Table, Foreign>;

/// Values by name, in the order in which they were written.
struct Table {
  std::vector<std::pair<std::string, Value>> entries;
};

struct Key {
  std::string section;  ///< "" for the keys before the first section
  std::string name;
  Type type;
  std::string doc;  ///< one line, with the unit
  double low = 0;   ///< range of integers and numbers, both ends inclusive
  double high = 0;
  std::vector<std::string> choices;  ///< of a kChoice, in the order of the enumerators
  bool required = false;
  bool by_name = false;  ///< may also be a table of such values by names of the network's
  Value (*get)(const Spec&) = nullptr;
  /// Takes a value of the key's own type and within its range or choices, or a table of them.
  void (*set)(Spec&, const Value&) = nullptr;

  /// "pe.rows"; the name alone outside sections.
  std::string path() const { return section.empty() ? name : section + "." + name; }
};

/// All keys, section by section, in the order in which they are printed.
const std::vector<Key>& keys();

/// Names of the sections, in the order of keys(), without "".
std::vector<std::string> sections();

/// "1 to 1024", or the choices in quotes; empty for text and paths.
std::string allowed(const Key& key);

/// `value` as TOML writes it: 64, 0.5, "text", ["a", "b"], { "a" = 1 }.
std::string literal(const Value& value);

/// The same as JSON.
nlohmann::ordered_json json_of(const Value& value);

/// False for "" and for an empty list or table: nothing was given.
bool has_value(const Value& value);

/// True for kPaths and kTexts.
bool is_list(Type type);

/// False if `text` is not well-formed UTF-8: it could not be written as TOML or JSON.
bool is_utf8(const std::string& text);

/// JSON Schema (2020-12) of the TOML file, with descriptions and defaults; ends in a newline.
std::string json_schema();

/// What key_table_text() tells, an object a key: key, type, default (absent if there is none),
/// allowed, meaning, required.
nlohmann::json key_table();

/// Markdown table: key, type, default, allowed values, meaning; ends in a newline.
std::string key_table_text();

}  // namespace config
