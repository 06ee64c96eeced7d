// Every limit that a leaf's header states stops every tool: simulators and synthesis alike.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/files.hpp"
#include "base/subprocess.hpp"

namespace {

namespace fs = std::filesystem;
using Values = std::map<std::string, int>;

const fs::path kRtl = fs::path(FPSA_SOURCE_DIR) / "rtl";

// One set of values for each way out of the limits, the first one for all tools; what is not named
// has its default.
const std::map<std::string, std::vector<Values>> kBad = {
    {"axil_csr", {{{"Units", 65536}}, {{"Units", 0}}, {{"CeilingBits", 0}}, {{"CeilingBits", 33}}}},
    {"axil_slave", {{{"AddrBits", 0}}}},
    {"block_gather",
     {{{"Elements", 3}}, {{"Elements", 0}}, {{"Width", 0}}, {{"Block", 0}, {"Elements", 1}}}},
    {"block_split",
     {{{"Elements", 3}},
      {{"Elements", 0}},
      {{"Width", 0}},
      {{"Gates", 0}},
      {{"Block", 0}, {"Elements", 1}}}},
    {"bias_share", {{{"ActBits", 0}}, {{"AccBits", 6}}}},
    {"bitstream_loader", {{{"Frames", 0}}, {{"Frames", 65537}}}},
    {"busy_hold", {{{"Cycles", 0}}, {{"Islands", 0}}}},
    {"cascade_adder", {{{"OwnBits", 1}}, {{"Cols", 0}}, {{"SumBits", 15}}}},
    {"cascade_stage",
     {{{"First", 2}}, {{"First", -1}}, {{"Cols", 0}}, {{"OwnBits", 1}}, {{"SumBits", 15}}}},
    {"ceiling_counter", {{{"Train", 2}}, {{"Train", -1}}, {{"Lanes", 0}}, {{"ActBits", 0}}}},
    {"channel", {{{"Most", 3}}, {{"Most", 0}}}},
    {"cell_fetch", {{{"Steps", 0}}}},
    {"circulant_walk",
     {{{"Rest", 0}},
      {{"Rest", 3}},
      {{"Depth", 1}},
      {{"Cols", 0}},
      {{"Passes", 0}},
      {{"Lanes", 0}, {"Rest", 0}}}},
    {"clip_counter", {{{"Flags", 0}}, {{"Bits", 0}}, {{"Bits", 29}}}},
    {"column_sum",
     {{{"SumBits", 15}}, {{"WeightBits", 1}}, {{"Signed", 0}, {"WeightBits", 0}}, {{"Rows", 0}}}},
    {"config_port", {{{"Frames", 0}}, {{"Frames", 65537}}}},
    {"encoder_beat", {{{"Depth", 0}}, {{"Lanes", 0}}, {{"ActBits", 0}}}},
    {"event_counter", {{{"StepBits", 33}}, {{"StepBits", 0}}}},
    {"exact_binary_step",
     {{{"SumBits", 24}},
      {{"SumBits", 1}},
      {{"ThetaBits", 0}},
      {{"ActBits", 0}},
      {{"ActBits", 23}, {"SumBits", 16}},
      {{"Tops", 2}},
      {{"Tops", -1}},
      {{"HalfEven", 2}},
      {{"HalfEven", -1}}}},
    {"exact_rate_step",
     {{{"SumBits", 24}},
      {{"SumBits", 1}},
      {{"ThetaBits", 0}},
      {{"ActBits", 0}},
      {{"Tops", 2}},
      {{"Tops", -1}},
      {{"HalfEven", 2}},
      {{"HalfEven", -1}}}},
    {"first_one", {{{"Width", 0}}}},
    {"frame", {{{"Bits", 0}}, {{"Bits", (1 << 21) + 1}}}},
    {"frame_check", {{{"Beats", 0}}}},
    {"gated_adder", {{{"Width", 0}}}},
    {"join", {{{"Inputs", 0}}}},
    {"lane_adder", {{{"Width", 0}}}},
    {"lane_clip", {{{"LaneBits", 5}}, {{"ActBits", 0}}}},
    {"lane_widen", {{{"OutBits", 15}}, {{"Lanes", 0}}, {{"InBits", 0}}}},
    {"line_axis",
     {{{"Slots", 1}},
      {{"Kernel", 8}},
      {{"PadBegin", -1}},
      {{"PadEnd", -1}},
      {{"Repeat", 0}},
      {{"CropBegin", -1}},
      {{"CropEnd", -1}},
      {{"CropBegin", 5}},
      {{"Phases", 2}},
      {{"Size", 0}},
      {{"Kernel", 0}},
      {{"Stride", 0}},
      {{"Dilation", 0}},
      {{"Neighbours", 0}},
      {{"Banks", 0}},
      {{"Slots", 0}},
      {{"Words", 0}}}},
    {"line_banks",
     {{{"Planes", 0}},
      {{"Lanes", 0}},
      {{"Rows", 0}},
      {{"Beside", 6}},
      {{"Deal", 2}},
      {{"Deal", -1}}}},
    {"line_planes", {{{"WriteBits", 5}}, {{"ReadBits", 5}}, {{"ActBits", 0}}}},
    {"line_values",
     {{{"WriteBits", 5}},
      {{"ReadBits", 5}},
      {{"WriteTrain", 2}},
      {{"WriteTrain", -1}},
      {{"ReadTrain", 2}},
      {{"ReadTrain", -1}},
      {{"ActBits", 0}}}},
    {"load_bank", {{{"Width", 65}}, {{"Width", 0}}, {{"Cols", 0}}, {{"Cols", (1 << 19) + 1}}}},
    {"load_memory", {{{"Width", 65}}, {{"Width", 0}}, {{"Cols", 0}}, {{"Cols", (1 << 19) + 1}}}},
    {"load_slot", {{{"IndexBits", 21}}, {{"IndexBits", 0}}, {{"Slot", -1}}, {{"Slot", 1024}}}},
    {"load_register", {{{"Width", 0}}}},
    {"lookup", {{{"IndexBits", 0}}, {{"ValueBits", 0}}}},
    {"lookups", {{{"Lanes", 0}}}},
    {"memory_delay", {{{"Ticks", 1}}, {{"Width", 0}}}},
    {"lut", {{{"Inputs", 1}}, {{"Inputs", 9}}, {{"Sources", 0}}}},
    {"merge", {{{"Mode", 3}}, {{"Mode", 0}}, {{"ActBits", 0}}}},
    {"neuron_exact_binary",
     {{{"SumBits", 24}},
      {{"SumBits", 1}},
      {{"ThetaBits", 0}},
      {{"ActBits", 0}},
      {{"ActBits", 23}},
      {{"Tops", 2}},
      {{"Tops", -1}},
      {{"HalfEven", 2}},
      {{"HalfEven", -1}}}},
    {"neuron_half", {{{"ThetaBits", 24}}, {{"SumBits", 24}}, {{"SumBits", 0}}, {{"ThetaBits", 0}}}},
    {"neuron_paired",
     {{{"ThetaBits", 24}},
      {{"SumBits", 24}},
      {{"SumBits", 0}},
      {{"ThetaBits", 0}},
      {{"ActBits", 0}},
      {{"ActBits", 23}}}},
    {"neuron_signed",
     {{{"ThetaBits", 24}},
      {{"SumBits", 24}},
      {{"SumBits", 1}},
      {{"ThetaBits", 0}},
      {{"ActBits", 0}},
      {{"ActBits", 23}}}},
    {"neurons_exact_binary", {{{"Cols", 0}}}},
    {"neurons_exact_rate", {{{"Cols", 0}}}},
    {"neurons_exact_folded",
     {{{"Lanes", 65}}, {{"Lanes", 0}}, {{"Cols", 0}}, {{"Train", 2}}, {{"Train", -1}}}},
    {"neurons_paired", {{{"Cols", 0}}}},
    {"neurons_signed", {{{"Cols", 0}}}},
    {"one_hot", {{{"Inputs", 0}}, {{"Width", 0}}}},
    {"pads", {{{"Slots", 0}}}},
    {"last_token", {{{"Tokens", 0}}}},
    {"pair_words",
     {{{"Signed", 2}},
      {{"Signed", -1}},
      {{"Shift", -1}},
      {{"Lanes", 0}},
      {{"LaneBits", 0}},
      {{"WordBits", 0}}}},
    {"pass_first", {{{"Keep", 0}}, {{"Keep", 5}}}},
    {"pipe", {{{"Stages", 0}}}},
    {"plane_max", {{{"Lanes", 0}}}},
    {"plane_most", {{{"Train", 2}}, {{"Train", -1}}, {{"Lanes", 0}}, {{"Inputs", 0}}}},
    {"plane_walk", {{{"Period", 5}}, {{"Planes", 0}}, {{"AddrBits", 0}}}},
    {"recurrent_fork", {{{"Blocks", 0}}}},
    {"recurrent_join", {{{"Streams", 0}}, {{"Width", 0}}, {{"InBlocks", 0}}, {{"BackBlocks", 0}}}},
    {"ring", {{{"Depth", 0}}}},
    {"route_mux", {{{"Inputs", 0}}}},
    {"scan_pins", {{{"Inputs", 0}}, {{"Outputs", 0}}}},
    {"sequencer", {{{"Units", 0}}, {{"Period", 0}}, {{"Drain", 0}}}},
    {"smb_decoder",
     {{{"Train", 2}},
      {{"Train", -1}},
      {{"Lanes", 0}},
      {{"BeatLanes", 0}},
      {{"ActBits", 0}},
      {{"Depth", 0}}}},
    {"smb_encoder",
     {{{"Train", 2}},
      {{"Train", -1}},
      {{"Lanes", 0}},
      {{"BeatLanes", 0}},
      {{"ActBits", 0}},
      {{"Depth", 0}}}},
    {"smb_memory", {{{"Width", 0}}, {{"Words", 0}}}},
    {"smb_planes",
     {{{"WriteBits", 5}},
      {{"ReadBits", 5}},
      {{"Mode", 2}},
      {{"Mode", -1}},
      {{"Mode", 1}, {"ActBits", 1}, {"WriteBits", 1}},
      {{"Lanes", 0}},
      {{"ActBits", 0}},
      {{"Depth", 0}}}},
    {"smb_values",
     {{{"WriteBits", 5}},
      {{"ReadBits", 5}},
      {{"Mode", 3}},
      {{"Mode", -1}},
      {{"Mode", 1}, {"ActBits", 1}, {"WriteBits", 1}, {"WriteTrain", 0}},
      {{"WriteTrain", 3}},
      {{"WriteTrain", -1}},
      {{"ReadTrain", 3}},
      {{"ReadTrain", -1}},
      {{"Lanes", 0}},
      {{"ActBits", 0}},
      {{"Depth", 0}}}},
    {"step_decoder", {{{"ActBits", 0}}}},
    {"sum_pipe", {{{"OutBits", 7}}, {{"InBits", 0}}, {{"Inputs", 0}}}},
    {"sum_tree", {{{"OutBits", 7}}, {{"InBits", 0}}, {{"Inputs", 0}}}},
    {"stream_buffer", {{{"Width", 0}}, {{"Depth", 0}}}},
    {"table",
     {{{"InBits", 7}},
      {{"OutBits", 7}},
      {{"Channels", 0}},
      {{"InBits", 0}},
      {{"OutBits", 0}},
      {{"Train", 2}},
      {{"Train", -1}},
      {{"SignedIn", 2}},
      {{"SignedIn", -1}},
      {{"SignedOut", 2}},
      {{"SignedOut", -1}}}},
    {"tick_delay", {{{"Width", 0}, {"Ticks", 0}}, {{"Ticks", -1}}}},
    {"token_join", {{{"Tokens", 0}}}},
    {"map_part", {{{"Rows", 0}}, {{"Rows", 5}}, {{"Cols", 0}}, {{"Cols", 5}}}},
    {"token_split", {{{"Beats", 0}}, {{"Tokens", 0}}, {{"DataBits", 0}}}},
    {"train_decoder", {{{"Train", 2}}, {{"Train", -1}}, {{"Lanes", 0}}, {{"ActBits", 0}}}},
    {"train_encoder", {{{"Train", 2}}, {{"Train", -1}}, {{"Lanes", 0}}, {{"ActBits", 0}}}},
    {"train_player",
     {{{"WindowBits", 5}}, {{"Train", 2}}, {{"Train", -1}}, {{"Lanes", 0}}, {{"ActBits", 0}}}},
    {"walk", {{{"Words", 5}, {"Step", 2}}, {{"Words", 1}, {"Step", 2}}, {{"Step", 0}}}},
    {"window_delay", {{{"Period", 0}}, {{"Ticks", -1}}}},
    {"window_tracker", {{{"Period", 0}}}},
    {"word_clip", {{{"OutBits", 0}}, {{"OutBits", 21}}}},
    {"word_gate", {{{"Width", 0}}}},
    {"word_mac", {{{"XBits", 0}}, {{"WBits", 0}}, {{"SumBits", 0}}}},
    {"word_pairs",
     {{{"CodeBits", 9}},
      {{"CodeBits", 0}},
      {{"Signed", 2}},
      {{"Signed", -1}},
      {{"Shift", -1}},
      {{"Lanes", 0}},
      {{"WordBits", 0}}}},
    {"word_product", {{{"ABits", 0}}, {{"BBits", 0}}, {{"OutBits", 0}}}},
    {"word_register", {{{"Width", 0}}}},
    {"word_round",
     {{{"Rounding", 3}}, {{"Rounding", -1}}, {{"Shift", -1}}, {{"InBits", 0}}, {{"OutBits", 0}}}},
    {"word_scale",
     {{{"Product", 2}},
      {{"Product", -1}},
      {{"InBits", 0}},
      {{"OutBits", 0}},
      {{"Plus", -1}},
      {{"Minus", -1}},
      {{"Plus", 1 << 30}},
      {{"Minus", 1 << 30}},
      {{"Plus", 7}, {"Minus", 7}}}},
    {"word_sum",
     {{{"Subtract", 2}}, {{"Subtract", -1}}, {{"ABits", 0}}, {{"BBits", 0}}, {{"OutBits", 0}}}},
    {"xbar_lanes",
     {{{"SumBits", 15}},
      {{"Rows", 1025}},
      {{"Rows", 0}},
      {{"Cols", 2049}},
      {{"Cols", 0}},
      {{"WeightBits", 1}},
      {{"WeightBits", 0}, {"Signed", 0}},
      {{"FracBits", -1}},
      {{"FracBits", 9}}}},
    {"xbar_parallel",
     {{{"SumBits", 9}, {"Rows", 4}, {"Cols", 4}},
      {{"Rows", 1025}},
      {{"Rows", 0}},
      {{"Cols", 2049}},
      {{"Cols", 0}},
      {{"WeightBits", 1}},
      {{"WeightBits", 17}}}},
    {"xbar_serial",
     {{{"SumBits", 9}, {"Rows", 4}, {"Cols", 4}},
      {{"Passes", 3}},
      {{"Passes", 0}},
      {{"Passes", 128}},
      {{"Rows", 1025}},
      {{"Rows", 0}},
      {{"Cols", 2049}},
      {{"Cols", 0}},
      {{"WeightBits", 1}},
      {{"WeightBits", 17}}}},
};

// State limits without a guard of their own: a black box, whose body synthesis does not read, and a
// register around a leaf that has the same limits.
const std::set<std::string> kElsewhere{"fpsa_xbar_macro", "fpsa_neuron_exact_rate"};

// Has no body in synthesis.
const std::string kSimulationOnly = "fpsa_xbar_lanes";

std::string guard_of(const std::string& leaf) { return "fpsa_" + leaf + "_parameter_out_of_range"; }

std::string said(std::vector<std::string> argv) {
  const base::Finished finished = base::run({.argv = std::move(argv), .directory = {}, .log = {}});
  return finished.status == 0 ? "no complaint" : finished.output;
}

std::string icarus(const std::string& top, const Values& values) {
  std::vector<std::string> argv{"iverilog", "-g2005", "-t", "null", "-y", kRtl, "-s", top};
  for (const auto& [name, value] : values)
    argv.push_back(fmt::format("-P{}.{}={}", top, name, value));
  argv.push_back(kRtl / (top + ".v"));
  return said(argv);
}

std::string verilator(const std::string& top, const Values& values) {
  std::vector<std::string> argv{"verilator", "--lint-only",  "-Wno-fatal", "-y",
                                kRtl,        "--top-module", top,          kRtl / (top + ".v")};
  for (const auto& [name, value] : values) argv.push_back(fmt::format("-G{}={}", name, value));
  return said(argv);
}

std::string yosys(const std::string& top, const Values& values) {
  std::string script = "read_verilog -defer -DSYNTHESIS";
  for (const auto& file : fs::directory_iterator(kRtl))
    if (file.path().extension() == ".v") script += " " + file.path().string();
  script += "; hierarchy -check -top " + top;
  for (const auto& [name, value] : values) script += fmt::format(" -chparam {} {}", name, value);
  return said({"yosys", "-q", "-p", script});
}

class Limits : public ::testing::TestWithParam<std::string> {};

TEST_P(Limits, StopTheTools) {
  const std::string top = "fpsa_" + GetParam();
  const auto names_the_guard = ::testing::HasSubstr(guard_of(GetParam()));
  const std::vector<Values>& bad = kBad.at(GetParam());
  EXPECT_THAT(verilator(top, bad.front()), names_the_guard);
  if (top != kSimulationOnly) {
    EXPECT_THAT(yosys(top, bad.front()), names_the_guard);
  }
  for (const Values& values : bad)
    EXPECT_THAT(icarus(top, values), names_the_guard) << ::testing::PrintToString(values);
  EXPECT_EQ(icarus(top, {}), "no complaint");
}

std::vector<std::string> guarded() {
  std::vector<std::string> leaves;
  for (const auto& [leaf, bad] : kBad) leaves.push_back(leaf);
  return leaves;
}

INSTANTIATE_TEST_SUITE_P(Leaves, Limits, ::testing::ValuesIn(guarded()),
                         [](const auto& leaf) { return leaf.param; });

TEST(Limits, OfEveryLeafAreGuardedAndTested) {
  for (const auto& file : fs::directory_iterator(kRtl)) {
    if (file.path().extension() != ".v") continue;
    const std::string module = file.path().stem();
    const std::string text = base::read_file(file.path());
    const std::string leaf = module.substr(module.find('_') + 1);
    const bool guards = text.find(guard_of(leaf)) != std::string::npos;
    const bool states = text.find("\n// Limits ") != std::string::npos;
    EXPECT_EQ(guards, states && !kElsewhere.contains(module)) << module;
    EXPECT_EQ(guards, kBad.contains(leaf)) << module;
  }
}

}  // namespace
