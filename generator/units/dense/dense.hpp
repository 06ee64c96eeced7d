// A dense layer of words on a block-circulant engine: vectors in, their products with a matrix and
// biases out, with nothing kept from one to the next.
#pragma once

#include <string>
#include <vector>

#include "quant/cell.hpp"
#include "units/circulant/circulant.hpp"

namespace units {

/// One layer in full: y = product + bias.
struct DenseConfig {
  CirculantConfig product;  ///< of cols blocks that come and rows that go
};

/// Bits of a bias: as many as a word of the product has. A sum has one more.
int bias_bits(const DenseConfig& config);
int answer_bits(const DenseConfig& config);

/// All weights, and biases (`weights.parameters`, one each word that goes), as words of the load
/// bus.
std::vector<CirculantLoad> load_words(const DenseConfig& config, const quant::CellWeights& weights);

/// Golden level 2: of vectors of cols * block words, rows * block each, and how many words were
/// clipped.
quant::CirculantProduct through(const DenseConfig& config, const quant::CellWeights& weights,
                                const std::vector<std::int64_t>& x);

/// Name of its module: equal configurations have equal names.
std::string module_name(const DenseConfig& config);

/// The layer and the modules below it, the layer last. Ports: clk_i, rst_ni, the load bus, valid_i,
/// ready_o, data_i (a block), valid_o, ready_i, data_o (a block), and the count since reset of
/// clipped words: clipped_gates_o.
std::vector<verilog::Module> structure(const DenseConfig& config);

}  // namespace units
