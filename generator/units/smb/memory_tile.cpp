#include "units/smb/memory_tile.hpp"

#include <cstdint>

#include "units/leaves.hpp"

namespace units {

UnitPtr memory_tile(int width, int address_bits) {
  return leaf_unit("memory", leaves::smb_memory(),
                   {{"Width", width}, {"Words", std::int64_t{1} << address_bits}},
                   {{"clk_i", Protocol::kClock},
                    {"write_i", Protocol::kStatus},
                    {"write_addr_i", Protocol::kStatus},
                    {"value_i", Protocol::kStatus},
                    {"read_i", Protocol::kStatus},
                    {"read_addr_i", Protocol::kStatus},
                    {"value_o", Protocol::kStatus}});
}

}  // namespace units
