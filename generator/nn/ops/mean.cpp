#include "nn/variadic.hpp"

namespace nn {
namespace {

std::vector<Array> evaluate(const Call& call) {
  std::vector<Array> sum =
      gathered_up(call, [](auto a, auto b) { return modular(a) + modular(b); });
  sum[0].visit([&](auto& data) {
    for (auto& value : data) value /= static_cast<ElementOf<decltype(data)>>(call.inputs.size());
  });
  return sum;
}

}  // namespace

OpDef mean_op() {
  return {
      .names = {"Mean"},
      .doc = "the mean of all inputs, with broadcasting",
      .max_inputs = kAnyNumber,
      .infer =
          [](Graph& graph, const Node& node) {
            require_float(graph, node, 0);
            infer_variadic(graph, node);
          },
      .evaluate = evaluate,
  };
}

}  // namespace nn
