// QONNX's rounding modes and bit widths.
#pragma once

#include "nn/registry.hpp"

namespace nn {

using Rounding = double (*)(double);

/// The function that the attribute rounding_mode names, or else `fallback`.
Rounding rounding_of(const Node& node, const std::string& fallback);

/// The attribute rounding_mode.
AttributeDef rounding_attribute(const std::string& doc);

/// A constant bit width. Throws kBadWeights unless it is a whole number from 1 to 32.
int bits_of(const Node& node, const Array& bitwidth);

/// Throws kBadShape unless input `i` is one constant number; what bits_of() throws.
void require_bits(const Graph& graph, const Node& node, std::size_t i);

}  // namespace nn
