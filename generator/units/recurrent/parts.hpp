// What the parts of a layer's structure share: where its weights and parameters lie on the load
// bus, and what its module says of it.
#pragma once

#include <algorithm>

#include "base/bits.hpp"
#include "units/recurrent/recurrent.hpp"

namespace units {

/// Parts of the address: {part, ..}.
inline constexpr int kPartBits = 20;
inline constexpr int kGates = 0;
inline constexpr int kProjection = 1;
inline constexpr int kParameters = 2;

/// Steps of elements that a frame has.
inline int steps_of(const RecurrentConfig& config) {
  return config.cells * config.block / config.elements;
}

/// Bits of an index into a memory of parameters: a step, and a half of its word.
inline int parameter_index_bits(const RecurrentConfig& config) {
  return std::max(1, base::clog2(static_cast<std::uint64_t>(steps_of(config)))) + 1;
}

/// The words of `words`, `count` of them, in `width` bits each, by their signs.
verilog::Expr widened_each(const verilog::Expr& words, int count, int width);

/// Adds what `from` has to `to`, but modules that are there already.
void add_all(std::vector<verilog::Module>& to, std::vector<verilog::Module> from);

/// The one of `modules` that has the name, which is there.
const verilog::Module& named(const std::vector<verilog::Module>& modules, const std::string& name);

/// Comment lines of a layer's module.
std::vector<std::string> header(const RecurrentConfig& config);

}  // namespace units
