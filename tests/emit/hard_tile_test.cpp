// Tiles of units, and the ports of networks around them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "emit/circuit.hpp"
#include "emit/fabric.hpp"
#include "emit/hard_module.hpp"
#include "fabric/bitstream.hpp"
#include "units/pe/unit.hpp"
#include "units/smb/memory_tile.hpp"

namespace emit {
namespace {

fabric::HardTile pe_tile(int weight_bits) {
  units::PeConfig config{.rows = 4, .cols = 3, .weight_bits = weight_bits};
  config = units::with_widths(config, 1000, 255);
  return hard_tile(units::PeUnit(config), "pe");
}

std::uint32_t fingerprint_with(const fabric::HardTile& tile) {
  fabric::Architecture architecture;
  architecture.hard = {tile};
  architecture.hard[0].columns = {2};
  return fabric::fingerprint(architecture);
}

// Bits of weights show at no port.
TEST(HardTile, TellsUnitsApartThatDifferInside) {
  const fabric::HardTile narrow = pe_tile(6), wide = pe_tile(8);
  EXPECT_EQ(narrow.ports, wide.ports);
  EXPECT_NE(fingerprint_with(narrow), fingerprint_with(wide));
  EXPECT_EQ(fingerprint_with(narrow), fingerprint_with(pe_tile(6)));
}

TEST(HardTile, TellsParametersOfALeafApart) {
  EXPECT_NE(hard_tile(*units::memory_tile(3, 2), "memory").content,
            hard_tile(*units::memory_tile(4, 2), "memory").content);
}

TEST(BehindPorts, RefusesAnOutputWithoutAPad) {
  verilog::Module top("net"), inside("fpsa_circuit");
  for (verilog::Module* one : {&top, &inside}) one->input("clk_i");
  top.output("y_o", 2);
  inside.input("active_i");
  inside.input("pad_i", 4);
  inside.output("pad_o", 4);
  EXPECT_NO_THROW(behind_ports(top, inside, {{"y_o[0]", 0}, {"y_o[1]", 3}}));
  try {
    behind_ports(top, inside, {{"y_o[0]", 0}});
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.faults()[0].code, base::Code::kNetlistInvalid);
    EXPECT_EQ(error.faults()[0].what, "an output has no pad to come from");
    EXPECT_EQ(error.faults()[0].where, "net.y_o[1]");
  }
}

}  // namespace
}  // namespace emit
