#include "nn/op_support.hpp"

namespace nn {
namespace {

std::size_t axis_of(const Node& node, const Shape& shape) {
  return front_axis(node, node.int_attribute("axis", 0), shape.size());
}

void infer(Graph& graph, const Node& node) {
  require_type(graph, node, 1, {DType::kInt32, DType::kInt64});
  const Value& x = input(graph, node, 0);
  const Shape& indices = input(graph, node, 1).shape;
  const std::size_t axis = axis_of(node, x.shape);
  Shape out = x.shape;
  out.erase(out.begin() + static_cast<std::ptrdiff_t>(axis));
  out.insert(out.begin() + static_cast<std::ptrdiff_t>(axis), indices.begin(), indices.end());
  set_output(graph, node, 0, x.dtype, out);
}

std::vector<std::size_t> checked_indices(const Call& call, std::size_t extent) {
  const auto length = static_cast<std::int64_t>(extent);
  std::vector<std::size_t> indices;
  for (const std::int64_t index : call.input(1).ints()) {
    if (index < -length || index >= length)
      bad_shape(call.node, "index " + std::to_string(index) + " is outside an axis of " +
                               std::to_string(length));
    indices.push_back(static_cast<std::size_t>(index < 0 ? index + length : index));
  }
  return indices;
}

std::vector<Array> evaluate(const Call& call) {
  const Array& x = call.input(0);
  const AxisView view = view_along(x.shape, axis_of(call.node, x.shape));
  const std::vector<std::size_t> indices = checked_indices(call, view.length);
  Array out = call.blank();
  out.visit([&](auto& data) {
    auto to = data.begin();
    const auto& from = x.elements<ElementOf<decltype(data)>>();
    for (std::size_t o = 0; o < view.outer; ++o)
      for (const std::size_t k : indices) {
        const auto first = from.begin() + static_cast<std::ptrdiff_t>(view.at(o, k, 0));
        to = std::copy(first, first + static_cast<std::ptrdiff_t>(view.inner), to);
      }
  });
  return {std::move(out)};
}

}  // namespace

OpDef gather_op() {
  return {
      .names = {"Gather"},
      .doc = "the entries of X that the indices name along an axis",
      .min_inputs = 2,
      .max_inputs = 2,
      .attributes = {{.name = "axis", .type = AttributeType::kInt, .doc = "default 0"}},
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
