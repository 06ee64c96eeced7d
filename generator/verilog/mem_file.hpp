// Memory images for $readmemh: one hexadecimal word a line, all of the same number of digits.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/bits.hpp"

namespace verilog {

/// Words of `width` >= 1 bits, two's complement if negative, sign-extended past 64 bits. Throws
/// kNetlistInvalid if a word lies outside -2^(width-1) .. 2^width - 1.
std::string mem_image(int width, std::span<const std::int64_t> words);

/// Words of equal size, at least 1 bit. Throws kNetlistInvalid if the sizes differ.
std::string mem_image(std::span<const base::Bits> words);

}  // namespace verilog
