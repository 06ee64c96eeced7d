// How parallel the parts of recurrent layers should be, so that none waits long for another; and
// what layers take and how long, by formulas.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "units/recurrent/recurrent.hpp"

namespace units {

/// Lanes and elements that are considered: at most so many.
inline constexpr int kMostLanes = 64;
inline constexpr int kMostElements = 32;

/// What a multiplier of words of `a` bits with words of `b` bits takes, in blocks of a device.
using Price = std::function<int(int a, int b)>;
/// One, whatever its width.
inline int one_each(int, int) { return 1; }

/// Multipliers of a layer at their price: with one_each multipliers().
std::int64_t priced(const RecurrentConfig& config, const Price& price);

/// Layers with the lanes of both engines and the elements a clock that give the fewest clocks a
/// frame, of the slowest layer (interval()), with multipliers of a price of at most `most` in all
/// of them; of these those of the least price. Exact: for any clocks the least of every part
/// follows by itself. Throws kDoesNotFit, at `where`, with the price of the least design if that is
/// more than `most`, and if no design's weights fit in a layer's load bus.
std::vector<RecurrentConfig> balanced(std::vector<RecurrentConfig> layers, std::int64_t most,
                                      const std::string& where, const Price& price = one_each);
/// The same of one layer.
RecurrentConfig balanced(const RecurrentConfig& layer, std::int64_t most, const std::string& where,
                         const Price& price = one_each);
/// The price of the least design. Throws as balanced() does for the load bus.
std::int64_t least_price(const std::vector<RecurrentConfig>& layers, const std::string& where,
                         const Price& price = one_each);

/// Clocks from an answer to the next of one stream whose frames wait for it: passes, cells and the
/// second product, one after the other where each needs the last, and the registers on the way.
/// Less by a clock or two than what the RTL takes; where buffers fill, by up to 6 %.
std::int64_t latency(const RecurrentConfig& config);

/// Clocks a frame of `streams` streams: interval(), or their part of latency() if they are too few
/// to fill that time.
std::int64_t clocks_a_frame(const RecurrentConfig& config, int streams);

/// `count` memories of `depth` words of `width` bits.
struct MemoryNeed {
  std::int64_t count = 0;
  int width = 0;
  int depth = 0;
};

/// Of weights, parameters, states and answers that wait; without the buffers between the parts.
std::vector<MemoryNeed> memory_needs(const RecurrentConfig& config);
/// All bits of them.
std::int64_t memory_bits(const RecurrentConfig& config);

}  // namespace units
