#include "nn/op_support.hpp"

namespace nn {
namespace {

// The product of extents, unknown if one of them is.
std::int64_t merged(Shape::const_iterator begin, Shape::const_iterator end) {
  std::int64_t count = 1;
  for (auto extent = begin; extent != end; ++extent) {
    if (*extent == kUnknown) return kUnknown;
    count *= *extent;
  }
  return count;
}

void infer(Graph& graph, const Node& node) {
  const Value& x = input(graph, node, 0);
  const std::int64_t axis = node.int_attribute("axis", 1);
  const auto rank = static_cast<std::int64_t>(x.shape.size());
  // Flatten may also split behind the last extent.
  const auto split = axis == rank ? x.shape.size() : front_axis(node, axis, x.shape.size());
  const auto middle = x.shape.begin() + static_cast<std::ptrdiff_t>(split);
  set_output(graph, node, 0, x.dtype,
             {merged(x.shape.begin(), middle), merged(middle, x.shape.end())});
}

}  // namespace

OpDef flatten_op() {
  return {
      .names = {"Flatten"},
      .doc = "X as a matrix: extents before `axis` by extents from `axis` on",
      .attributes = {{.name = "axis",
                      .type = AttributeType::kInt,
                      .doc = "where to split, default 1"}},
      .infer = infer,
      .evaluate =
          [](const Call& call) {
            return std::vector<Array>{reshaped(call.input(0), call.blank().shape)};
          },
  };
}

}  // namespace nn
