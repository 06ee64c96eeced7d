// Configurations as files: binary, and as text.
//
// Binary, all numbers of 32 bits, lowest byte first:
//
//   "FPSA"          the four letters
//   version         1
//   fabric          fingerprint() of the architecture
//   frames          their number
//   each frame      its address, its bits, and as many words as they fill, bit 0 first; frames
//                   without a bit that is 1 are left out
//   CRC-32          of all before it (IEEE 802.3, as zlib has it)
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "fabric/configuration.hpp"

namespace fabric {

/// CRC-32 of all that a fabric's bits depend on: two fabrics whose bits mean different things have,
/// but for one chance in 2^32, different ones. Delays do not count.
std::uint32_t fingerprint(const Architecture& architecture);

std::string encode(const Configuration& configuration, const Architecture& architecture);

/// Throws kFileUnreadable, naming `source`, for what is truncated, damaged, of another version or
/// of another fabric, has a frame twice or one that the fabric does not have.
Configuration decode(std::string_view bytes, const std::string& source, const Graph& graph,
                     const Layout& layout);

/// A line a field that is not 0: "x3 y4 mux h2 x3..6 t12 = 5" and the like, for people and diff.
std::string to_text(const Configuration& configuration, const Graph& graph, const Layout& layout);

/// Words of a bitstream, a line of 8 hexadecimal digits each ($readmemh).
std::string words_text(std::string_view bytes);

}  // namespace fabric
