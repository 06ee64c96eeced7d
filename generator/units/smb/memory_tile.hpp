// The memory of a fabric's tile.
#pragma once

#include "units/unit.hpp"

namespace units {

/// fpsa_smb_memory: 2^address_bits words of `width` bits.
UnitPtr memory_tile(int width, int address_bits);

}  // namespace units
