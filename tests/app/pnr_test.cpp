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
  for (const char* file :
       {"circuit.blif", "placement.txt", "routing.txt", "path.txt", "floorplan.svg",
        "configuration.txt", "bitstream.bin", "metrics.json", "manifest.json"})
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

// A technology of one's own: the shipped one, twice as slow in its LUTs and wires.
TEST_F(Pnr, TakesDelaysFromTheTechnology) {
  std::string text = base::read_file(FPSA_SOURCE_DIR "/constraints/technology/45nm.toml");
  const auto change = [&text](const std::string& figure, const std::string& value) {
    const std::size_t at = text.find("value = ", text.find("[fabric." + figure + "]")) + 8;
    text.replace(at, text.find('\n', at) - at, value);
  };
  const auto period = [this](const std::vector<std::string>& more) {
    std::vector<std::string> words = {"-q", "--json"};
    words.insert(words.end(), more.begin(), more.end());
    const auto ended = run(words);
    EXPECT_EQ(ended.status, 0) << ended.err;
    return nlohmann::json::parse(ended.out)["pnr"]["period_ps"].get<int>();
  };
  const int shipped = period({});
  change("lut", "522");
  base::write_file(path() / "slow.toml", text);
  const std::vector<std::string> slow = {"--set", "synth.technology=slow.toml"};
  EXPECT_EQ(period(slow), shipped + 261);
  change("wire_capacitance", "45");
  change("driver_resistance", "1102");
  base::write_file(path() / "slow.toml", text);
  EXPECT_GT(period(slow), shipped + 261 + 50);
  ASSERT_EQ(fpsa({"export", "vpr", "out", "-o", "vpr"}, {.folder = path()}).status, 0);
  EXPECT_THAT(base::read_file(path() / "vpr" / "arch.xml"), HasSubstr(R"(Cmetal="45e-15")"));
  change("wire_capacitance", "45000");
  base::write_file(path() / "slow.toml", text);
  expect_fault(run(slow), Code::kFabricRange, {"delays.wire_capacitance"});
  change("setup", "0");
  base::write_file(path() / "slow.toml", text);
  expect_fault(run(slow), Code::kBadText, {"fabric.setup"});
  base::write_file(path() / "slow.toml", text.substr(0, text.find("[fabric]")));
  expect_fault(run(slow), Code::kBadText, {"no delays of fabrics"});
}

TEST_F(Pnr, GivesTheSameFilesAgain) {
  ASSERT_EQ(run({"-q"}, "a").status, 0);
  ASSERT_EQ(run({"-q"}, "b").status, 0);
  for (const auto& entry : fs::recursive_directory_iterator(path() / "a"))
    if (entry.is_regular_file()) {
      EXPECT_EQ(base::read_file(entry.path()),
                base::read_file(path() / "b" / fs::relative(entry.path(), path() / "a")))
          << entry.path();
    }
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

TEST_F(Pnr, TheFabricComputesTheCircuit) {
  ASSERT_EQ(run({"-q"}).status, 0);
  const auto ended = fpsa({"simulate", "out", "-q"}, {.folder = path()});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("PASS clocks=200 pads=32"));
  std::string expected = base::read_file(path() / "out" / "tb" / "vectors" / "expected.mem");
  expected[0] = expected[0] == '0' ? 'f' : '0';
  base::write_file(path() / "out" / "tb" / "vectors" / "expected.mem", expected);
  expect_fault(fpsa({"simulate", "out", "-q"}, {.folder = path()}), Code::kMismatch, {"pad="});
}

TEST_F(Pnr, ADamagedBitstreamNeverRuns) {
  ASSERT_EQ(run({"-q"}).status, 0);
  std::string load = base::read_file(path() / "out" / "tb" / "vectors" / "load.mem");
  load[load.size() - 3] = load[load.size() - 3] == '0' ? 'f' : '0';  // of the CRC
  base::write_file(path() / "out" / "tb" / "vectors" / "load.mem", load);
  expect_fault(fpsa({"simulate", "out", "-q"}, {.folder = path()}), Code::kSimulationHang,
               {"is not active"});
}

TEST_F(Pnr, ExportsItsFabricAndCircuitForVpr) {
  ASSERT_EQ(run({"-q", "--set", "channel_width=60"}).status, 0);
  const auto exported = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"export", "vpr"});
    return fpsa(more, {.folder = path()});
  };
  const auto ended = exported({"out", "-o", "vpr"});
  ASSERT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.out,
            "next: vpr vpr/arch.xml vpr/circuit.blif --device fpsa --route_chan_width 60\n");
  EXPECT_THAT(base::read_file(path() / "vpr" / "arch.xml"),
              HasSubstr("<fixed_layout name=\"fpsa\" width=\"3\" height=\"3\">"));
  EXPECT_EQ(base::read_file(path() / "vpr" / "circuit.blif"),
            base::read_file(path() / "out" / "circuit.blif"));
  base::write_file(path() / "vpr" / "notes", "mine");
  EXPECT_EQ(exported({"out", "-o", "vpr"}).status, 0) << "it is ours: made anew";
  EXPECT_EQ(base::read_file(path() / "vpr" / "notes"), "mine");
  fs::remove(path() / "vpr" / "arch.xml");
  expect_fault(exported({"out", "-o", "vpr"}), Code::kForeignDirectory, {"vpr"});
  expect_fault(exported({"vpr", "-o", "other"}), Code::kNotARunDirectory, {"vpr"});
  expect_fault(fpsa({"export", "xml", "out", "-o", "other"}, {.folder = path()}), Code::kUsage,
               {"xml"});
}

TEST_F(Pnr, ADirectoryOfACircuitHasLimits) {
  ASSERT_EQ(run({"-q"}).status, 0);
  const auto simulate = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"simulate", "out"});
    return fpsa(more, {.folder = path()});
  };
  expect_fault(simulate({"--level", "emulate"}), Code::kUsage, {"at level rtl or gate"});
  expect_fault(simulate({"--simulator", "verilator"}), Code::kUsage, {"form loops"});
  expect_fault(simulate({"--seed", "3"}), Code::kUsage, {"without stalls"});
  expect_fault(simulate({"--samples", "3"}), Code::kUsage, {"its own inputs"});
  ASSERT_EQ(run({"-q"}).status, 0) << "it is ours: made anew";
}

TEST(PnrOfANetwork, RefusesRecurrentCells) {
  const test::TemporaryFolder folder;
  const test::Setting here{.folder = folder.path()};
  const std::string spec = std::string(FPSA_SOURCE_DIR) + "/examples/vowels_gru/spec.toml";
  ASSERT_EQ(fpsa({"compile", spec, "-o", "net", "-q"}, here).status, 0);
  expect_fault(fpsa({"pnr", "net", "-o", "out", "-q"}, here), Code::kUsage,
               {"no tiles for recurrent cells"});
}

TEST(GenerateTile, TellsWhatItOffers) {
  const test::TemporaryFolder folder;
  const auto ended =
      fpsa({"generate", "tile", "--set", "luts=3", "--set", "lut_inputs=5", "-o", "out", "--json"},
           {.folder = folder.path()});
  ASSERT_EQ(ended.status, 0) << ended.err;
  const auto unit = nlohmann::json::parse(ended.out).at("unit");
  EXPECT_EQ(unit.at("luts"), 3);
  EXPECT_EQ(unit.at("lut4_equivalents"), 6);
  EXPECT_TRUE(fs::exists(folder / "out" / "rtl" / "fpsa_tile.v"));
  expect_fault(fpsa({"simulate", "out"}, {.folder = folder.path()}), Code::kUsage, {"no bench"});
  expect_fault(fpsa({"export", "vpr", "out", "-o", "vpr"}, {.folder = folder.path()}), Code::kUsage,
               {"no fabric"});
}

TEST(GenerateTile, ComesInFourKinds) {
  const test::TemporaryFolder folder;
  const auto generate = [&](std::vector<std::string> words) {
    words.insert(words.begin(), "generate");
    words.insert(words.end(), {"-o", "out"});
    return fpsa(words, {.folder = folder.path()});
  };
  const auto unit = [&](std::vector<std::string> words) {
    words.push_back("--json");
    const auto ended = generate(words);
    EXPECT_EQ(ended.status, 0) << ended.err;
    return nlohmann::json::parse(ended.out).at("unit");
  };
  const auto pads = unit({"io_tile", "--set", "channel_width=40", "--set", "io_slots=3"});
  EXPECT_EQ(pads.at("configuration_bits"), pads.at("routing").at("bits"));
  EXPECT_FALSE(pads.contains("luts"));
  const std::vector<std::string> pe = {"pe_tile",          "--set", "pe_rows=8",     "--set",
                                       "pe_cols=4",        "--set", "pe.train=rate", "--set",
                                       "channel_width=40", "--set", "pe_cascade=3"};
  const int linked = unit(pe).at("routing").at("multiplexers");
  EXPECT_TRUE(fs::exists(folder / "out/rtl/fpsa_xbar_macro.v"));
  const int alone = unit({pe.begin(), pe.end() - 2}).at("routing").at("multiplexers");
  EXPECT_EQ(linked, alone + 1) << "the link's bit";
  const auto memory = unit({"memory_tile", "--set", "memory_width=5"});
  EXPECT_GT(memory.at("routing").at("multiplexers"), 5 + 5);
  expect_fault(generate({"pe_tile", "--set", "pe.rowz=3"}), Code::kUnknownKey, {"pe.rowz"});
  expect_fault(generate({"memory_tile", "--set", "channel_width=6"}), Code::kFabricRange,
               {"channel_width"});
}

TEST(GenerateFabric, IsQuietUntilItIsConfigured) {
  const test::TemporaryFolder folder;
  const auto ended = fpsa({"generate", "fabric", "--set", "columns=2", "--set", "luts=3", "--set",
                           "clb_inputs=8", "--set", "channel_width=12", "-o", "out"},
                          {.folder = folder.path()});
  ASSERT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("fpsa simulate out"));
  EXPECT_TRUE(fs::exists(folder / "out" / "rtl" / "fpsa_fabric.v"));
  const auto exported = fpsa({"export", "vpr", "out", "-o", "vpr"}, {.folder = folder.path()});
  EXPECT_THAT(exported.out, HasSubstr("CIRCUIT.blif"));
  EXPECT_FALSE(fs::exists(folder / "vpr" / "circuit.blif"));
  const auto simulated = fpsa({"simulate", "out", "-q"}, {.folder = folder.path()});
  EXPECT_EQ(simulated.status, 0) << simulated.err;
  EXPECT_THAT(simulated.out, HasSubstr("PASS clocks=200 pads=96"));
  expect_fault(
      fpsa({"generate", "fabric", "--set", "rows=64x", "-o", "other"}, {.folder = folder.path()}),
      Code::kWrongType, {"rows"});
}

}  // namespace
