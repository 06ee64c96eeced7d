#include <cmath>

#include "nn/op_support.hpp"

namespace nn {
namespace {

void infer(Graph& graph, const Node& node) {
  const Value& x = input(graph, node, 0);
  require_float(graph, node, 0);
  if (x.shape.size() < 2)
    bad_shape(node, "needs channels on axis 1; the input is " + to_string(x.shape));
  for (std::size_t i = 1; i < 5; ++i) {
    require_float(graph, node, i);
    const Shape& shape = input(graph, node, i).shape;
    const bool fits = shape.size() == 1 &&
                      (shape[0] == x.shape[1] || shape[0] == kUnknown || x.shape[1] == kUnknown);
    if (!fits)
      bad_shape(node, "input " + std::to_string(i) + " is " + to_string(shape) +
                          "; one value is needed for each channel of " + to_string(x.shape));
  }
  infer_same(graph, node);
}

std::vector<Array> evaluate(const Call& call) {
  Array out = call.input(0);
  const AxisView view = view_along(out.shape, 1);
  const float epsilon = call.node.float_attribute("epsilon", 1e-5F);
  for (std::size_t c = 0; c < view.length; ++c) {
    const float gain = call.input(1).floats()[c] / std::sqrt(call.input(4).floats()[c] + epsilon);
    const float mean = call.input(3).floats()[c];
    const float shift = call.input(2).floats()[c];
    for (std::size_t o = 0; o < view.outer; ++o)
      for (std::size_t i = 0; i < view.inner; ++i) {
        float& value = out.floats()[view.at(o, c, i)];
        value = (value - mean) * gain + shift;
      }
  }
  return {std::move(out)};
}

}  // namespace

OpDef batch_normalization_op() {
  return {
      .names = {"BatchNormalization"},
      .doc = "scale * (X - mean) / sqrt(variance + epsilon) + shift, a channel, in inference",
      .lowering = "folded into the weights of the product before or after it",
      .min_inputs = 5,
      .max_inputs = 5,
      .attributes = {{.name = "epsilon", .type = AttributeType::kFloat, .doc = "default 1e-5"},
                     {.name = "momentum",
                      .type = AttributeType::kFloat,
                      .doc = "of no effect in inference"},
                     {.name = "training_mode",
                      .type = AttributeType::kInt,
                      .doc = "inference only",
                      .allowed = {"0"},
                      .since = 14}},
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
