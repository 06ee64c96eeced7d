// How large a fabric has to be for a circuit.
#pragma once

#include "fabric/architecture.hpp"
#include "pnr/packed.hpp"

namespace pnr {

/// `architecture` with what it leaves open filled in: columns and rows that are 0 become those of
/// the smallest square that holds the blocks, and hard tiles without columns get as many as their
/// blocks take, spread evenly. What is given stays, and may be too small.
fabric::Architecture sized_for(const Packed& packed, fabric::Architecture architecture);

}  // namespace pnr
