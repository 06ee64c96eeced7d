#include "nn/softmax_rows.hpp"

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

}  // namespace

void infer_softmax(Graph& graph, const Node& node) {
  require_float(graph, node, 0);
  axis_of(graph, node, input(graph, node, 0).shape);
  infer_same(graph, node);
}

std::vector<AttributeDef> softmax_attributes() {
  return {{.name = "axis", .type = AttributeType::kInt, .doc = "default -1; 1 up to opset 12"}};
}

AxisView softmax_rows(const Call& call) {
  const Shape& shape = call.input(0).shape;
  const std::size_t axis = axis_of(call.graph, call.node, shape);
  if (!flattens(call.graph)) return view_along(shape, axis);
  AxisView view;
  for (std::size_t d = 0; d < shape.size(); ++d)
    (d < axis ? view.outer : view.length) *= static_cast<std::size_t>(shape[d]);
  return view;
}

}  // namespace nn
