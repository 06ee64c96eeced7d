#include "flow/liberty_units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>

#include "base/error.hpp"

namespace flow {
namespace {

enum class Quantity { kTime, kCapacitance, kVoltage, kLeakage, kEnergy };

// What a library's figures are multiplied with, each as a power of ten or as any factor.
using Factors = std::map<Quantity, double>;

const std::map<std::string, Quantity>& quantities() {
  static const std::map<std::string, Quantity> kQuantities = {
      {"max_transition", Quantity::kTime},
      {"min_transition", Quantity::kTime},
      {"default_max_transition", Quantity::kTime},
      {"min_pulse_width_high", Quantity::kTime},
      {"min_pulse_width_low", Quantity::kTime},
      {"minimum_period", Quantity::kTime},
      {"capacitance", Quantity::kCapacitance},
      {"rise_capacitance", Quantity::kCapacitance},
      {"fall_capacitance", Quantity::kCapacitance},
      {"rise_capacitance_range", Quantity::kCapacitance},
      {"fall_capacitance_range", Quantity::kCapacitance},
      {"max_capacitance", Quantity::kCapacitance},
      {"min_capacitance", Quantity::kCapacitance},
      {"default_max_capacitance", Quantity::kCapacitance},
      {"default_input_pin_cap", Quantity::kCapacitance},
      {"default_output_pin_cap", Quantity::kCapacitance},
      {"default_inout_pin_cap", Quantity::kCapacitance},
      {"cell_leakage_power", Quantity::kLeakage},
      {"default_cell_leakage_power", Quantity::kLeakage},
      {"default_leakage_power_density", Quantity::kLeakage},
      {"nom_voltage", Quantity::kVoltage},
      {"voltage", Quantity::kVoltage},
      {"voltage_map", Quantity::kVoltage},
  };
  return kQuantities;
}

// `text` as a number, or nothing
std::optional<double> number_in(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (!std::isfinite(value)) return std::nullopt;
  return value;
}

// The exponent of a power of ten, or nothing
std::optional<int> exponent_of(double factor) {
  const double exponent = std::round(std::log10(factor));
  if (std::abs(factor / std::pow(10.0, exponent) - 1) > 1e-9) return std::nullopt;
  return static_cast<int>(exponent);
}

// A number times `factor`; any other text stays. A power of ten goes to the exponent, so that the
// digits stay as they are.
std::string scaled(const std::string& text, double factor) {
  const std::optional<double> value = number_in(text);
  if (!value || *value == 0 || factor == 1.0) return text;
  const std::optional<int> exponent = exponent_of(factor);
  if (!exponent) return fmt::format("{}", *value * factor);
  const std::size_t e = text.find_first_of("eE");
  const int before = e == std::string::npos ? 0
                                            : static_cast<int>(std::lround(*number_in(
                                                  text.substr(e + (text[e + 1] == '+' ? 2 : 1)))));
  return fmt::format("{}e{}", text.substr(0, e), before + *exponent);
}

// Every number of "1, 2, 3"
std::string scaled_list(const std::string& list, double factor) {
  std::string result;
  std::string word;
  for (const char c : list + ' ') {
    const bool between = c == ',' || c == ' ' || c == '\t';
    if (!between) {
      word += c;
      continue;
    }
    result += scaled(word, factor) + c;
    word.clear();
  }
  result.pop_back();
  return result;
}

void scale(LibertyAttribute& attribute, double factor) {
  if (factor == 1.0) return;
  for (std::string& value : attribute.values) value = scaled_list(value, factor);
}

// --- What the units are --------------------------------------------------------------------------

// "10ps" in seconds, volts, watts or farads
double unit_of(const std::string& text, const std::string& source) {
  static const std::map<char, double> kPrefixes = {{'f', 1e-15}, {'p', 1e-12}, {'n', 1e-9},
                                                   {'u', 1e-6},  {'m', 1e-3},  {'k', 1e3}};
  double count = 1;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  std::string unit(stop, end);
  std::erase(unit, ' ');
  const char symbol = unit.empty() ? '\0' : static_cast<char>(std::tolower(unit.back()));
  const bool known = error == std::errc() && count >= 1e-9 && count <= 1e9 && unit.size() <= 2 &&
                     std::string_view("svwf").find(symbol) != std::string_view::npos;
  const auto prefix =
      unit.size() == 2 ? kPrefixes.find(static_cast<char>(std::tolower(unit[0]))) : kPrefixes.end();
  if (!known || (unit.size() == 2 && prefix == kPrefixes.end()))
    base::fail(base::Code::kBadLibrary, fmt::format("the unit \"{}\" is not known", text), source,
               "units as 1ns, 10ps, 1V, 100mV, 1nW, and (1, pf) of capacitance");
  return count * (prefix == kPrefixes.end() ? 1.0 : prefix->second);
}

double unit_or(const LibertyGroup& library, const char* attribute, const char* otherwise,
               const std::string& source) {
  const std::string text = library.text(attribute);
  return unit_of(text.empty() ? otherwise : text, source);
}

double capacitance_unit(const LibertyGroup& library, const std::string& source) {
  const LibertyAttribute* unit = library.find("capacitive_load_unit");
  if (!unit) return 1e-12;
  std::string text;
  for (const std::string& part : unit->values) text += part;
  return unit_of(text, source);
}

// Of powers of ten exactly one, so that a library in the common units stays as it is
double factor(double unit, double common) {
  const double ratio = unit / common;
  const std::optional<int> exponent = exponent_of(ratio);
  return exponent ? std::pow(10.0, *exponent) : ratio;
}

// The energy of a transition is counted in capacitance times voltage squared.
Factors factors_of(const LibertyGroup& library, const std::string& source) {
  Factors factors;
  factors[Quantity::kTime] = factor(unit_or(library, "time_unit", "1ns", source), 1e-9);
  factors[Quantity::kVoltage] = factor(unit_or(library, "voltage_unit", "1V", source), 1.0);
  factors[Quantity::kLeakage] = factor(unit_or(library, "leakage_power_unit", "1nW", source), 1e-9);
  factors[Quantity::kCapacitance] = factor(capacitance_unit(library, source), 1e-12);
  factors[Quantity::kEnergy] = factor(
      factors[Quantity::kCapacitance] * factors[Quantity::kVoltage] * factors[Quantity::kVoltage],
      1.0);
  return factors;
}

// --- Where they count ----------------------------------------------------------------------------

std::optional<Quantity> quantity_of_axis(const std::string& variable) {
  if (variable.find("capacitance") != std::string::npos) return Quantity::kCapacitance;
  if (variable.find("transition") != std::string::npos ||
      variable.find("time") != std::string::npos)
    return Quantity::kTime;
  return std::nullopt;
}

bool is_template(const std::string& kind) {
  return kind == "lu_table_template" || kind == "power_lut_template";
}

class Rescaler {
 public:
  Rescaler(const LibertyGroup& library, Factors factors) : factors_(std::move(factors)) {
    for (const LibertyGroup& group : library.groups)
      if (is_template(group.kind)) templates_[group.name()] = &group;
  }

  // `inside` is the kind of the group around it.
  void rescale(LibertyGroup& group, const std::string& inside) const {
    for (LibertyAttribute& attribute : group.attributes) {
      const auto known = quantities().find(attribute.name);
      if (known != quantities().end()) scale(attribute, factors_.at(known->second));
      if (group.kind == "leakage_power" && attribute.name == "value")
        scale(attribute, factors_.at(Quantity::kLeakage));
    }
    if (inside == "timing") rescale_table(group, Quantity::kTime);
    if (inside == "internal_power") rescale_table(group, Quantity::kEnergy);
    for (LibertyGroup& child : group.groups) rescale(child, group.kind);
  }

  void rescale_axes(LibertyGroup& table, const LibertyGroup& shape) const {
    for (const char axis : {'1', '2', '3'})
      for (LibertyAttribute& attribute : table.attributes) {
        if (attribute.name != std::string("index_") + axis) continue;
        const auto quantity = quantity_of_axis(shape.text(std::string("variable_") + axis));
        if (quantity) scale(attribute, factors_.at(*quantity));
      }
  }

 private:
  void rescale_table(LibertyGroup& table, Quantity quantity) const {
    for (LibertyAttribute& attribute : table.attributes)
      if (attribute.name == "values") scale(attribute, factors_.at(quantity));
    const auto shape = templates_.find(table.name());
    if (shape != templates_.end()) rescale_axes(table, *shape->second);
  }

  Factors factors_;
  std::map<std::string, const LibertyGroup*> templates_;
};

void name_units(LibertyGroup& library) {
  library.set("time_unit", "1ns");
  library.set("voltage_unit", "1V");
  library.set("leakage_power_unit", "1nW");
  for (const char* quoted : {"time_unit", "voltage_unit", "leakage_power_unit"})
    std::ranges::find(library.attributes, quoted, &LibertyAttribute::name)->quoted = true;
  std::erase_if(library.attributes, [](const LibertyAttribute& attribute) {
    return attribute.name == "capacitive_load_unit";
  });
  library.attributes.push_back({"capacitive_load_unit", {"1", "pf"}, false, false});
}

}  // namespace

void use_common_units(LibertyGroup& library, const std::string& source) {
  const Rescaler rescaler(library, factors_of(library, source));
  for (LibertyGroup& group : library.groups) {
    rescaler.rescale(group, library.kind);
    if (is_template(group.kind)) rescaler.rescale_axes(group, LibertyGroup(group));
  }
  LibertyGroup own{library.kind, library.arguments, std::move(library.attributes), {}};
  rescaler.rescale(own, "");
  library.attributes = std::move(own.attributes);
  name_units(library);
}

}  // namespace flow
