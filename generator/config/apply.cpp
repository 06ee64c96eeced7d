#include "config/apply.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <optional>

#include "config/ice40.hpp"

namespace config {

namespace fs = std::filesystem;
using base::Code;
using base::Diagnostics;

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// A key's name as TOML writes it: in quotes if it holds anything unusual.
std::string shown(const std::string& name) { return is_identifier(name) ? name : literal(name); }

std::string expected(Type type) {
  if (type == Type::kInteger) return "an integer";
  if (type == Type::kNumber) return "a number";
  if (is_list(type)) return "a text in quotes or a list of nothing but texts";
  return "a text in quotes";
}

std::string found(const Value& value) {
  if (std::holds_alternative<std::int64_t>(value)) return "the integer " + literal(value);
  if (std::holds_alternative<double>(value)) return "the number " + literal(value);
  if (std::holds_alternative<std::string>(value)) return "the text " + literal(value);
  if (std::holds_alternative<std::vector<std::string>>(value)) return "the list " + literal(value);
  if (std::holds_alternative<Table>(value)) return "a table";
  return literal(value);
}

// A list as it is, one text as a list of one, no text as none.
std::optional<Value> as_list(const Value& value) {
  if (std::holds_alternative<std::vector<std::string>>(value)) return value;
  const auto* text = std::get_if<std::string>(&value);
  if (!text) return std::nullopt;
  return text->empty() ? std::vector<std::string>{} : std::vector<std::string>{*text};
}

// The value in the key's own type: an integer may stand for a number, nothing else for another.
std::optional<Value> converted(const Key& key, const Value& value) {
  const auto* integer = std::get_if<std::int64_t>(&value);
  if (is_list(key.type)) return as_list(value);
  switch (key.type) {
    case Type::kInteger:
      return integer ? std::optional(value) : std::nullopt;
    case Type::kNumber:
      if (integer) return Value(static_cast<double>(*integer));
      return std::holds_alternative<double>(value) ? std::optional(value) : std::nullopt;
    default:
      return std::holds_alternative<std::string>(value) ? std::optional(value) : std::nullopt;
  }
}

double magnitude(const Value& value) {
  const auto* integer = std::get_if<std::int64_t>(&value);
  return integer ? static_cast<double>(*integer) : std::get<double>(value);
}

bool in_range(const Key& key, const Value& value, const std::string& where, Diagnostics& faults) {
  const double number = magnitude(value);
  if (number >= key.low && number <= key.high) return true;  // false for nan
  faults.add(Code::kOutOfRange,
             fmt::format("{} = {} is outside the allowed range {}", key.path(), literal(value),
                         allowed(key)),
             where, fmt::format("a value from {}", allowed(key)));
  return false;
}

bool is_choice(const Key& key, const std::string& text, const std::string& where,
               Diagnostics& faults) {
  if (std::ranges::find(key.choices, text) != key.choices.end()) return true;
  const std::string near = base::nearest(text, key.choices);
  faults.add(Code::kBadChoice,
             fmt::format("{} = {} is not one of {}", key.path(), literal(text), allowed(key)),
             where, near.empty() ? "one of these" : literal(near));
  return false;
}

bool is_usable_text(const Key& key, const std::string& text, const std::string& where,
                    Diagnostics& faults) {
  if (key.type == Type::kIdentifier && !text.empty() && !is_identifier(text)) {
    faults.add(Code::kBadText,
               fmt::format("{} = {} is not a plain name", key.path(), literal(text)), where,
               "a letter, then letters, digits, '_' or '-', 64 characters at most");
    return false;
  }
  if (key.type == Type::kExtents && !text.empty() && !extents_of(text)) {
    faults.add(Code::kBadText,
               fmt::format("{} = {} is no list of extents", key.path(), literal(text)), where,
               "whole numbers from 1 on, as \"3x224x224\": channels, height, width");
    return false;
  }
  const bool may_be_empty = !is_list(key.type) && !has_value(key.get(Spec{}));
  // A file may be called anything that the system takes; other texts are words.
  const bool is_path = key.type == Type::kPath || key.type == Type::kPaths;
  const bool is_broken =
      is_path ? text.find('\0') != std::string::npos : std::ranges::any_of(text, is_control);
  const char* fault = is_broken                       ? "holds control characters"
                      : !is_utf8(text)                ? "is not UTF-8"
                      : text.empty() && !may_be_empty ? "is empty"
                                                      : nullptr;
  if (fault) faults.add(Code::kBadText, fmt::format("{} {}", key.path(), fault), where);
  return !fault;
}

bool is_usable(const Key& key, const Value& value, const std::string& where, Diagnostics& faults) {
  if (key.type == Type::kInteger || key.type == Type::kNumber)
    return in_range(key, value, where, faults);
  if (const auto* list = std::get_if<std::vector<std::string>>(&value))
    return std::ranges::all_of(
        *list, [&](const std::string& text) { return is_usable_text(key, text, where, faults); });
  const std::string& text = std::get<std::string>(value);
  return key.type == Type::kChoice ? is_choice(key, text, where, faults)
                                   : is_usable_text(key, text, where, faults);
}

std::string resolved(const std::string& text, const fs::path& folder) {
  const fs::path path = fs::absolute(folder / text).lexically_normal();
  return (path.has_filename() ? path : path.parent_path()).string();  // "frames/" is "frames"
}

Value resolved(const Key& key, Value value, const fs::path& folder) {
  if (key.type == Type::kPaths)
    for (std::string& text : std::get<std::vector<std::string>>(value))
      text = resolved(text, folder);
  const auto* text = std::get_if<std::string>(&value);
  const bool is_path = key.type == Type::kPath ||
                       (key.type == Type::kNameOrPath && text->find('/') != std::string::npos);
  return is_path && !text->empty() ? Value(resolved(*text, folder)) : value;
}

// What was written as what the key takes, paths absolute; nothing if there is a fault.
std::optional<Value> accepted(const Key& key, const Given& given, const fs::path& folder,
                              Diagnostics& faults) {
  const std::optional<Value> value = converted(key, given.value);
  if (!value)
    faults.add(Code::kWrongType,
               fmt::format("{} must be {}{}, not {}", key.path(), expected(key.type),
                           key.by_name ? ", or a table by names" : "", found(given.value)),
               given.where);
  if (!value || !is_usable(key, *value, given.where, faults)) return std::nullopt;
  return resolved(key, *value, folder);
}

// The key of one entry of a table.
Key entry_of(Key key, const std::string& name) {
  key.name += "." + shown(name);
  key.by_name = false;
  return key;
}

// The same of each entry.
std::optional<Value> accepted(const Key& key, const Table& table, const Given& given,
                              const fs::path& folder, Diagnostics& faults) {
  Table result;
  for (const auto& [name, one] : table.entries) {
    const Key entry = entry_of(key, name);
    if (!has_value(one))  // a key may be empty where nothing is given, but here it has a name
      faults.add(Code::kBadText, fmt::format("{} is empty", entry.path()), given.where);
    else if (auto value = accepted(entry, {{}, {}, one, given.where}, folder, faults))
      result.entries.emplace_back(name, std::move(*value));
  }
  if (result.entries.size() != table.entries.size()) return std::nullopt;
  return result;
}

// A rule between keys: the keys it reads, when it is broken, what is wrong and the cure.
struct Rule {
  std::vector<std::string> keys;
  bool (*broken)(const Spec&);
  const char* what;
  const char* cure;
};

// Whether exact neurons are asked for something other than all codes, ties rounded up.
bool has_free_codes(const Pe& pe) {
  return pe.top != Top::kFull || pe.rounding != Rounding::kHalfUp;
}

bool is_power_of_two(int number) { return std::has_single_bit(static_cast<unsigned>(number)); }

bool are_powers_of_two(const ByName<int>& numbers) {
  return is_power_of_two(numbers.all) && std::ranges::all_of(numbers.named, [](const auto& entry) {
           return is_power_of_two(entry.second);
         });
}

const std::vector<Rule>& rules() {
  static const std::vector<Rule> kRules = {
      {{"pe.neuron", "pe.train"},
       [](const Spec& s) { return s.pe.neuron == Neuron::kSigned && s.pe.train != Train::kRate; },
       "pe.neuron = \"signed\" works on rate trains only, and pe.train is \"binary\"",
       "train = \"rate\", or neuron = \"exact\""},
      {{"pe.neuron", "pe.train"},
       [](const Spec& s) { return s.pe.neuron == Neuron::kPaired && s.pe.train != Train::kRate; },
       "pe.neuron = \"paired\" works on rate trains only, and pe.train is \"binary\"",
       "train = \"rate\", or neuron = \"exact\""},
      {{"pe.top", "pe.rounding", "pe.neuron"},
       [](const Spec& s) { return s.pe.neuron != Neuron::kExact && has_free_codes(s.pe); },
       "pe.top and pe.rounding describe exact neurons, and pe.neuron is another",
       "neuron = \"exact\", or remove them"},
      {{"pe.top", "pe.rounding", "model.file"},
       [](const Spec& s) { return !s.model.file.empty() && has_free_codes(s.pe); },
       "pe.top and pe.rounding are for a PE by itself, and model.file is given: a network's "
       "tensors "
       "say where their values end and how they round",
       "remove them, or use `fpsa generate pe`"},
      {{"pe.activation_bits", "pe.train"},
       [](const Spec& s) { return s.pe.train == Train::kRate && s.pe.activation_bits > 10; },
       "pe.activation_bits is above 10, the limit for pe.train = \"rate\" (2^n ticks a window)",
       "activation_bits = 10 or less, or train = \"binary\""},
      {{"quantise.output_bits", "pe.train"},
       [](const Spec& s) { return s.pe.train == Train::kRate && s.quantise.output_bits > 10; },
       "quantise.output_bits is above 10, the limit for pe.train = \"rate\" (2^n ticks a window)",
       "output_bits = 10 or less, or train = \"binary\""},
      {{"recurrent.block"},
       [](const Spec& s) { return !are_powers_of_two(s.recurrent.block); },
       "recurrent.block is the size of a transform, which is a power of two",
       "1, 2, 4, 8, 16, 32, 64 or 128"},
      {{"recurrent.elements"},
       [](const Spec& s) { return !is_power_of_two(s.recurrent.elements); },
       "recurrent.elements divide a block, whose size is a power of two",
       "1, 2, 4, 8, 16 or 32"},
      {{"map.duplicate", "map.pes", "map.area"},
       [](const Spec& s) { return (s.map.duplicate > 1) + (s.map.pes > 0) + (s.map.area > 0) > 1; },
       "two of map.duplicate, map.pes and map.area say how many copies there are",
       "one of them"},
      {{"map.area", "pe.crossbar"},
       [](const Spec& s) { return s.map.area > 0 && s.pe.crossbar != Crossbar::kMacro; },
       "map.area is a budget for macro crossbars, and pe.crossbar is another: its area is known "
       "after synthesis",
       "map.pes, or crossbar = \"macro\""},
      {{"macro.variation", "macro.stuck_cells", "pe.crossbar"},
       [](const Spec& s) {
         return s.pe.crossbar != Crossbar::kMacro &&
                (s.macro.variation > 0 || s.macro.stuck_cells > 0);
       },
       "macro.variation and macro.stuck_cells describe a macro crossbar, and pe.crossbar is "
       "another",
       "crossbar = \"macro\", or remove them"},
      {{"synth.flow", "pe.crossbar"},
       [](const Spec& s) {
         return s.synth.flow != SynthFlow::kAsic && s.pe.crossbar == Crossbar::kMacro;
       },
       "synth.flow is an FPGA, which cannot hold the analog crossbars of pe.crossbar = \"macro\"",
       "crossbar = \"serial\" or \"parallel\""},
      {{"synth.memories", "synth.flow"},
       [](const Spec& s) {
         return s.synth.flow != SynthFlow::kAsic && s.synth.memories == Memories::kMacro;
       },
       "synth.memories is for the asic flow, and synth.flow is an FPGA, whose memories are block "
       "RAM",
       "remove it, or flow = \"asic\""},
      {{"synth.liberty", "synth.dont_use", "synth.flow"},
       [](const Spec& s) {
         return s.synth.flow != SynthFlow::kAsic &&
                !(s.synth.liberty.empty() && s.synth.dont_use.empty());
       },
       "synth.liberty and synth.dont_use are for the asic flow, and synth.flow is an FPGA",
       "remove them, or flow = \"asic\""},
      {{"data.labels"},
       [](const Spec& s) { return s.data.inputs.empty() && !s.data.labels.empty(); },
       "data.labels is given without data.inputs",
       "give the inputs that the labels belong to"},
  };
  return kRules;
}

// Where the first of `keys` that was written is.
std::string place_of(const std::vector<std::string>& keys,
                     const std::map<std::string, std::string>& where,
                     const std::string& otherwise) {
  const auto written =
      std::ranges::find_if(keys, [&](const std::string& path) { return where.contains(path); });
  return written == keys.end() ? otherwise : where.at(*written);
}

std::string quoted_list(const std::vector<std::string>& words) {
  std::vector<std::string> quoted;
  for (const std::string& word : words) quoted.push_back(literal(word));
  return fmt::format("{}", fmt::join(quoted, ", "));
}

// The devices and packages that there are are a table, not a rule.
void add_bad_device(const Synth& synth, const std::map<std::string, std::string>& where,
                    const std::string& otherwise, Diagnostics& faults) {
  const std::vector<std::string> packages = ice40_packages(synth.device);
  if (packages.empty()) {
    const std::string near = base::nearest(synth.device, ice40_devices());
    faults.add(Code::kBadChoice,
               fmt::format("synth.device = {} is not one of {}", literal(synth.device),
                           quoted_list(ice40_devices())),
               place_of({"synth.device"}, where, otherwise),
               near.empty() ? "one of these" : literal(near));
  } else if (!synth.package.empty() &&
             std::ranges::find(packages, synth.package) == packages.end()) {
    faults.add(Code::kBadChoice,
               fmt::format("synth.package = {} is none of the {}'s: {}", literal(synth.package),
                           synth.device, quoted_list(packages)),
               place_of({"synth.package", "synth.device"}, where, otherwise),
               fmt::format("package = {}", literal(packages.front())));
  }
}

}  // namespace

std::optional<std::vector<std::int64_t>> extents_of(const std::string& text) {
  constexpr std::size_t kMostDigits = 9;
  std::vector<std::int64_t> extents;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('x', at), text.size());
    const std::string digits = text.substr(at, end - at);
    if (digits.empty() || digits.size() > kMostDigits || digits[0] == '0' ||
        !std::ranges::all_of(digits, is_digit))
      return std::nullopt;
    extents.push_back(std::stoll(digits));
    at = end + 1;
  }
  return extents;
}

bool is_identifier(const std::string& text) {
  return !text.empty() && text.size() <= 64 && is_letter(text[0]) &&
         std::ranges::all_of(
             text, [](char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-'; });
}

const Key* find_key(const std::string& section, const std::string& name) {
  for (const Key& key : keys())
    if (key.section == section && key.name == name) return &key;
  return nullptr;
}

void add_unknown_key(const Given& given, Diagnostics& faults) {
  const std::string path = (given.section.empty() ? "" : given.section + ".") + shown(given.name);
  std::vector<std::string> siblings;
  std::vector<std::string> elsewhere;
  for (const Key& key : keys()) {
    if (key.section == given.section) siblings.push_back(key.name);
    if (key.name == given.name) elsewhere.push_back(key.path());
  }
  if (siblings.empty()) siblings = sections();  // even the section is unknown
  const std::string near = base::nearest(given.name, siblings);
  const std::string cure = !near.empty() ? near
                           : !elsewhere.empty()
                               ? fmt::format("{}", fmt::join(elsewhere, " or "))
                               : fmt::format("one of {}", fmt::join(siblings, ", "));
  faults.add(Code::kUnknownKey, fmt::format("unknown key {}", path), given.where, cure);
}

void add_unknown_section(const std::string& section, const std::string& where,
                         Diagnostics& faults) {
  const std::string near = base::nearest(section, sections());
  faults.add(Code::kUnknownKey, fmt::format("unknown section [{}]", shown(section)), where,
             near.empty() ? fmt::format("one of {}", fmt::join(sections(), ", "))
                          : fmt::format("[{}]", near));
}

void apply(const Given& given, const fs::path& folder, Spec& spec, Diagnostics& faults) {
  const Key* key = find_key(given.section, given.name);
  if (!key) return add_unknown_key(given, faults);
  const auto* table = std::get_if<Table>(&given.value);
  const std::optional<Value> value = table && key->by_name && !table->entries.empty()
                                         ? accepted(*key, *table, given, folder, faults)
                                         : accepted(*key, given, folder, faults);
  if (value) key->set(spec, *value);
}

void add_conflicts(const Spec& spec, const std::map<std::string, std::string>& where,
                   const std::string& otherwise, Diagnostics& faults) {
  for (const Rule& rule : rules()) {
    if (!rule.broken(spec)) continue;
    faults.add(Code::kKeyConflict, rule.what, place_of(rule.keys, where, otherwise), rule.cure);
  }
  add_bad_device(spec.synth, where, otherwise, faults);
}

}  // namespace config
