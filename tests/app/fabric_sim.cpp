// Networks on fabrics, as a user brings them there.
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/cnn_project.hpp"
#include "app/command_line.hpp"
#include "app/small_project.hpp"
#include "base/subprocess.hpp"

namespace {

namespace fs = std::filesystem;
using base::Code;
using test::expect_fault;
using test::fpsa;

// Compiles the project's spec into "x" and puts that on a fabric: "f".
void place(const test::SmallProject& project, const std::vector<std::string>& settings = {}) {
  const auto compiled = fpsa({"compile", "spec.toml", "-o", "x", "-q"}, {.folder = project.path()});
  ASSERT_EQ(compiled.status, 0) << compiled.err;
  std::vector<std::string> words = {"pnr", "x", "-o", "f", "-q"};
  for (const std::string& setting : settings) words.insert(words.end(), {"--set", setting});
  const auto placed = fpsa(words, {.folder = project.path()});
  ASSERT_EQ(placed.status, 0) << placed.err;
}

nlohmann::json simulated(const test::SmallProject& project, const std::vector<std::string>& more) {
  std::vector<std::string> words = {"simulate", "f", "-q", "--json"};
  words.insert(words.end(), more.begin(), more.end());
  const auto ended = fpsa(words, {.folder = project.path()});
  EXPECT_EQ(ended.status, 0) << ended.err;
  return nlohmann::json::parse(ended.out, nullptr, false);
}

// Of the run directory `run` what rtl/design.f lists, through the tools' checks.
void expect_clean(const fs::path& run) {
  std::vector<std::string> files;
  std::istringstream list(base::read_file(run / "rtl" / "design.f"));
  for (std::string line; std::getline(list, line);)
    if (line.starts_with("rtl/")) files.push_back(line);
  const auto output = [&](std::vector<std::string> words) {
    words.insert(words.end(), files.begin(), files.end());
    return base::run_checked({.argv = words, .directory = run, .log = {}}).output;
  };
  EXPECT_EQ(output({"verilator", "--lint-only", "-Wall", "--top-module", "fpsa_top"}), "");
  EXPECT_EQ(output({"iverilog", "-g2005", "-Wall", "-s", "fpsa_top", "-o", "build/top.vvp"}), "");
}

// What the bits make of the fabric gives the integer network's results under stalls, its weights
// loaded through the fabric's wires.
TEST(NetworkOnAFabric, GivesTheIntegersResults) {
  const test::SmallProject project;
  ASSERT_NO_FATAL_FAILURE(place(project));
  const auto found =
      simulated(project, {"--backpressure", "0.3", "--idle", "0.3", "--samples", "8"});
  EXPECT_GT(found["simulation"]["outputs_compared"], 15);
  EXPECT_EQ(found["simulation"]["output_mismatches"], 0);
  EXPECT_EQ(found["levels"][3]["level"], "rtl");
  EXPECT_EQ(found["pnr"]["hard"][0]["used"], 1);
  for (const char* file : {"bitstream.bin", "floorplan.svg", "fabric/fpsa_top.v"})
    EXPECT_TRUE(fs::exists(project / "f" / file)) << file;
  expect_clean(project / "f");
}

// Maps wait in memory tiles, of which they take several side by side and one after the other.
TEST(NetworkOnAFabric, HasMemoryTiles) {
  const test::CnnProject project("[host]\nbeat_lanes = 2\n");
  ASSERT_NO_FATAL_FAILURE(place(project, {"memory_width=2", "memory_address_bits=3"}));
  const auto found = simulated(project, {"--samples", "4"});
  EXPECT_EQ(found["simulation"]["output_mismatches"], 0);
  EXPECT_GT(found["simulation"]["outputs_compared"], 0);
  EXPECT_GT(found["pnr"]["hard"].back()["used"], 8);
}

// What the bits make of a fabric is no hardware, and VPR knows no PEs.
TEST(NetworkOnAFabric, IsNeitherSynthesisedNorExported) {
  const test::SmallProject project;
  ASSERT_NO_FATAL_FAILURE(place(project));
  const auto run = [&](const std::vector<std::string>& words) {
    return fpsa(words, {.folder = project.path()});
  };
  expect_fault(run({"synth", "f", "--flow", "asic"}), Code::kUsage,
               {"a network on a fabric is bits", "try: name the directory that pnr took"});
  expect_fault(run({"simulate", "f", "-q", "--level", "gate"}), Code::kUsage,
               {"has no netlist", "try: --level rtl"});
  expect_fault(run({"export", "vpr", "f", "-o", "vpr"}), Code::kUsage,
               {"no tiles for this fabric's PEs", "try: export what fpsa pnr --blif made"});
}

// flows/share_fabric.sh with 8 samples of each of `specs` on the fabric of the test below.
base::Finished share_fabric(const fs::path& out, const std::vector<std::string>& specs) {
  base::Command command{
      .argv = {FPSA_SOURCE_DIR "/flows/share_fabric.sh", "-n", "8", "-o", out.string(), "-s",
               "columns=21 rows=21 pe_rows=8 pe_cols=5 pe_cascade=2 pe_columns=1 memory_width=8 "
               "memory_address_bits=6 memory_columns=2 io_slots=4"},
      .environment = {{"FPSA", FPSA_BINARY_DIR "/fpsa"}},
      .directory = out.parent_path(),
      .log = {}};
  command.argv.insert(command.argv.end(), specs.begin(), specs.end());
  return base::run(command);
}

// A perceptron and a residual CNN, one after the other, on a fabric that knows neither. The CNN's
// convolution is taller than a tile: two in a column add it up.
TEST(NetworkOnAFabric, SharesItWithAnother) {
  const std::string output_bits = "[quantise]\noutput_bits = 4\n";
  test::SmallProject perceptron;
  perceptron.write_spec(output_bits);
  std::string spec = base::read_file(perceptron / "spec.toml");
  spec.replace(spec.find("weight_bits = 4\nactivation_bits = 3"), 35,
               "weight_bits = 6\nactivation_bits = 4");
  base::write_file(perceptron / "spec.toml", spec);
  test::CnnProject cnn("[host]\nbeat_lanes = 2\n" + output_bits);
  const test::TemporaryFolder folder;
  const auto shared = share_fabric(folder / "out", {perceptron / "spec.toml", cnn / "spec.toml"});
  ASSERT_EQ(shared.status, 0) << shared.output;
  EXPECT_THAT(shared.output, testing::HasSubstr("the same bytes for each network"));
  EXPECT_THAT(shared.output, testing::ContainsRegex("\\| [0-9a-f]{8} \\| 8 \\| [0-9]+ \\| 0 \\| 0 "
                                                    "\\| [0-9]+ \\| 0 \\|\n\\| .*"
                                                    "\\| [0-9a-f]{8} \\| 8 \\| [0-9]+ \\| 0 \\| 0 "
                                                    "\\| [0-9]+ \\| 0 \\|\n"));
  for (const char* placed : {"out/0_small.fabric", "out/1_cnn.fabric"}) {
    const auto ended = fpsa({"simulate", placed, "-q", "--json", "--backpressure", "0.2"},
                            {.folder = folder.path()});
    EXPECT_EQ(ended.status, 0) << ended.err;
    const auto found = nlohmann::json::parse(ended.out, nullptr, false);
    EXPECT_GT(found["simulation"]["outputs_compared"], 15);
    EXPECT_EQ(found["simulation"]["output_mismatches"], 0);
  }
}

// Other windows make other PEs.
TEST(NetworkOnAFabric, AnotherFabricIsNoShare) {
  test::SmallProject one, other;
  other.write_spec("[quantise]\noutput_bits = 4\n");
  const test::TemporaryFolder folder;
  const auto shared = share_fabric(folder / "out", {one / "spec.toml", other / "spec.toml"});
  EXPECT_EQ(shared.status, 1);
  EXPECT_THAT(shared.output, testing::HasSubstr("is another than that of"));
}

// The spec with a line more in its section [host].
void write_host(test::SmallProject& project, const std::string& line) {
  project.write_spec("");
  std::string spec = base::read_file(project / "spec.toml");
  spec.insert(spec.find("[host]\n") + 7, line + "\n");
  base::write_file(project / "spec.toml", spec);
}

TEST(NetworkOnAFabric, IsRefusedWhereItCannotBe) {
  test::SmallProject project;
  const auto run = [&](const std::vector<std::string>& words) {
    return fpsa(words, {.folder = project.path()});
  };
  expect_fault(run({"pnr", "-o", "f"}), Code::kUsage, {"pnr places a network or a circuit"});
  expect_fault(run({"pnr", "x", "--blif", "c.blif", "-o", "f"}), Code::kUsage,
               {"pnr places a network or a circuit"});
  write_host(project, "load = \"files\"");
  ASSERT_EQ(run({"compile", "spec.toml", "-o", "x", "-q"}).status, 0);
  expect_fault(run({"pnr", "x", "-q", "-o", "f"}), Code::kUsage, {"has files of its own"});
  expect_fault(run({"simulate", "x", "-q", "--level", "fabric"}), Code::kUsage,
               {"lies on no fabric"});
  write_host(project, "reset = \"asynchronous\"");
  ASSERT_EQ(run({"compile", "spec.toml", "-o", "x", "-q"}).status, 0);
  expect_fault(run({"pnr", "x", "-q", "-o", "f"}), Code::kUsage, {"no asynchronous reset"});
  const test::CnnProject tall;
  ASSERT_EQ(fpsa({"compile", "spec.toml", "-o", "x", "-q"}, {.folder = tall.path()}).status, 0);
  expect_fault(fpsa({"pnr", "x", "-q", "-o", "f", "--set", "pe_rows=8", "--set", "pe_cols=4"},
                    {.folder = tall.path()}),
               Code::kDoesNotFit,
               {"without wires for the sums of a cascade", "try: fabric.pe_cascade = 2"});
  ASSERT_EQ(run({"generate", "pe", "--set", "rows=4", "--set", "cols=4", "-o", "u"}).status, 0);
  expect_fault(run({"pnr", "u", "-q", "-o", "f"}), Code::kUsage, {"this is no network"});
}

}  // namespace
