#include "config/spec_io.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "config/toml_reader.hpp"

namespace config {

namespace fs = std::filesystem;
using base::Code;
using base::Diagnostics;
using nlohmann::ordered_json;

namespace {

constexpr std::uint64_t kLargestSpec = 1 << 20;  // bytes; a spec is a page of text

// Applies everything that was written; returns where each key was.
std::map<std::string, std::string> apply_all(const std::vector<Given>& given,
                                             const fs::path& folder, Spec& spec,
                                             Diagnostics& faults) {
  std::map<std::string, std::string> where;
  for (const Given& one : given) {
    apply(one, folder, spec, faults);
    where[one.section.empty() ? one.name : one.section + "." + one.name] = one.where;
  }
  return where;
}

void add_missing(const Spec& spec, const std::map<std::string, std::string>& where,
                 const std::string& file, Diagnostics& faults) {
  for (const Key& key : keys()) {
    if (!key.required || has_value(key.get(spec))) continue;
    const auto written = where.find(key.path());  // written but empty, or not written at all
    const std::string place = written == where.end() ? file : written->second;
    faults.add(Code::kMissingKey, fmt::format("{} is missing: {}", key.path(), key.doc), place,
               fmt::format("[{}] {} = \"...\"", key.section, key.name));
  }
}

void name_after(const fs::path& file, Spec& spec, Diagnostics& faults) {
  spec.name = file.stem().string();
  if (!is_identifier(spec.name))
    faults.add(Code::kBadText,
               fmt::format("the file's name, {}, cannot name the design", literal(spec.name)),
               file.string(), "name = \"...\" at the top of the spec");
}

// A number if all of `text` is one, else text.
Value number_or_text(const std::string& text, Type type) {
  const char* end = text.data() + text.size();
  std::int64_t integer = 0;
  if (const auto [stop, error] = std::from_chars(text.data(), end, integer);
      error == std::errc() && stop == end)
    return integer;
  double real = 0;
  const auto [stop, error] = std::from_chars(text.data(), end, real);
  const bool is_number = error == std::errc() && stop == end;
  return is_number && type == Type::kNumber ? Value(real) : Value(text);
}

bool is_textual(Type type) { return type != Type::kInteger && type != Type::kNumber; }

Given given_key(const std::string& key, const std::string& section) {
  const std::size_t dot = key.find('.');
  const std::string where = "--set " + key;
  if (dot != std::string::npos) return {key.substr(0, dot), key.substr(dot + 1), {}, where};
  return {section, key, {}, where};
}

Value value_of(const ordered_json& json);

Value table_of(const ordered_json& json) {
  Table table;
  for (const auto& [name, item] : json.items()) table.entries.emplace_back(name, value_of(item));
  return table;
}

Value value_of(const ordered_json& json) {
  if (json.is_number_unsigned() &&
      json.get<std::uint64_t>() >
          static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    return json.get<double>();
  if (json.is_number_integer()) return json.get<std::int64_t>();
  if (json.is_number_float()) return json.get<double>();
  if (json.is_string()) return json.get<std::string>();
  if (json.is_array() &&
      std::ranges::all_of(json, [](const auto& item) { return item.is_string(); }))
    return json.get<std::vector<std::string>>();
  if (json.is_object()) return table_of(json);
  return Foreign{fmt::format("a JSON {}", json.type_name())};
}

std::vector<Given> given_in(const ordered_json& root, Diagnostics& faults) {
  const std::vector<std::string> known = sections();
  std::vector<Given> given;
  for (const auto& [name, value] : root.items()) {
    if (!value.is_object()) {
      given.push_back({"", name, value_of(value), "manifest"});
    } else if (std::ranges::find(known, name) == known.end()) {
      add_unknown_section(name, "manifest", faults);
    } else {
      for (const auto& [key, inner] : value.items())
        given.push_back({name, key, value_of(inner), "manifest"});
    }
  }
  return given;
}

// TOML of the keys with a value; `text_of` prints one.
template <class TextOf>
std::string print_toml(const Spec& spec, TextOf&& text_of) {
  std::string text;
  std::string section;
  for (const Key& key : keys()) {
    const Value value = key.get(spec);
    if (!has_value(value)) continue;
    if (key.section != section) text += fmt::format("\n[{}]\n", key.section);
    section = key.section;
    text += fmt::format("{} = {}\n", key.name, text_of(key, value));
  }
  return text;
}

// Files by their names alone: where a project lies is not what it is.
Value without_folders(const Key& key, Value value) {
  const auto file_name = [](const std::string& path) { return fs::path(path).filename().string(); };
  if (auto* table = std::get_if<Table>(&value)) {
    for (auto& [name, one] : table->entries) one = without_folders(key, std::move(one));
  } else if (key.type == Type::kPaths) {
    for (std::string& path : std::get<std::vector<std::string>>(value)) path = file_name(path);
  } else if (key.type == Type::kPath || key.type == Type::kNameOrPath) {
    value = file_name(std::get<std::string>(value));
  }
  return value;
}

}  // namespace

Spec parse_spec(std::string_view text, const fs::path& file_name) {
  Diagnostics faults;
  Spec spec;
  const std::string file = file_name.string();
  const std::vector<Given> given = read_toml(text, file, faults);
  const auto where = apply_all(given, fs::absolute(file_name).parent_path(), spec, faults);
  // With a faulty key at its default, a rule could blame what is right.
  if (faults.empty()) add_conflicts(spec, where, file, faults);
  const bool bad_name = where.contains("name") && !faults.empty();
  if (spec.name.empty() && !bad_name) name_after(file_name, spec, faults);
  add_missing(spec, where, file, faults);
  faults.throw_if_any();
  return spec;
}

Spec load_spec(const fs::path& path) {
  return parse_spec(base::read_file(path, kLargestSpec), path);
}

void set_key(Spec& spec, const std::string& key, const std::string& value,
             const std::string& section) {
  Diagnostics faults;
  Given given = given_key(key, section);
  const Key* entry = find_key(given.section, given.name);
  if (!entry) {
    add_unknown_key(given, faults);
  } else {
    given.where += "=" + value;
    given.value = is_textual(entry->type) ? Value(value) : number_or_text(value, entry->type);
    apply(given, fs::current_path(), spec, faults);
  }
  faults.throw_if_any();
}

void set_list(Spec& spec, const std::string& key, const std::vector<std::string>& values,
              const std::string& where) {
  Diagnostics faults;
  const std::size_t dot = key.find('.');
  apply({key.substr(0, dot), key.substr(dot + 1), values, where}, fs::current_path(), spec, faults);
  faults.throw_if_any();
}

void check_rules(const Spec& spec) {
  Diagnostics faults;
  add_conflicts(spec, {}, {}, faults);
  faults.throw_if_any();
}

std::string to_toml(const Spec& spec) {
  return print_toml(spec, [](const Key&, const Value& value) { return literal(value); });
}

std::string spec_hash(const Spec& spec) {
  return base::sha256(print_toml(spec, [](const Key& key, Value value) {
    return literal(without_folders(key, std::move(value)));
  }));
}

std::string to_json(const Spec& spec) {
  ordered_json root = ordered_json::object();
  for (const Key& key : keys()) {
    ordered_json& parent = key.section.empty() ? root : root[key.section];
    parent[key.name] = json_of(key.get(spec));
  }
  return root.dump(2) + "\n";
}

Spec from_json(std::string_view text) {
  const ordered_json root = ordered_json::parse(text, nullptr, false);
  if (!root.is_object()) base::fail(Code::kSpecSyntax, "the spec is not a JSON object", "manifest");
  Diagnostics faults;
  Spec spec;
  const auto where = apply_all(given_in(root, faults), {}, spec, faults);
  for (const Key& key : keys())
    if (!where.contains(key.path()))
      faults.add(Code::kMissingKey, fmt::format("{} is missing", key.path()), "manifest",
                 "write every key");
  if (faults.empty()) add_conflicts(spec, where, "manifest", faults);
  faults.throw_if_any();
  return spec;
}

}  // namespace config
