// FPGAs as far as multipliers and memories fill them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "units/recurrent/balance.hpp"

namespace explore {

/// What a device has.
struct Device {
  std::string name;
  std::int64_t luts = 0;
  std::int64_t dsps = 0;
  int dsp_a = 18;  ///< bits of a DSP's two factors, signed
  int dsp_b = 18;
  std::int64_t block_rams = 0;
  std::int64_t block_ram_bits = 0;  ///< of one
  int block_ram_width = 0;          ///< the widest words it can have

  std::int64_t memory_bits() const { return block_rams * block_ram_bits; }
};

/// The devices of a TOML file, a table each, by name. Throws kSpecSyntax, and kBadText naming a
/// figure that is missing or not above zero; `source` is named in faults.
std::vector<Device> devices_of(const std::string& text, const std::string& source);

/// The device `name`, in whatever case. Throws kUsage at `where`, with the devices there are.
Device device_of(const std::vector<Device>& devices, const std::string& name,
                 const std::string& where);

/// DSPs that a product of words of `a` and `b` bits takes: as many as a grid of products of its
/// factors' bits, the better way round.
int dsps_of(const Device& device, int a, int b);

/// Block RAMs that memories take, each memory by itself in the best shape of RAM: as wide as the
/// widest words or half as wide and twice as deep, and so on. Those of kShallow words and fewer are
/// left to LUTs.
std::int64_t block_rams_of(const Device& device, const std::vector<units::MemoryNeed>& needs);
inline constexpr int kShallow = 64;

}  // namespace explore
