// A design mapped to what a fabric has: LUTs, flip-flops and hard tiles.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace flow {

/// Module of a memory tile in circuits: rtl/fpsa_smb_memory.v with the tile's width and words.
inline constexpr const char* kMemoryTile = "fpsa_memory_tile";

struct LutRequest {
  std::filesystem::path directory;  ///< with rtl/ and its design.f
  std::string top;
  std::filesystem::path scripts;        ///< the project's flows/ folder
  std::vector<std::string> hard_tiles;  ///< modules that stay whole
  int lut_inputs = 6;
  int memory_width = 32;
  int memory_address_bits = 8;
};

/// Runs flows/yosys/fabric.tcl; the circuit as BLIF, which lies in DIR/build/fabric. Throws
/// kNotARunDirectory, kToolMissing, kToolFailed, kToolOutput.
std::string map_to_luts(const LutRequest& request);

}  // namespace flow
