// A memory block and a line walk through the FPGA flows: their memory is block RAM, their registers
// are few.
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "emit/tree.hpp"
#include "flow/yosys.hpp"
#include "rig.hpp"
#include "units/line/line.hpp"

namespace {

namespace fs = std::filesystem;
using units::BusCode;

units::SmbConfig block(int lanes, int depth, BusCode code) {
  units::SmbConfig config;
  config.lanes = lanes;
  config.depth = depth;
  config.write = config.read = {code, config.value_bits};
  return config;
}

// Cells of the synthesised memory by their kind.
template <class Config>
std::map<std::string, std::uint64_t> cells_of(const Config& config, config::SynthFlow flow) {
  const fs::path folder = test::fresh_folder(flow::flow_name(flow) + "_" + module_name(config));
  const fs::path source = FPSA_SOURCE_DIR;
  verilog::Design netlist(module_name(config));
  netlist.add(structure(config));
  const verilog::Design legal = legalize(netlist);
  emit::write_rtl(folder, legal, source / "rtl");
  flow::SynthRequest request;
  request.directory = folder;
  request.top = legal.top();
  request.flow = flow;
  request.scripts = source / "flows";
  request.keep_hierarchy = false;
  flow::synthesize(request);
  const fs::path stat = folder / "build" / flow::flow_name(flow) / "stat.json";
  return flow::parse_stat(base::read_file(stat), stat.string()).at(legal.top()).cells;
}

std::uint64_t count(const std::map<std::string, std::uint64_t>& cells, const std::string& kind) {
  std::uint64_t found = 0;
  for (const auto& [name, number] : cells)
    if (name.starts_with(kind)) found += number;
  return found;
}

struct Family {
  config::SynthFlow flow;
  const char* memory;  // its block RAM
  const char* flip_flop;
  std::uint64_t planes, values, lines;  // blocks of memory that the tests take
};

void PrintTo(const Family& family, std::ostream* out) { *out << flow::flow_name(family.flow); }

class BlockRam : public ::testing::TestWithParam<Family> {};

// 384 words of 64 bits; registers are positions, pointers, counters and marks.
TEST_P(BlockRam, HoldsPlanes) {
  const Family family = GetParam();
  const auto cells = cells_of(block(64, 64, BusCode::kBinary), family.flow);
  EXPECT_EQ(count(cells, family.memory), family.planes);
  EXPECT_LT(count(cells, family.flip_flop), 60);
}

// 256 words of 48 bits; a spike counter of 6 bits a lane before them.
TEST_P(BlockRam, HoldsValues) {
  const Family family = GetParam();
  const auto cells = cells_of(block(8, 256, BusCode::kRate), family.flow);
  EXPECT_EQ(count(cells, family.memory), family.values);
  EXPECT_LT(count(cells, family.flip_flop), 6 * 8 + 60);
}

// The windows of a 3x3 kernel on 64 channels: nine banks of 66 words, and no register for a window,
// which would take 3,456.
TEST_P(BlockRam, HoldsTheRowsOfALineWalk) {
  const Family family = GetParam();
  units::LineConfig config;
  config.channels = 64;
  config.write = config.read = {BusCode::kBinary, config.value_bits};
  config.shape = {{32, 3, 1, 1, 1, 1}, {32, 3, 1, 1, 1, 1}};
  config.rows = 3;
  const auto cells = cells_of(config, family.flow);
  EXPECT_EQ(count(cells, family.memory), family.lines);
  EXPECT_LT(count(cells, family.flip_flop), 160);
}

INSTANTIATE_TEST_SUITE_P(
    Families, BlockRam,
    ::testing::Values(Family{config::SynthFlow::kIce40, "SB_RAM40_4K", "SB_DFF", 8, 3, 36},
                      Family{config::SynthFlow::kEcp5, "DP16KD", "TRELLIS_FF", 2, 2, 18},
                      Family{config::SynthFlow::kXilinx, "RAMB", "FD", 1, 1, 9}));

}  // namespace
