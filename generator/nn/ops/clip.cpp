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

std::vector<Array> evaluate(const Call& call) {
  Array out = call.input(0);
  // The lower bound goes first: where the bounds cross, the upper one wins, as ONNX has it.
  if (is_float(out.dtype)) {
    constexpr float kMax = std::numeric_limits<float>::max();
    const float low =
        call.has(1) ? call.input(1).floats()[0] : call.node.float_attribute("min", -kMax);
    const float high =
        call.has(2) ? call.input(2).floats()[0] : call.node.float_attribute("max", kMax);
    for (float& value : out.floats()) value = std::min(std::max(value, low), high);
    return {std::move(out)};
  }
  const auto [lowest, highest] = int_range(out.dtype);
  const std::int64_t low = call.has(1) ? call.input(1).ints()[0] : lowest;
  const std::int64_t high = call.has(2) ? call.input(2).ints()[0] : highest;
  for (std::int64_t& value : out.ints()) value = std::min(std::max(value, low), high);
  return {std::move(out)};
}

}  // namespace

OpDef clip_op() {
  return {
      .names = {"Clip"},
      .doc = "X held between two bounds; attributes up to opset 10, inputs after",
      .lowering =
          "the PE's neurons: the upper bound is the greatest output (Clip to [0, c], ReLU6)",
      .max_inputs = 3,
      .attributes =
          {{.name = "min", .type = AttributeType::kFloat, .doc = "lower bound", .until = 10},
           {.name = "max", .type = AttributeType::kFloat, .doc = "upper bound", .until = 10}},
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
