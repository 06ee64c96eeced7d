#include "nn/op_support.hpp"

namespace nn {
namespace {

void infer(Graph& graph, const Node& node) {
  const Value& x = input(graph, node, 0);
  const std::vector<std::int64_t> repeats = constant_ints(graph, node, 1, "the list of repeats");
  if (repeats.size() != x.shape.size())
    bad_shape(node, std::to_string(repeats.size()) + " repeats for " + to_string(x.shape));
  Shape out = x.shape;
  for (std::size_t d = 0; d < out.size(); ++d) {
    if (repeats[d] < 0) bad_shape(node, "a repeat is negative");
    check_extents({out[d], repeats[d]}, describe(node));
    if (out[d] != kUnknown)
      out[d] *= repeats[d];
    else if (repeats[d] != 1)
      out[d] = kUnknown;
  }
  set_output(graph, node, 0, x.dtype, out);
}

std::vector<Array> evaluate(const Call& call) {
  const Array& x = call.input(0);
  Array out = call.blank();
  out.visit([&](auto& data) {
    const auto& from = x.elements<ElementOf<decltype(data)>>();
    for (std::size_t i = 0; i < data.size(); ++i) {
      std::size_t rest = i;
      std::size_t source = 0;
      std::size_t stride = 1;
      for (std::size_t d = x.shape.size(); d-- > 0;) {
        const auto extent = static_cast<std::size_t>(x.shape[d]);
        source += rest % static_cast<std::size_t>(out.shape[d]) % extent * stride;
        rest /= static_cast<std::size_t>(out.shape[d]);
        stride *= extent;
      }
      data[i] = from[source];
    }
  });
  return {std::move(out)};
}

}  // namespace

OpDef tile_op() {
  return {
      .names = {"Tile"},
      .doc = "X repeated along its axes",
      .min_inputs = 2,
      .max_inputs = 2,
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
