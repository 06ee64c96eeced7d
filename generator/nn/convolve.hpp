// Convolutions: what Conv and QLinearConv share.
#pragma once

#include "nn/window.hpp"

namespace nn {

/// kernel_shape (which the weights' shape must agree with), strides, pads, auto_pad, dilations,
/// group.
std::vector<AttributeDef> conv_attributes();

/// Shape of the maps that weights [outputs, channels a group, kernel ...] make of `input`. Throws
/// kBadShape, kBadAttribute.
Shape conv_shape(const Node& node, const Shape& input, const Shape& weights);

/// Throws kBadShape unless there is one bias an output.
void check_conv_bias(const Node& node, const Shape& bias, const Shape& weights);

struct ConvOperands {
  const Array& x;
  const Array& weights;
  const Array* bias = nullptr;
};

/// out = weights * x (+ bias), `out` having conv_shape()'s shape; all of one storage.
void convolve(const Node& node, const ConvOperands& operands, Array& out);

}  // namespace nn
