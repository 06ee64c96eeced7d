#include <algorithm>

#include "nn/window.hpp"

namespace nn {
namespace {

std::vector<Array> evaluate(const Call& call) {
  Array out = call.blank();
  out.visit([&](auto& data) {
    const auto& from = call.input(0).elements<ElementOf<decltype(data)>>();
    const auto positions =
        static_cast<std::ptrdiff_t>(from.size() / std::max<std::size_t>(1, data.size()));
    for (std::size_t i = 0; i < data.size(); ++i) {
      const auto map = from.begin() + static_cast<std::ptrdiff_t>(i) * positions;
      data[i] = *std::max_element(map, map + positions);
    }
  });
  return {std::move(out)};
}

}  // namespace

OpDef global_max_pool_op() {
  return {
      .names = {"GlobalMaxPool"},
      .doc = "the greatest element of each channel",
      .infer =
          [](Graph& graph, const Node& node) {
            require_float(graph, node, 0);
            infer_global_pool(graph, node);
          },
      .evaluate = evaluate,
  };
}

}  // namespace nn
