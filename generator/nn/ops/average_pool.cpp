#include "nn/mean_pool.hpp"

namespace nn {
namespace {

std::vector<Array> evaluate(const Call& call) {
  Array out = call.blank();
  mean_pool(call, call.input(0), out);
  return {std::move(out)};
}

}  // namespace

OpDef average_pool_op() {
  return {
      .names = {"AveragePool"},
      .doc = "the mean of each window",
      .attributes = mean_pool_attributes(),
      .infer =
          [](Graph& graph, const Node& node) {
            require_float(graph, node, 0);
            infer_pool(graph, node);
          },
      .evaluate = evaluate,
  };
}

}  // namespace nn
