// Kernels of a model's nodes, as quant::Window walks them.
#pragma once

#include "nn/window.hpp"
#include "quant/builder.hpp"

namespace quant {

/// The shape of `value`, maps that `node` walks over. Refuses maps of more than two axes and,
/// naming the graph's input that is to blame, extents that are open.
nn::Shape map_shape(const Builder& builder, const nn::Node& node, nn::ValueId value);

/// What `node` makes, as channels of maps. Refuses what map_shape() does.
Shape made_maps(const Builder& builder, const nn::Node& node);

/// The window that walks along `axes`, one or two. Refuses numbers that no map needs.
Window window_of(const nn::Node& node, const std::vector<nn::WindowAxis>& axes);

/// The window of a pool that reads `value`: its kernel, or whole maps if it has none.
Window pool_window(const Builder& builder, const nn::Node& node, nn::ValueId value);

/// Refuses a reduction of `value` along other axes than those of its maps; `what` it takes: "mean".
void require_space(const Builder& builder, const nn::Node& node, nn::ValueId value,
                   const std::string& what);

/// The operand of a Conv or QLinearConv with weights [outputs, channels a group, kernel ...], as
/// its rows and columns stand; no bias.
Operand kernel_operand(const nn::Node& node, const Constant& weights);

/// The operand that divides the sum of each of `channels` windows by `parts`.
Operand mean_operand(int channels, int taps, double parts);

}  // namespace quant
