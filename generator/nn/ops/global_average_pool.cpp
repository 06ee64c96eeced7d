#include <algorithm>
#include <numeric>

#include "nn/window.hpp"

namespace nn {
namespace {

std::vector<Array> evaluate(const Call& call) {
  Array out = call.blank();
  out.visit([&](auto& data) {
    using T = ElementOf<decltype(data)>;
    const auto& from = call.input(0).elements<T>();
    const std::size_t positions = from.size() / std::max<std::size_t>(1, data.size());
    for (std::size_t i = 0; i < data.size(); ++i) {
      const auto map = from.begin() + static_cast<std::ptrdiff_t>(i * positions);
      data[i] = std::accumulate(map, map + static_cast<std::ptrdiff_t>(positions), T{}) /
                static_cast<T>(positions);
    }
  });
  return {std::move(out)};
}

}  // namespace

OpDef global_average_pool_op() {
  return {
      .names = {"GlobalAveragePool"},
      .doc = "the mean of the elements of each channel",
      .infer =
          [](Graph& graph, const Node& node) {
            require_float(graph, node, 0);
            infer_global_pool(graph, node);
          },
      .evaluate = evaluate,
  };
}

}  // namespace nn
