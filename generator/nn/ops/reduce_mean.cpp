#include "nn/reduce.hpp"

namespace nn {
namespace {

std::vector<Array> evaluate(const Call& call) {
  std::vector<Array> sum = reduce(
      call, [](auto zero) { return zero; }, [](auto so_far, auto x) { return so_far + x; });
  const std::size_t results = sum[0].size();
  if (results == 0) return sum;
  sum[0].visit([&](auto& data) {
    for (auto& value : data)
      value /= static_cast<ElementOf<decltype(data)>>(call.input(0).size() / results);
  });
  return sum;
}

}  // namespace

OpDef reduce_mean_op() {
  return {
      .names = {"ReduceMean"},
      .doc = "the mean of the elements along axes",
      .max_inputs = 2,
      .attributes = reduction_attributes(18),
      .infer =
          [](Graph& graph, const Node& node) {
            require_float(graph, node, 0);
            infer_reduction(graph, node);
          },
      .evaluate = evaluate,
  };
}

}  // namespace nn
