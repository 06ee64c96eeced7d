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

template <class T>
void normalise(const Call& call, const AxisView& view, std::vector<T>& data) {
  const auto parameter = [&](std::size_t i, std::size_t c) {
    return static_cast<T>(call.input(i).at(c));
  };
  const T epsilon = call.node.float_attribute("epsilon", 1e-5F);
  for (std::size_t c = 0; c < view.length; ++c) {
    const T gain = parameter(1, c) / std::sqrt(parameter(4, c) + epsilon);
    const T mean = parameter(3, c);
    const T shift = parameter(2, c);
    for (std::size_t o = 0; o < view.outer; ++o)
      for (std::size_t i = 0; i < view.inner; ++i) {
        T& value = data[view.at(o, c, i)];
        value = (value - mean) * gain + shift;
      }
  }
}

std::vector<Array> evaluate(const Call& call) {
  Array out = call.input(0);
  const AxisView view = view_along(out.shape, 1);
  if (out.dtype == DType::kFloat)
    normalise(call, view, out.elements<float>());
  else
    normalise(call, view, out.elements<double>());
  return {std::move(out)};
}

}  // namespace

OpDef batch_normalization_op() {
  return {
      .names = {"BatchNormalization"},
      .doc = "scale * (X - mean) / sqrt(variance + epsilon) + shift, a channel, in inference",
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
                      .since = 14},
                     {.name = "spatial",
                      .type = AttributeType::kInt,
                      .doc = "statistics a channel only",
                      .allowed = {"1"},
                      .until = 8}},
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
