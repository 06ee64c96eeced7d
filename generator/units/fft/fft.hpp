// The transform of real numbers as a unit: all points of a block in parallel, a block a clock.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "quant/real_fft.hpp"
#include "units/datapath/datapath.hpp"
#include "units/unit.hpp"

namespace units {

/// One transform in full.
struct FftConfig {
  quant::TransformRule rule;  ///< what it computes, to the bit
  bool inverse = false;       ///< from the packed spectrum to numbers
  int bits = 16;              ///< of the words that come in
  int levels = 3;             ///< adders between two registers, at least one operation
  Multiplier multiplier = Multiplier::kShiftAdds;
};

/// Throws kInternal unless points are 2 .. 128, bits 2 .. 24, factor_bits 1 .. 24, halvings 0 ..
/// log2(points), end_shift 0 .. 24, out_bits 0 or 2 .. 32, levels >= 1.
void check(const FftConfig& config);

/// Its graph, with inputs and outputs in the order of quant/real_fft.hpp. Widths hold whatever
/// inputs of config.bits bits lead to.
Datapath datapath(const FftConfig& config);

/// Adds the transform of `in` to `path`: words of the packed spectrum (inverse: numbers) before
/// end_shift and clip. `name` begins the names of its words; of one point it is `in` itself.
std::vector<WordId> add_transform(Datapath& path, const quant::TransformRule& rule, bool inverse,
                                  Multiplier multiplier, const std::vector<WordId>& in,
                                  const std::string& name);

/// Name of place `i` of a packed spectrum of `points` words: "out0", "out4", "out1_re", ...
std::string bin_name(const char* what, std::size_t i, std::size_t points);

/// How far each output may be from the exact transform of the inputs over 2^(halvings + end_shift),
/// for any inputs of config.bits bits that clip nothing: constants that are rounded, and roundings
/// on the way to it.
std::vector<double> error_bounds(const FftConfig& config);

/// Of constants how many multiplications it makes.
int multiplications(const FftConfig& config);

/// Name of its module: equal configurations have equal names.
std::string module_name(const FftConfig& config);

class FftUnit final : public Unit {
 public:
  /// Throws what check() throws.
  explicit FftUnit(const FftConfig& config);

  const FftConfig& config() const { return config_; }
  /// Clocks from a block to its transform, if nobody waits.
  int stages() const { return stages_; }

  verilog::Signature signature() const override { return structure()->signature(); }
  std::optional<verilog::Module> structure() const override { return module(config_); }
  /// The module of such a unit.
  static verilog::Module module(const FftConfig& config);

 private:
  FftConfig config_;
  int stages_;
};

}  // namespace units
