// Crossbar-sized core-ops of a product over lanes.
#pragma once

#include <vector>

#include "core/lower.hpp"

namespace core {

/// The rows and columns of a layer's matrix that the hardware holds, and the lanes that they meet.
/// All columns of the layer, or those of some of its groups.
struct LaneProduct {
  int first_lane = 0;  ///< of the output
  std::vector<LaneRange> inputs;
  std::vector<MatrixRange> rows;
  std::vector<MatrixRange> cols;
  std::vector<std::int64_t> bias;
  std::vector<std::int64_t> threshold;
  std::vector<std::int32_t> top;
};

/// Cuts a product into as few tiles as hold it, and these as equal as can be: equal PEs are one
/// module. `whole` is what all of them share, with the column tile of the first; the next one's is
/// the answer.
int add_tiles(const LaneProduct& product, const CoreOp& whole, TileSize tile, Program& program);

/// The same product at position `copy` of the tokens of `output` and of what it reads.
LaneProduct at_position(LaneProduct product, int copy, const Stream& output,
                        const Program& program);

}  // namespace core
