#include "nn/op_support.hpp"

namespace nn {
namespace {

void infer(Graph& graph, const Node& node) {
  require_number(graph, node, 0);
  Shape out = input(graph, node, 0).shape;
  const std::size_t axis = front_axis(node, node.int_attribute("axis", 0), out.size());
  if (out[axis] == 0) bad_shape(node, "the axis has no elements: " + to_string(out));
  out[axis] = 1;
  if (node.int_attribute("keepdims", 1) == 0)
    out.erase(out.begin() + static_cast<std::ptrdiff_t>(axis));
  set_output(graph, node, 0, DType::kInt64, out);
}

template <class T>
std::size_t argmax(const std::vector<T>& data, const AxisView& view, std::size_t o, std::size_t i,
                   bool last) {
  std::size_t best = 0;
  for (std::size_t k = 1; k < view.length; ++k) {
    const T value = data[view.at(o, k, i)];
    const T greatest = data[view.at(o, best, i)];
    if (value > greatest || (last && value == greatest)) best = k;
  }
  return best;
}

std::vector<Array> evaluate(const Call& call) {
  const Array& x = call.input(0);
  Array out = call.blank();
  const bool last = call.node.int_attribute("select_last_index", 0) != 0;
  const AxisView view = view_along(
      x.shape, front_axis(call.node, call.node.int_attribute("axis", 0), x.shape.size()));
  for (std::size_t o = 0; o < view.outer; ++o)
    for (std::size_t i = 0; i < view.inner; ++i)
      out.ints()[o * view.inner + i] = static_cast<std::int64_t>(
          x.visit([&](const auto& data) { return argmax(data, view, o, i, last); }));
  return {std::move(out)};
}

}  // namespace

OpDef arg_max_op() {
  return {
      .names = {"ArgMax"},
      .doc = "index of the greatest element along an axis",
      .attributes = {{.name = "axis", .type = AttributeType::kInt, .doc = "default 0"},
                     {.name = "keepdims",
                      .type = AttributeType::kInt,
                      .doc = "keep the axis as an extent of 1",
                      .allowed = {"0", "1"}},
                     {.name = "select_last_index",
                      .type = AttributeType::kInt,
                      .doc = "of equal elements take the last",
                      .allowed = {"0", "1"},
                      .since = 12}},
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
