// A memory block by itself, of any shape, plays what its emulation says, in Icarus and Verilator.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "base/rng.hpp"
#include "emit/tree.hpp"
#include "flow/bench.hpp"
#include "flow/tool.hpp"
#include "rig.hpp"
#include "units/smb/bench.hpp"

namespace {

namespace fs = std::filesystem;
using units::BusCode;
using units::Merge;
using units::SmbConfig;
using units::SmbSide;

SmbSide random_side(base::Rng& rng, int value_bits) {
  SmbSide side{static_cast<BusCode>(rng.below(3)), 0};
  const int most = side.code == BusCode::kRate ? 1 : 3;
  side.bits = value_bits + static_cast<int>(rng.between(0, most));
  return side;
}

SmbConfig random_config(std::uint64_t seed) {
  base::Rng rng(seed);
  SmbConfig config;
  config.lanes = static_cast<int>(rng.between(1, 70));
  config.depth = static_cast<int>(rng.between(1, 9));
  config.value_bits = static_cast<int>(rng.between(1, 5));
  config.write = random_side(rng, config.value_bits);
  config.read = random_side(rng, config.value_bits);
  if (rng.below(3) == 0)
    config.write.code = config.read.code = BusCode::kBinary;  // planes, as most channels
  config.merge = static_cast<Merge>(rng.below(3));
  if (config.write.code == BusCode::kBinary && config.write.bits == 1) config.merge = Merge::kStore;
  return config;
}

std::string simulate(const SmbConfig& config, std::uint64_t seed) {
  const fs::path folder = test::fresh_folder("smb_" + std::to_string(seed));
  const fs::path source = FPSA_SOURCE_DIR;
  verilog::Design netlist(units::module_name(config));
  netlist.add(units::structure(config));
  verify(netlist);
  const verilog::Design legal = legalize(netlist);
  emit::write_rtl(folder, legal, source / "rtl");
  for (const auto& [path, text] : units::make_bench(config, legal.top(), 60, seed).files())
    base::write_file(folder / "tb" / path, text);
  flow::BenchRequest request{
      .directory = folder,
      .simulator = seed % 8 == 0 ? config::Simulator::kVerilator : config::Simulator::kIcarus,
      .name = "rtl",
      .top = "fpsa_tb_smb",
      .parameters = {}};
  request.defines = {fmt::format("IDLE={}", seed % 3 * 30), fmt::format("SEED={}", seed)};
  request.sources.push_back(source / "tb/fpsa_tb_smb.v");
  for (const std::string& file : flow::design_files(folder))
    request.sources.push_back("rtl/" + file);
  return flow::run_bench(request).verdict;
}

class AnyMemoryBlock : public ::testing::TestWithParam<int> {};

TEST_P(AnyMemoryBlock, PlaysWhatItsEmulationSays) {
  const auto seed = static_cast<std::uint64_t>(GetParam());
  const std::string verdict = simulate(random_config(seed), seed);
  EXPECT_TRUE(verdict.starts_with("PASS ticks=")) << verdict;
}

INSTANTIATE_TEST_SUITE_P(RandomConfigs, AnyMemoryBlock, ::testing::Range(1, 25));

}  // namespace
