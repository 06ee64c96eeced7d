// The block-circulant engine: vectors of blocks in, their products with a matrix out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "quant/circulant.hpp"
#include "units/fft/fft.hpp"

namespace units {

/// One engine in full.
struct CirculantConfig {
  int block = 8;  ///< k: a power of two, 1 .. 128
  int rows = 4;   ///< of blocks
  int cols = 4;
  int lanes = 2;  ///< rows of blocks at a time: at most rows and cols
  quant::CirculantRule rule;
  bool three = true;  ///< multiplications for a product of complex numbers, else four
  Multiplier multiplier = Multiplier::kShiftAdds;  ///< of the transforms
  int levels = 3;  ///< adders between two registers of the transforms
};

/// Throws kInternal unless sizes are within what CirculantConfig says, bits are 2 .. 24, those of
/// weights 2 .. 24, of bins and results 2 .. 32, sums hold in 60 bits, and weights in the load bus.
void check(const CirculantConfig& config);

/// Passes over a vector: clocks a product, over `cols`.
int passes(const CirculantConfig& config);
/// Clocks from product to product while vectors come and results are taken.
std::int64_t interval(const CirculantConfig& config);
/// Multiplications of signals that it has, transforms left out; and those that a clock uses on
/// average, if nothing waits.
int multipliers(const CirculantConfig& config);
double utilisation(const CirculantConfig& config);

/// Bits of a word of a spectrum of a block, and of a sum of products with it.
int bin_bits(const CirculantConfig& config);
int sum_bits(const CirculantConfig& config);

/// The spectrum of a block, as its transform makes it: `block` inputs and outputs.
FftConfig forward_config(const CirculantConfig& config);
/// From the sums of a row of blocks to its results. Inputs are, of each word that is real, its sum,
/// and of each complex one sums of re * re, im * im and, with three multiplications, (re + im) *
/// (re + im), else im * re and re * im, of weights and inputs.
Datapath finish(const CirculantConfig& config);

/// A word of the load bus.
struct CirculantLoad {
  std::uint32_t address = 0;
  std::uint32_t data = 0;
};
/// Bits of the load address that its weights take; the bus has 22, an index into a memory 20.
int load_bits(const CirculantConfig& config);
/// All weights as words of the load bus.
std::vector<CirculantLoad> load_words(const CirculantConfig& config,
                                      const quant::SpectralWeights& weights);

/// Golden level 2: the products of vectors of cols * block words, and how many words were clipped.
quant::CirculantProduct through(const CirculantConfig& config,
                                const quant::SpectralWeights& weights,
                                const std::vector<std::int64_t>& x);

/// How far each result may be from the product with `exact`, whose numbers count in steps of the
/// weights' words, as long as no word is clipped: rounded spectra, transforms (error_bounds() of
/// units/fft), and roundings between them. `reach` has of each block of a vector the sum of its
/// magnitudes, in steps of its words. The exact result is block * (exact x) divided by 2^(sum_shift
/// + halvings + end_shift).
std::vector<double> error_bounds(const CirculantConfig& config, const quant::Circulant& exact,
                                 const quant::SpectralWeights& weights,
                                 const std::vector<double>& reach);

/// Name of its module: equal configurations have equal names.
std::string module_name(const CirculantConfig& config);

/// The engine and the modules below it, the engine last. Ports: clk_i, rst_ni, the load bus,
/// valid_i, ready_o, data_i (a block), valid_o, ready_i, data_o (a block of results), clipped_o
/// (how many words on the way to it were clipped).
std::vector<verilog::Module> structure(const CirculantConfig& config);

}  // namespace units
