#include <algorithm>

#include "nn/op_support.hpp"

namespace nn {
namespace {

// Axis `axis` of `rank`, held to what there is.
std::int64_t held(std::int64_t axis, std::int64_t rank) {
  return std::clamp<std::int64_t>(axis < 0 ? axis + rank : axis, 0, rank);
}

Shape selected(const Node& node, const Shape& shape) {
  const auto rank = static_cast<std::int64_t>(shape.size());
  const std::int64_t start = held(node.int_attribute("start", 0), rank);
  const std::int64_t end = std::max(start, held(node.int_attribute("end", rank), rank));
  return Shape(shape.begin() + start, shape.begin() + end);
}

void infer(Graph& graph, const Node& node) {
  const Shape extents = selected(node, input(graph, node, 0).shape);
  set_output(graph, node, 0, DType::kInt64, {static_cast<std::int64_t>(extents.size())});
}

std::vector<Array> evaluate(const Call& call) {
  const Shape extents = selected(call.node, call.input(0).shape);
  return {Array::of_ints(DType::kInt64, {static_cast<std::int64_t>(extents.size())}, extents)};
}

}  // namespace

OpDef shape_op() {
  return {
      .names = {"Shape"},
      .doc = "the extents of X, from `start` to before `end`",
      .attributes =
          {{.name = "start", .type = AttributeType::kInt, .doc = "default 0", .since = 15},
           {.name = "end", .type = AttributeType::kInt, .doc = "default: the rank", .since = 15}},
      .reads_shapes_only = true,
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
