#include <algorithm>
#include <limits>

#include "nn/op_support.hpp"

namespace nn {
namespace {

void infer(Graph& graph, const Node& node) {
  require_number(graph, node, 0);
  for (std::size_t i = 1; i < 3; ++i) {
    if (!has_input(node, i)) continue;
    require_same_type(graph, node, 0, i);
    if (!input(graph, node, i).shape.empty())
      bad_shape(node, "a bound of Clip must be a scalar, not of shape " +
                          to_string(input(graph, node, i).shape));
  }
  infer_same(graph, node);
}

// Bound `i`: an input, an attribute up to opset 10, or none.
template <class T>
T bound(const Call& call, std::size_t i, const char* attribute, T none) {
  if (call.has(i)) return call.input(i).elements<T>()[0];
  if (!call.node.attributes.contains(attribute)) return none;
  return static_cast<T>(call.node.float_attribute(attribute, 0));
}

std::vector<Array> evaluate(const Call& call) {
  Array out = call.input(0);
  out.visit([&](auto& data) {
    using T = ElementOf<decltype(data)>;
    const T low = bound<T>(call, 1, "min", std::numeric_limits<T>::lowest());
    const T high = bound<T>(call, 2, "max", std::numeric_limits<T>::max());
    // The lower bound goes first: where the bounds cross, the upper one wins, as ONNX has it.
    for (T& value : data) value = std::min(std::max(value, low), high);
  });
  return {std::move(out)};
}

}  // namespace

OpDef clip_op() {
  return {
      .names = {"Clip"},
      .doc = "X held between two bounds; attributes up to opset 10, inputs after",
      .max_inputs = 3,
      .attributes =
          {{.name = "min", .type = AttributeType::kFloat, .doc = "lower bound", .until = 10},
           {.name = "max", .type = AttributeType::kFloat, .doc = "upper bound", .until = 10}},
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
