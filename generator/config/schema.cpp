#include "config/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "config/names.hpp"

namespace config {

namespace {

constexpr double kLargestSeed = 9007199254740991;  // 2^53 - 1: every JSON reader keeps it exactly

template <class F>
struct Element {
  using Type = F;
};
template <class F>
struct Element<ByName<F>> {
  using Type = F;
};
// Of a key that takes a table by names, one entry.
template <class F>
using ElementOf = typename Element<F>::Type;
template <class F>
constexpr bool kByName = !std::is_same_v<F, ElementOf<F>>;

template <class F>
constexpr Type type_of() {
  if constexpr (kByName<F>) return type_of<ElementOf<F>>();
  if constexpr (std::is_enum_v<F>) return Type::kChoice;
  if constexpr (std::is_integral_v<F>) return Type::kInteger;
  if constexpr (std::is_floating_point_v<F>) return Type::kNumber;
  if constexpr (std::is_same_v<F, std::vector<std::filesystem::path>>) return Type::kPaths;
  if constexpr (std::is_same_v<F, std::vector<std::string>>) return Type::kTexts;
  return Type::kPath;
}

template <class F>
Value to_table_or_value(const ByName<F>& field);

template <class F>
Value to_value(const F& field) {
  if constexpr (kByName<F>)
    return to_table_or_value(field);
  else if constexpr (std::is_enum_v<F>)
    return name_of(field);
  else if constexpr (std::is_integral_v<F>)
    return static_cast<std::int64_t>(field);
  else if constexpr (std::is_same_v<F, std::filesystem::path>)
    return field.string();
  else if constexpr (std::is_same_v<F, std::vector<std::filesystem::path>>)
    return std::vector<std::string>(field.begin(), field.end());
  else
    return field;
}

template <class F>
Value to_table_or_value(const ByName<F>& field) {
  if (field.named.empty()) return to_value(field.all);
  Table table;
  for (const auto& [name, one] : field.named) table.entries.emplace_back(name, to_value(one));
  return table;
}

template <class F>
void from_table_or_value(ByName<F>& field, const Value& value);

template <class F>
void from_value(F& field, const Value& value) {
  if constexpr (kByName<F>) {
    from_table_or_value(field, value);
  } else if constexpr (std::is_enum_v<F>) {
    const auto found = std::ranges::find(kNames<F>, std::get<std::string>(value));
    field = static_cast<F>(found - kNames<F>.begin());
  } else if constexpr (std::is_integral_v<F>) {
    field = static_cast<F>(std::get<std::int64_t>(value));
  } else if constexpr (std::is_floating_point_v<F>) {
    field = std::get<double>(value);
  } else if constexpr (std::is_same_v<F, std::vector<std::filesystem::path>> ||
                       std::is_same_v<F, std::vector<std::string>>) {
    const auto& texts = std::get<std::vector<std::string>>(value);
    field = F(texts.begin(), texts.end());
  } else {
    field = std::get<std::string>(value);
  }
}

template <class F>
void from_table_or_value(ByName<F>& field, const Value& value) {
  field.named.clear();
  const auto* table = std::get_if<Table>(&value);
  if (!table) return from_value(field.all, value);
  for (const auto& [name, one] : table->entries) from_value(field.named[name], one);
}

template <class F>
std::vector<std::string> choices_of() {
  if constexpr (std::is_enum_v<ElementOf<F>>)
    return {kNames<ElementOf<F>>.begin(), kNames<ElementOf<F>>.end()};
  else
    return {};
}

struct Limits {
  double low = 0;
  double high = 0;
};

// The key of the member `Field` of the member `Section` of a Spec.
template <auto Section, auto Field>
Key key(const char* section, const char* name, const char* doc, Limits limits = {}) {
  using F = std::remove_reference_t<decltype(std::declval<Spec&>().*Section.*Field)>;
  return {section,
          name,
          type_of<F>(),
          doc,
          limits.low,
          limits.high,
          choices_of<F>(),
          false,
          kByName<F>,
          [](const Spec& spec) { return to_value(spec.*Section.*Field); },
          [](Spec& spec, const Value& value) { from_value(spec.*Section.*Field, value); }};
}

Key required(Key key) {
  key.required = true;
  return key;
}

Key typed(Key key, Type type) {
  key.type = type;
  return key;
}

Key spec_name() {
  Key key;
  key.name = "name";
  key.type = Type::kIdentifier;
  key.doc = "Name of the design and of its top module; left out: the spec file's name";
  key.get = [](const Spec& spec) { return Value(spec.name); };
  key.set = [](Spec& spec, const Value& value) { from_value(spec.name, value); };
  return key;
}

std::vector<Key> model_and_data_keys() {
  return {
      spec_name(),
      required(key<&Spec::model, &Model::file>("model", "file", "ONNX file of the network")),
      typed(key<&Spec::model, &Model::input_shape>(
                "model", "input_shape",
                "Extents of a sample, as 3x224x224, where the model leaves more open than the "
                "batch; of several inputs a table by their names"),
            Type::kExtents),
      key<&Spec::data, &Data::inputs>("data", "inputs",
                                      "Test samples: .npy, IDX (.gz too) or a folder of PNM; of "
                                      "several inputs a table by their names"),
      key<&Spec::data, &Data::labels>(
          "data", "labels",
          "Class (or target values) of each test sample, .npy or IDX; needs inputs; of several "
          "outputs a table by their names"),
      key<&Spec::data, &Data::calibration>(
          "data", "calibration", "Samples that set the scales of a float model, as inputs"),
      key<&Spec::data, &Data::calibration_samples>(
          "data", "calibration_samples",
          "Calibration samples used, from the first on; 0: 1000, or all if there are fewer",
          {0, 1000000}),
      key<&Spec::data, &Data::scale>("data", "scale",
                                     "Network input = stored value * scale + offset", {-1e9, 1e9}),
      key<&Spec::data, &Data::offset>("data", "offset", "See scale", {-1e9, 1e9}),
      key<&Spec::data, &Data::layout>(
          "data", "layout",
          "How the axes of a stored sample are moved; auto: not at all, and the shapes must agree"),
      key<&Spec::data, &Data::threshold>("data", "threshold",
                                         "Value above which an output of one element means class "
                                         "1, for its accuracy; before a Sigmoid "
                                         "at the end, which is the host's",
                                         {-1e9, 1e9}),
      key<&Spec::quantise, &Quantise::method>("quantise", "method",
                                              "How the range of an activation is chosen"),
      key<&Spec::quantise, &Quantise::percentile>(
          "quantise", "percentile",
          "Share of the values inside the range, in percent, if method is percentile", {50, 100}),
      key<&Spec::quantise, &Quantise::output_bits>(
          "quantise", "output_bits",
          "Bits of the network's outputs, unless the model quantises them or pe.activation_bits is "
          "more",
          {1, 12}),
      key<&Spec::quantise, &Quantise::maximum>("quantise", "maximum",
                                               "Greatest of a window: by comparison, or by Relus"),
      key<&Spec::quantise, &Quantise::table_neurons>(
          "quantise", "table_neurons",
          "Neurons of a network fitted to a table, in its place; 0: none", {0, 64}),
  };
}

std::vector<Key> hardware_keys() {
  return {
      key<&Spec::pe, &Pe::rows>("pe", "rows", "Inputs of a crossbar", {1, 1024}),
      key<&Spec::pe, &Pe::cols>("pe", "cols", "Outputs (neurons) of a crossbar", {1, 1024}),
      key<&Spec::pe, &Pe::weight_bits>("pe", "weight_bits", "Bits of a weight, with its sign",
                                       {2, 16}),
      key<&Spec::pe, &Pe::activation_bits>(
          "pe", "activation_bits", "Bits of an activation; with train = \"rate\" at most 10",
          {1, 12}),
      key<&Spec::pe, &Pe::crossbar>("pe", "crossbar",
                                    "Adder trees, row by row from a memory, or an analog macro"),
      key<&Spec::pe, &Pe::neuron>(
          "pe", "neuron",
          "How a column turns sums into spikes; signed and paired need rate trains"),
      key<&Spec::pe, &Pe::train>("pe", "train",
                                 "Coding of an n-bit value: binary takes n ticks, rate 2^n"),
      key<&Spec::pe, &Pe::top>(
          "pe", "top",
          "Where an exact neuron's values end: at 2^n - 1, or at a code that is "
          "loaded for each column; for `fpsa generate pe`"),
      key<&Spec::pe, &Pe::rounding>(
          "pe", "rounding",
          "What an exact neuron makes of a value halfway between two; for "
          "`fpsa generate pe`"),
      key<&Spec::pe, &Pe::tall_layers>("pe", "tall_layers",
                                       "What joins the row tiles of a layer taller than rows"),
      key<&Spec::map, &Map::islands>(
          "map", "islands",
          "Which layers share a tick: all in one island, each its own with buffers between "
          "(layer), or those whose windows differ apart if that is faster (auto); but for one, "
          "long delays lie in memory"),
      key<&Spec::map, &Map::duplicate>(
          "map", "duplicate",
          "Copies of the layer of the most windows, side by side in a row of its map, at most as "
          "many as the row has positions; others get copies until none has more windows",
          {1, 1024}),
      key<&Spec::map, &Map::pes>(
          "map", "pes",
          "PEs that may be spent: the layers of the most windows get copies as long as these "
          "suffice; 0: no copies but those of duplicate",
          {0, 1000000}),
      key<&Spec::macro, &Macro::variation>(
          "macro", "variation",
          "Standard deviation of a stored weight, in parts of the full weight range", {0, 1}),
      key<&Spec::macro, &Macro::stuck_cells>("macro", "stuck_cells",
                                             "Share of the weights that are stuck at 0", {0, 1}),
      key<&Spec::macro, &Macro::seed>("macro", "seed", "Seed of the variation and the stuck cells",
                                      {0, kLargestSeed}),
      key<&Spec::host, &Host::beat_lanes>("host", "beat_lanes",
                                          "Values a beat of the AXI4-Stream ports", {1, 128}),
      key<&Spec::host, &Host::load>("host", "load",
                                    "Weights come over AXI4-Lite, or from .mem files at time 0"),
      key<&Spec::host, &Host::reset>(
          "host", "reset",
          "How rst_ni comes and goes: with clk_i, or at any time (its end is then synchronised)"),
  };
}

std::vector<Key> run_keys() {
  return {
      key<&Spec::simulate, &Simulate::samples>(
          "simulate", "samples",
          "Samples simulated, from the first on; 0: 100, or all if there are fewer", {0, 1000000}),
      key<&Spec::simulate, &Simulate::simulator>("simulate", "simulator", "Verilog simulator"),
      key<&Spec::simulate, &Simulate::seed>(
          "simulate", "seed", "Seed of the back-pressure and the idle cycles", {0, kLargestSeed}),
      key<&Spec::simulate, &Simulate::backpressure>(
          "simulate", "backpressure", "Chance a cycle that the sink is not ready", {0, 0.95}),
      key<&Spec::simulate, &Simulate::idle>("simulate", "idle",
                                            "Chance a cycle that the source pauses", {0, 0.95}),
      key<&Spec::synth, &Synth::flow>("synth", "flow", "Technology that synthesis targets"),
      key<&Spec::synth, &Synth::liberty>("synth", "liberty",
                                         "Liberty files of the asic flow's cell library, .gz too; "
                                         "left out: osu018"),
      key<&Spec::synth, &Synth::dont_use>("synth", "dont_use",
                                          "Cells of it that may not be used, with * and ?"),
      key<&Spec::synth, &Synth::memories>(
          "synth", "memories",
          "What the asic flow makes the memories of channels and line walks of: the library's "
          "cells "
          "(gates), or macros like those of a chip (macro), whose area the technology file gives"),
      typed(key<&Spec::synth, &Synth::technology>(
                "synth", "technology",
                "Figures of macro crossbars and memories: a name in constraints/technology, or a "
                "path"),
            Type::kNameOrPath),
      typed(key<&Spec::synth, &Synth::device>(
                "synth", "device", "iCE40 that nextpnr places for, as hx1k, hx8k or up5k"),
            Type::kIdentifier),
      typed(key<&Spec::synth, &Synth::package>(
                "synth", "package",
                "Package of the device; left out: ct256 of an hx8k, sg48 of an up5k and so on"),
            Type::kIdentifier),
      key<&Spec::synth, &Synth::clock_ns>("synth", "clock_ns", "Clock period asked for, in ns",
                                          {0.01, 1e6}),
  };
}

std::vector<Key> all_keys() {
  std::vector<Key> all = model_and_data_keys();
  for (const std::vector<Key>& part : {hardware_keys(), run_keys()})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

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

const std::vector<Key>& keys() {
  static const std::vector<Key> kKeys = all_keys();
  return kKeys;
}

std::vector<std::string> sections() {
  std::vector<std::string> names;
  for (const Key& key : keys())
    if (!key.section.empty() && (names.empty() || names.back() != key.section))
      names.push_back(key.section);
  return names;
}

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
