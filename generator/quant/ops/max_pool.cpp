#include "quant/walks.hpp"

namespace quant {

namespace {

void require_taps(const nn::Node& node, const Window& window) {
  for (int w = 0; w < window.windows().area(); ++w) {
    bool any = false;
    for (int tap = 0; tap < window.taps(); ++tap) any = any || window.position(w, tap) >= 0;
    if (!any)
      Builder::refuse(node, "has a window that meets nothing but padding", "pad the map by less");
  }
}

void lower(Builder& builder, const nn::Node& node) {
  const nn::ValueId data = node.inputs.at(0);
  if (node.op == "ReduceMax") require_space(builder, node, data, "maximum");
  const Window window = pool_window(builder, node, data);
  require_taps(node, window);
  if (builder.at(data).stage != Stage::kIntegers) builder.real(node, data);
  builder.merge(node, builder.at(data), window);
}

}  // namespace

Lowering max_pool_lowering() {
  return {{"MaxPool", "GlobalMaxPool", "ReduceMax"}, "the greatest of windows", lower};
}

}  // namespace quant
