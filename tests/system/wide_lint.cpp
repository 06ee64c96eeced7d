// Leaves and networks of more lanes and units than a loop of Verilator's has turns, 1,024.
#include <gtest/gtest.h>

#include "base/subprocess.hpp"
#include "flow/lint.hpp"
#include "rig.hpp"

namespace {

namespace fs = std::filesystem;

struct Wide {
  const char* leaf;
  std::vector<const char*> parameters;
};

class WideLeaf : public ::testing::TestWithParam<Wide> {};

TEST_P(WideLeaf, LintsWithoutAWarning) {
  const fs::path rtl = fs::path(FPSA_SOURCE_DIR) / "rtl";
  const std::string top = std::string("fpsa_") + GetParam().leaf;
  std::vector<std::string> argv{"verilator", "--lint-only",  "-Wall", "-y",
                                rtl,         "--top-module", top,     rtl / (top + ".v")};
  for (const char* parameter : GetParam().parameters) argv.push_back(std::string("-G") + parameter);
  const base::Finished finished = base::run({.argv = argv, .directory = {}, .log = {}});
  EXPECT_EQ(finished.status, 0) << finished.output;
}

INSTANTIATE_TEST_SUITE_P(
    Lanes, WideLeaf,
    ::testing::Values(
        Wide{"smb_decoder", {"Lanes=1100", "BeatLanes=1"}},
        Wide{"smb_encoder", {"Lanes=1100", "BeatLanes=1"}}, Wide{"train_decoder", {"Lanes=1100"}},
        Wide{"train_decoder", {"Lanes=1100", "Train=1"}}, Wide{"train_encoder", {"Lanes=1500"}},
        Wide{"train_encoder", {"Lanes=1500", "Train=1"}}, Wide{"train_player", {"Lanes=1100"}},
        Wide{"train_player", {"Lanes=1100", "Train=1"}}, Wide{"lane_widen", {"Lanes=2048"}},
        Wide{"line_planes", {"Lanes=1100"}},
        Wide{"line_planes", {"Lanes=64", "KernelRows=7", "KernelCols=7", "Neighbours=4"}},
        Wide{"line_planes", {"Height=224", "Width=224", "Rows=9", "StrideRows=2", "StrideCols=2"}},
        Wide{"line_planes", {"Lanes=64", "Width=32", "Neighbours=16", "Beside=16"}},
        Wide{"line_values", {"Lanes=1100", "ReadTrain=0"}}, Wide{"plane_most", {"Lanes=1100"}},
        Wide{"neurons_exact_folded", {"Cols=1024", "Lanes=32", "Tops=1"}}),
    [](const auto& test) { return test.param.leaf + std::to_string(test.index); });

TEST(WideNetwork, OfElevenHundredUnitsLints) {
  const test::NetworkShape shape{.sizes = {1, 1100}, .activation_bits = 4, .signed_output = false};
  config::Pe pe;
  pe.rows = 1;
  pe.cols = 1;
  pe.activation_bits = 4;
  pe.crossbar = config::Crossbar::kParallel;
  map::Host host;
  host.beat_lanes = 1;
  const fs::path folder = test::fresh_folder("lint_wide");
  test::build_rig(test::random_network(shape), pe, host, folder, 2);
  for (const flow::LintMessage& message : flow::lint(folder, "fpsa_top"))
    ADD_FAILURE() << message.tool << ": " << message.text;
}

}  // namespace
