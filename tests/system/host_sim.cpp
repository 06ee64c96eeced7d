// Whole networks at the edges of their streams and registers: tests/rtl/fpsa_host_tb.v.
#include <gtest/gtest.h>

#include "flow/bench.hpp"
#include "flow/tool.hpp"
#include "rig.hpp"

namespace {

namespace fs = std::filesystem;

const fs::path kBenches = fs::path(FPSA_SOURCE_DIR) / "tests" / "rtl";

struct Case {
  const char* name;
  config::Pe pe;
  int lane_bits;
  int samples;  // enough for some values at the ceiling
  bool asynchronous_reset = false;
};

void PrintTo(const Case& that, std::ostream* out) { *out << that.name; }

class Host : public ::testing::TestWithParam<Case> {};

TEST_P(Host, SurvivesBadFramesAFullBufferAndAResetInMidRun) {
  const Case& that = GetParam();
  const test::NetworkShape shape{.sizes = {11, 9, 5}, .activation_bits = that.pe.activation_bits};
  const fs::path folder = test::fresh_folder(std::string("host_") + that.name);
  test::build_rig(test::random_network(shape), that.pe,
                  {.beat_lanes = 4, .asynchronous_reset = that.asynchronous_reset}, folder,
                  that.samples);
  flow::BenchRequest bench{.directory = folder,
                           .name = "host",
                           .top = "fpsa_host_tb",
                           .sources = {kBenches / "fpsa_host_tb.v"},
                           .libraries = {kBenches},
                           .parameters = {{"AsyncReset", that.asynchronous_reset ? "1" : "0"},
                                          {"ActBits", std::to_string(that.pe.activation_bits)},
                                          {"LaneBits", std::to_string(that.lane_bits)}}};
  for (const std::string& file : flow::design_files(folder))
    bench.sources.push_back(fs::path("rtl") / file);
  EXPECT_NO_THROW(flow::require_pass(flow::run_bench(bench)));
}

config::Pe pe(config::Crossbar crossbar, config::Train train, int activation_bits) {
  return {.rows = 6,
          .cols = 7,
          .activation_bits = activation_bits,
          .crossbar = crossbar,
          .train = train};
}

using config::Crossbar;
using config::Train;

INSTANTIATE_TEST_SUITE_P(
    Networks, Host,
    ::testing::Values(Case{"serial", pe(Crossbar::kSerial, Train::kBinary, 3), 8, 12},
                      Case{"macro_rate", pe(Crossbar::kMacro, Train::kRate, 2), 8, 12},
                      Case{"asynchronous_reset", pe(Crossbar::kMacro, Train::kBinary, 3), 8, 12,
                           true},
                      Case{"parallel_wide", pe(Crossbar::kParallel, Train::kBinary, 9), 16, 100}));

}  // namespace
