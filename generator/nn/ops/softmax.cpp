#include <algorithm>
#include <cmath>

#include "nn/op_support.hpp"

namespace nn {
namespace {

// Up to opset 12 all extents from the axis (default 1) on form one row; after that the axis
// (default -1) alone does.
bool flattens(const Graph& graph) { return graph.opset < 13; }

std::size_t axis_of(const Graph& graph, const Node& node, const Shape& shape) {
  const auto rank = static_cast<std::int64_t>(shape.size());
  const std::int64_t axis = node.int_attribute("axis", flattens(graph) ? 1 : -1);
  if (flattens(graph) && axis == rank) return shape.size();
  return front_axis(node, axis, shape.size());
}

void infer(Graph& graph, const Node& node) {
  require_float(graph, node, 0);
  axis_of(graph, node, input(graph, node, 0).shape);
  infer_same(graph, node);
}

AxisView rows_of(const Call& call) {
  const Shape& shape = call.input(0).shape;
  const std::size_t axis = axis_of(call.graph, call.node, shape);
  if (!flattens(call.graph)) return view_along(shape, axis);
  AxisView view;
  for (std::size_t d = 0; d < shape.size(); ++d)
    (d < axis ? view.outer : view.length) *= static_cast<std::size_t>(shape[d]);
  return view;
}

void normalise(std::vector<float>& data, const AxisView& view, std::size_t o, std::size_t i) {
  if (view.length == 0) return;
  float greatest = data[view.at(o, 0, i)];
  for (std::size_t k = 1; k < view.length; ++k)
    greatest = std::max(greatest, data[view.at(o, k, i)]);
  double sum = 0;
  for (std::size_t k = 0; k < view.length; ++k) {
    float& value = data[view.at(o, k, i)];
    value = std::exp(value - greatest);
    sum += value;
  }
  for (std::size_t k = 0; k < view.length; ++k)
    data[view.at(o, k, i)] = static_cast<float>(data[view.at(o, k, i)] / sum);
}

std::vector<Array> evaluate(const Call& call) {
  Array out = call.input(0);
  const AxisView view = rows_of(call);
  for (std::size_t o = 0; o < view.outer; ++o)
    for (std::size_t i = 0; i < view.inner; ++i) normalise(out.floats(), view, o, i);
  return {std::move(out)};
}

}  // namespace

OpDef softmax_op() {
  return {
      .names = {"Softmax"},
      .doc = "exp(X) in parts of its sum along an axis; flattens up to opset 12",
      .lowering = "host, as the last layer",
      .attributes = {{.name = "axis",
                      .type = AttributeType::kInt,
                      .doc = "default -1; 1 up to opset 12"}},
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
