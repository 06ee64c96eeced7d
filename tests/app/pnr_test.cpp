// `fpsa pnr`: circuits in BLIF on a fabric.
#include <nlohmann/json.hpp>

#include "app/command_line.hpp"

namespace {

namespace fs = std::filesystem;
using base::Code;
using test::expect_fault;
using test::fpsa;
using testing::HasSubstr;

// A counter of two bits with a carry, and a LUT that nothing hangs on.
const char* const kCounter =
    ".model counter\n.inputs up clk\n.outputs c0 c1 carry\n"
    ".names up c0 n0\n10 1\n01 1\n.names up c0 c1 n1\n110 1\n0-1 1\n-01 1\n"
    ".names up c0 c1 carry\n111 1\n.names up idle\n0 1\n"
    ".latch n0 c0 re clk 0\n.latch n1 c1 re clk 0\n.end\n";

class Pnr : public testing::Test {
 protected:
  Pnr() { base::write_file(path() / "counter.blif", kCounter); }
  const fs::path& path() const { return folder_.path(); }
  test::Ended run(std::vector<std::string> more, const std::string& out = "out") const {
    std::vector<std::string> words = {"pnr", "--blif", "counter.blif", "-o", out};
    words.insert(words.end(), more.begin(), more.end());
    return fpsa(words, {.folder = path()});
  }

 private:
  test::TemporaryFolder folder_;
};

TEST_F(Pnr, WritesWhatBecameOfTheCircuit) {
  const auto ended = run({"-q"});
  ASSERT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.err, "");
  EXPECT_THAT(ended.out, HasSubstr("counter: 2 inputs, 3 outputs, 3 LUTs, 2 flip-flops"));
  EXPECT_THAT(ended.out, HasSubstr("1 LUTs and flip-flops that no output hangs on"));
  EXPECT_THAT(ended.out, HasSubstr("1 x 1 tiles, 100 tracks a channel"));
  for (const char* file : {"circuit.blif", "placement.txt", "routing.txt", "path.txt",
                           "floorplan.svg", "configuration.txt", "bitstream.bin", "metrics.json", "manifest.json"})
    EXPECT_TRUE(fs::exists(path() / "out" / file)) << file;
  EXPECT_THAT(base::read_file(path() / "out" / "circuit.blif"), testing::Not(HasSubstr("idle")));
}

TEST_F(Pnr, TakesTheFabricFromItsSettings) {
  const auto ended = run({"-q", "--json", "--set", "luts=1", "--set", "columns=3", "--set",
                          "rows=2", "--set", "channel_width=20", "--set", "switch_box=disjoint",
                          "--set", "fc_in_percent=100", "--set", "fc_out_percent=100"});
  ASSERT_EQ(ended.status, 0) << ended.err;
  const auto pnr = nlohmann::json::parse(ended.out)["pnr"];
  EXPECT_EQ(pnr["columns"], 3);
  EXPECT_EQ(pnr["rows"], 2);
  EXPECT_EQ(pnr["tiles"], 3);
  EXPECT_EQ(pnr["channel_width"], 20);
  const auto least = run({"-q", "--json", "--set", "luts=1", "--least-width"}, "least");
  ASSERT_EQ(least.status, 0) << least.err;
  EXPECT_LT(nlohmann::json::parse(least.out)["pnr"]["channel_width"], 20);
}

TEST_F(Pnr, GivesTheSameFilesAgain) {
  ASSERT_EQ(run({"-q"}, "a").status, 0);
  ASSERT_EQ(run({"-q"}, "b").status, 0);
  for (const auto& entry : fs::directory_iterator(path() / "a"))
    EXPECT_EQ(base::read_file(entry.path()),
              base::read_file(path() / "b" / entry.path().filename()))
        << entry.path();
}

TEST_F(Pnr, TellsItsStages) {
  const auto ended = run({});
  for (const char* stage : {"read", "pack", "place", "route", "check", "configure"})
    EXPECT_THAT(ended.err, HasSubstr(stage));
  EXPECT_THAT(ended.err, HasSubstr("[6/6]"));
}

TEST_F(Pnr, RefusesWhatItCannotDo) {
  expect_fault(run({"--set", "luts"}), Code::kUsage, {"is not key=value"});
  expect_fault(run({"--set", "lutz=3"}), Code::kUnknownKey, {"lutz"});
  expect_fault(run({"--set", "luts=0"}), Code::kOutOfRange, {"luts"});
  expect_fault(run({"--set", "channel_width=6"}), Code::kFabricRange, {"channel_width"});
  expect_fault(run({"--set", "columns=1", "--set", "rows=1", "--set", "luts=1"}), Code::kDoesNotFit,
               {"3 logic tiles"});
  expect_fault(run({"--set", "io_slots=1", "--set", "columns=1", "--set", "rows=1"}),
               Code::kDoesNotFit, {"5 pads"});
  expect_fault(run({"--set", "lut_inputs=2"}), Code::kDoesNotFit, {"inputs"});
  base::write_file(path() / "counter.blif", ".model m\n.inputs a\n.outputs b\n");
  expect_fault(run({}), Code::kBadGraph, {"b"});
  fs::remove(path() / "counter.blif");
  expect_fault(run({}), Code::kFileUnreadable, {"counter.blif"});
  EXPECT_FALSE(fs::exists(path() / "out" / "manifest.json"));
}

TEST_F(Pnr, ADirectoryOfACircuitHasNothingToSimulate) {
  ASSERT_EQ(run({"-q"}).status, 0);
  expect_fault(fpsa({"simulate", "out"}, {.folder = path()}), Code::kUsage, {"no RTL yet"});
  expect_fault(fpsa({"synth", "out"}, {.folder = path()}), Code::kUsage, {"no RTL yet"});
  ASSERT_EQ(run({"-q"}).status, 0) << "it is ours: made anew";
}

}  // namespace
