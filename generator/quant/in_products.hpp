// FPSA's own forms of what is no product: trees of differences for maxima, and small networks
// fitted to functions (Ji et al., ASPLOS 2018 and 2019).
#pragma once

#include "quant/network.hpp"

namespace quant {

/// Which of them.
struct ProductForms {
  bool maxima = false;        ///< max(a, b) = Relu(a - b) + b, in trees; bit for bit the same
  int table_neurons = 0;      ///< hidden ones in place of a table's codes; 0: tables stay
  int most_bits = 16;         ///< of a tensor
  bool exact_neurons = true;  ///< else all tensors have one number of bits

  bool any() const { return maxima || table_neurons > 0; }
};

/// The network with products in place of merges and tables. A hidden neuron is Relu(code - knot),
/// the knots are chosen one by one, each where the squared error over all codes becomes least, and
/// Layer::fit says how far the whole is from the table. Tables of squares stay, by which two
/// signals are multiplied: their difference would have the errors of both. A maximum of signed maps
/// whose windows meet padding stays: padding counts for nothing there, and is 0 in a product.
/// Throws kCannotLower, naming the layer, where differences need more bits than there are.
Network in_products(const Network& network, const ProductForms& forms);

}  // namespace quant
