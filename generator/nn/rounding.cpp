#include "nn/rounding.hpp"

#include <cmath>
#include <map>

#include "base/error.hpp"
#include "nn/op_support.hpp"

namespace nn {

// QONNX's rounding modes. Their definitions: UP and DOWN go away from and towards zero, HALF_UP and
// HALF_DOWN to the nearest with ties away from and towards zero.
Rounding rounding_of(const Node& node, const std::string& fallback) {
  static const std::map<std::string, Rounding> modes = {
      {"ROUND", [](double x) { return std::rint(x); }},
      {"CEIL", [](double x) { return std::ceil(x); }},
      {"FLOOR", [](double x) { return std::floor(x); }},
      {"UP", [](double x) { return std::copysign(std::ceil(std::abs(x)), x); }},
      {"DOWN", [](double x) { return std::trunc(x); }},
      {"HALF_UP", [](double x) { return std::round(x); }},
      {"HALF_DOWN", [](double x) { return std::copysign(std::ceil(std::abs(x) - 0.5), x); }},
  };
  std::string name = node.string_attribute("rounding_mode", fallback);
  for (char& c : name)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return modes.at(name);  // the registry has checked the name
}

AttributeDef rounding_attribute(const std::string& doc) {
  return {.name = "rounding_mode",
          .type = AttributeType::kString,
          .doc = doc,
          .allowed = {"ROUND", "CEIL", "FLOOR", "UP", "DOWN", "HALF_UP", "HALF_DOWN"},
          .any_case = true};
}

int bits_of(const Node& node, const Array& bitwidth) {
  const double bits = bitwidth.at(0);
  if (!(bits >= 1 && bits <= 32) || bits != std::floor(bits))
    base::fail(
        base::Code::kBadWeights,
        "the bit width is " + std::to_string(bits) + "; it must be a whole number from 1 to 32",
        describe(node));
  return static_cast<int>(bits);
}

void require_bits(const Graph& graph, const Node& node, std::size_t i) {
  const Value& bitwidth = input(graph, node, i);
  if (!bitwidth.constant || known_count(bitwidth.shape) != 1)
    bad_shape(node, "the bit width must be one constant number");
  bits_of(node, *bitwidth.constant);
}

}  // namespace nn
