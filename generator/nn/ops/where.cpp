#include "nn/op_support.hpp"

namespace nn {
namespace {

void infer(Graph& graph, const Node& node) {
  require_type(graph, node, 0, {DType::kBool});
  require_same_type(graph, node, 1, 2);
  const Shape values = broadcast(node, input(graph, node, 1).shape, input(graph, node, 2).shape);
  set_output(graph, node, 0, input(graph, node, 1).dtype,
             broadcast(node, input(graph, node, 0).shape, values));
}

std::vector<Array> evaluate(const Call& call) {
  Array out = call.blank();
  const std::vector<std::int64_t> choice = broadcast_to(call.input(0), out.shape).ints();
  const Array& x = call.input(1);
  const Array& y = call.input(2);
  out.visit([&](auto& data) {
    using T = ElementOf<decltype(data)>;
    const auto& from_x = x.elements<T>();
    const auto& from_y = y.elements<T>();
    for_each_broadcast(out.shape, x.shape, y.shape,
                       [&](std::size_t i, std::size_t ix, std::size_t iy) {
                         data[i] = choice[i] != 0 ? from_x[ix] : from_y[iy];
                       });
  });
  return {std::move(out)};
}

}  // namespace

OpDef where_op() {
  return {
      .names = {"Where"},
      .since = 9,
      .doc = "X where the condition is true, Y elsewhere, with broadcasting",
      .min_inputs = 3,
      .max_inputs = 3,
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
