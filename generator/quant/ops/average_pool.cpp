#include <algorithm>
#include <vector>

#include "quant/walks.hpp"

namespace quant {

namespace {

// Taps of a window that count: those on the map, and on the padding that the node names.
int counted(const Window& window, int w, const Window& padded) {
  int count = 0;
  for (int tap = 0; tap < window.taps(); ++tap) {
    const int across = window.windows().x;
    const int y = w / across * window.stride.y + tap / window.kernel.x * window.dilation.y;
    const int x = w % across * window.stride.x + tap % window.kernel.x * window.dilation.x;
    const bool named = y < window.pad_begin.y + window.map.y + padded.pad_end.y &&
                       x < window.pad_begin.x + window.map.x + padded.pad_end.x;
    count += padded.is_point() ? window.position(w, tap) >= 0 : named;
  }
  return count;
}

// What each window's sum is divided by.
std::vector<int> parts_of(const nn::Node& node, const Window& window) {
  Window padded;  // a point: padding does not count
  if (node.int_attribute("count_include_pad", 0) != 0) {
    padded = window;
    const auto pads = node.ints_attribute("pads", {0, 0, 0, 0});
    const std::size_t axes = pads.size() / 2;
    if (node.string_attribute("auto_pad", "NOTSET") == "NOTSET")
      padded.pad_end = {axes == 2 ? static_cast<int>(pads[2]) : 0, static_cast<int>(pads.back())};
  }
  std::vector<int> parts;
  for (int w = 0; w < window.windows().area(); ++w) parts.push_back(counted(window, w, padded));
  return parts;
}

void pool(Builder& builder, const nn::Node& node, const Window& window, int parts) {
  const nn::ValueId data = node.inputs.at(0);
  const Carried& in = builder.real(node, data);
  const int channels = in.count() / window.map.area();
  builder.convolve(node, in, mean_operand(channels, window.taps(), parts), window, channels);
}

void lower(Builder& builder, const nn::Node& node) {
  if (node.op == "ReduceMean") require_space(builder, node, node.inputs.at(0), "mean");
  const Window window = pool_window(builder, node, node.inputs.at(0));
  if (node.op != "AveragePool") return pool(builder, node, window, window.taps());
  const std::vector<int> parts = parts_of(node, window);
  if (std::ranges::all_of(parts, [&](int part) { return part == parts.front(); }))
    return pool(builder, node, window, parts.front());
  builder.uneven_means(node, builder.real(node, node.inputs.at(0)), window, parts);
}

}  // namespace

Lowering average_pool_lowering() {
  return {{"AveragePool", "GlobalAveragePool", "ReduceMean"},
          "a layer of weights 1 a channel; two where windows at the edge have fewer elements",
          lower};
}

}  // namespace quant
