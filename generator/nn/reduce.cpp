#include "nn/reduce.hpp"

namespace nn {

namespace {

std::vector<std::int64_t> given_axes(const Graph& graph, const Node& node) {
  return has_input(node, 1) ? constant_ints(graph, node, 1, "the list of axes")
                            : node.ints_attribute("axes", {});
}

}  // namespace

std::vector<bool> reduced_axes(const Graph& graph, const Node& node, const Shape& shape) {
  const std::vector<std::int64_t> axes = given_axes(graph, node);
  if (axes.empty())
    return std::vector<bool>(shape.size(), node.int_attribute("noop_with_empty_axes", 0) == 0);
  std::vector<bool> reduced(shape.size(), false);
  for (const std::int64_t axis : axes) reduced[front_axis(node, axis, shape.size())] = true;
  return reduced;
}

void infer_reduction(Graph& graph, const Node& node) {
  require_number(graph, node, 0);
  const Value& x = input(graph, node, 0);
  const std::vector<bool> reduced = reduced_axes(graph, node, x.shape);
  const bool keep = node.int_attribute("keepdims", 1) != 0;
  Shape out;
  for (std::size_t d = 0; d < x.shape.size(); ++d) {
    if (!reduced[d])
      out.push_back(x.shape[d]);
    else if (keep)
      out.push_back(1);
  }
  set_output(graph, node, 0, x.dtype, out);
}

std::vector<AttributeDef> reduction_attributes(std::int64_t axes_input_since) {
  return {{.name = "axes",
           .type = AttributeType::kInts,
           .doc = "which ones, default all; an input later",
           .until = axes_input_since - 1},
          {.name = "keepdims",
           .type = AttributeType::kInt,
           .doc = "keep the axes as extents of 1",
           .allowed = {"0", "1"}},
          {.name = "noop_with_empty_axes",
           .type = AttributeType::kInt,
           .doc = "1: without axes nothing is reduced",
           .allowed = {"0", "1"},
           .since = axes_input_since}};
}

}  // namespace nn
