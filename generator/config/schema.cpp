// How keys and their values are written: TOML, JSON, JSON Schema, tables.
#include "config/schema.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace config {

namespace {

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      result += fmt::format("\\u{:04x}", byte);
      continue;
    }
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

// Shortest text that reads back as the same number, and not as an integer.
std::string number(double value) {
  const std::string text = fmt::format("{}", value);
  return text.find_first_not_of("-0123456789") == std::string::npos ? text + ".0" : text;
}

std::string type_name(Type type) {
  switch (type) {
    case Type::kInteger:
      return "integer";
    case Type::kNumber:
      return "number";
    case Type::kPath:
      return "path";
    case Type::kIdentifier:
      return "name";
    case Type::kNameOrPath:
      return "name or path";
    case Type::kPaths:
      return "paths";
    case Type::kTexts:
      return "texts";
    case Type::kExtents:
      return "extents";
    case Type::kChoice:
      return "choice";
  }
  return {};
}

std::string type_name(const Key& key) {
  return type_name(key.type) + (key.by_name ? " or table" : "");
}

// What a value must be, or each of a table of values.
nlohmann::ordered_json value_schema_of(const Key& key) {
  nlohmann::ordered_json schema;
  if (key.type == Type::kInteger) {
    schema["type"] = "integer";
    schema["minimum"] = static_cast<std::int64_t>(key.low);
    schema["maximum"] = static_cast<std::int64_t>(key.high);
  } else if (key.type == Type::kNumber) {
    schema["type"] = "number";
    schema["minimum"] = key.low;
    schema["maximum"] = key.high;
  } else if (key.type == Type::kChoice) {
    schema["enum"] = key.choices;
  } else if (is_list(key.type)) {
    schema["type"] = {"array", "string"};
    schema["items"] = {{"type", "string"}};
  } else {
    schema["type"] = "string";
  }
  if (key.type == Type::kExtents) schema["pattern"] = "^([1-9][0-9]{0,8}(x[1-9][0-9]{0,8})*)?$";
  if (key.type == Type::kIdentifier) schema["pattern"] = "^[A-Za-z][A-Za-z0-9_-]{0,63}$";
  return schema;
}

nlohmann::ordered_json json_schema_of(const Key& key) {
  nlohmann::ordered_json schema = {{"description", key.doc}};
  const nlohmann::ordered_json value = value_schema_of(key);
  if (key.by_name)
    schema["anyOf"] = {value, {{"type", "object"}, {"additionalProperties", value}}};
  else
    schema.update(value);
  if (const Value preset = key.get(Spec{}); has_value(preset)) schema["default"] = json_of(preset);
  return schema;
}

}  // namespace

std::string allowed(const Key& key) {
  if (key.type == Type::kInteger) return fmt::format("{:.0f} to {:.0f}", key.low, key.high);
  if (key.type == Type::kNumber) return fmt::format("{} to {}", key.low, key.high);
  std::string text;
  for (const std::string& choice : key.choices) text += (text.empty() ? "" : ", ") + quoted(choice);
  return text;
}

nlohmann::ordered_json json_of(const Value& value) {
  const auto* table = std::get_if<Table>(&value);
  if (!table) return nlohmann::ordered_json::parse(literal(value));
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (const auto& [name, one] : table->entries) json[name] = json_of(one);
  return json;
}

std::string literal(const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
  if (const auto* real = std::get_if<double>(&value)) return number(*real);
  if (const auto* text = std::get_if<std::string>(&value)) return quoted(*text);
  if (const auto* list = std::get_if<std::vector<std::string>>(&value)) {
    std::string items;
    for (const std::string& item : *list) items += (items.empty() ? "" : ", ") + quoted(item);
    return "[" + items + "]";
  }
  if (const auto* table = std::get_if<Table>(&value)) {
    std::string items;
    for (const auto& [name, one] : table->entries)
      items += (items.empty() ? " " : ", ") + quoted(name) + " = " + literal(one);
    return "{" + items + " }";
  }
  return std::get<Foreign>(value).found;
}

bool is_utf8(const std::string& text) { return nlohmann::json::accept(quoted(text)); }

bool has_value(const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  const auto* list = std::get_if<std::vector<std::string>>(&value);
  const auto* table = std::get_if<Table>(&value);
  return !(text && text->empty()) && !(list && list->empty()) && !(table && table->entries.empty());
}

bool is_list(Type type) { return type == Type::kPaths || type == Type::kTexts; }

std::string json_schema() {
  nlohmann::ordered_json schema = {
      {"$schema", "https://json-schema.org/draft/2020-12/schema"},
      {"title", "fpsa spec"},
      {"type", "object"},
      {"additionalProperties", false},
      {"properties", nlohmann::ordered_json::object()},
  };
  const nlohmann::ordered_json empty = {{"type", "object"}, {"additionalProperties", false}};
  for (const Key& key : keys()) {
    nlohmann::ordered_json* parent = &schema;
    if (!key.section.empty()) {
      nlohmann::ordered_json& properties = schema["properties"];
      if (!properties.contains(key.section)) properties[key.section] = empty;
      parent = &properties[key.section];
    }
    (*parent)["properties"][key.name] = json_schema_of(key);
    if (!key.required) continue;
    (*parent)["required"].push_back(key.name);
    if (!key.section.empty()) schema["required"].push_back(key.section);
  }
  return schema.dump(2) + "\n";
}

nlohmann::json key_table() {
  nlohmann::json table = nlohmann::json::array();
  for (const Key& key : keys()) {
    table.push_back({{"key", key.path()},
                     {"type", type_name(key)},
                     {"allowed", allowed(key)},
                     {"meaning", key.doc},
                     {"required", key.required}});
    if (const Value value = key.get(Spec{}); literal(value) != "\"\"")
      table.back()["default"] = json_of(value);
  }
  return table;
}

std::string key_table_text() {
  std::string text = "| key | type | default | allowed | meaning |\n|---|---|---|---|---|\n";
  for (const Key& key : keys()) {
    const Value value = key.get(Spec{});
    const std::string shown = key.required       ? "required"
                              : has_value(value) ? "`" + literal(value) + "`"
                                                 : "";
    text += fmt::format("| `{}` | {} | {} | {} | {} |\n", key.path(), type_name(key), shown,
                        allowed(key), key.doc);
  }
  return text;
}

}  // namespace config
