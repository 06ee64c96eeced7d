// Wrong words on the command line and wrong keys in a spec.
#include <nlohmann/json.hpp>

#include "app/command_line.hpp"
#include "app/small_project.hpp"

namespace {

using base::Code;
using test::entries;
using test::expect_fault;
using test::fpsa;
using test::SmallProject;
using test::TemporaryFolder;

TEST(Usage, NoVerb) { expect_fault(fpsa({}), Code::kUsage, {"try: fpsa --help"}); }

TEST(Usage, UnknownVerbGetsTheNearest) {
  expect_fault(fpsa({"compil", "spec.toml"}), Code::kUsage,
               {"\"compil\" is not a verb of fpsa", "try: compile, or fpsa --help"});
  expect_fault(fpsa({"frobnicate"}), Code::kUsage, {"\"frobnicate\" is not", "try: fpsa --help"});
}

TEST(Usage, UnknownFlagGetsTheNearest) {
  expect_fault(fpsa({"ops", "--jsn"}), Code::kUsage,
               {"\"--jsn\" is not an argument of ops", "try: --json, or fpsa ops --help"});
  expect_fault(fpsa({"--versoin"}), Code::kUsage, {"try: --version, or fpsa --help"});
}

TEST(Usage, MissingAndBadArguments) {
  expect_fault(fpsa({"compile"}), Code::kUsage, {"spec", "required", "try: fpsa compile --help"});
  expect_fault(fpsa({"run", "spec.toml", "-j", "0"}), Code::kUsage,
               {"--jobs", "not in range 1 to 256"});
  expect_fault(fpsa({"run", "spec.toml", "--samples", "many"}), Code::kUsage,
               {"--samples", "many"});
  expect_fault(fpsa({"simulate", "x", "--level", "analog"}), Code::kUsage,
               {"--level", "analog", "emulate"});
  expect_fault(fpsa({"generate", "pe"}), Code::kUsage, {"--out", "required"});
  for (const char* value : {"nan", "-nan", "inf", "1e9"}) {
    for (const char* option : {"--backpressure", "--idle"})
      expect_fault(fpsa({"simulate", "x", std::string(option) + "=" + value}), Code::kUsage,
                   {option, "not in range 0 to 0.95"});
    expect_fault(fpsa({"synth", "x", std::string("--clock=") + value}), Code::kUsage,
                 {"--clock", "not in range 0.01 to 1000000"});
  }
}

TEST(Usage, SettingsOfAUnit) {
  const TemporaryFolder folder;
  const auto generate = [&](const std::string& unit, const std::string& setting) {
    return fpsa({"generate", unit, "--set", setting, "-o", "x"}, {.folder = folder.path()});
  };
  expect_fault(
      generate("pee", "rows=4"), Code::kUnknownUnit,
      {"\"pee\"", "units: busy, circulant, counter, csr,", "sequencer, smb", "try: fpsa generate pe"});
  expect_fault(generate("delay", "lane=4"), Code::kUnknownKey, {"delay.lane", "try: lanes"});
  expect_fault(generate("load", "lanes=4"), Code::kUnknownKey, {"load.lanes", "no settings"});
  expect_fault(generate("delay", "lanes=many"), Code::kWrongType,
               {"lanes = \"many\"", "at: --set lanes=many", "try: lanes=16"});
  expect_fault(generate("delay", "lanes=0"), Code::kOutOfRange, {"lanes = 0", "try: 1 to 1024"});
  expect_fault(generate("encoder", "train=slow"), Code::kBadChoice,
               {"train = \"slow\"", "one of \"binary\", \"rate\""});
  expect_fault(generate("pe", "rows"), Code::kUsage, {"\"rows\" is not key=value", "at: --set"});
  expect_fault(generate("pe", "row=4"), Code::kUnknownKey, {"pe.row", "try: rows"});
  expect_fault(generate("pe", "rows=4096"), Code::kOutOfRange,
               {"pe.rows = 4096", "1 to 1024", "at: --set rows=4096"});
  expect_fault(generate("pe", "rows=few"), Code::kWrongType, {"pe.rows"});
  expect_fault(generate("pe", "neuron=spicy"), Code::kBadChoice, {"pe.neuron", "\"exact\""});
  expect_fault(generate("pe", "neuron=signed"), Code::kKeyConflict, {"pe.neuron", "pe.train"});
  EXPECT_EQ(entries(folder.path()), std::vector<std::string>{});
}

TEST(Usage, SpecsWithMistakes) {
  SmallProject project;
  const auto compile = [&](const std::string& lines) {
    project.write_spec(lines);
    return fpsa({"compile", "spec.toml", "-o", "x"}, {.folder = project.path()});
  };
  expect_fault(compile("sampels = 3\n"), Code::kUnknownKey,
               {"simulate.sampels", "at: ", "spec.toml:17:1", "try: samples"});
  expect_fault(compile("idle = 2\n"), Code::kOutOfRange,
               {"simulate.idle = 2", "0 to 0.95", "spec.toml:17"});
  expect_fault(compile("[synth]\nflow = \"fpga\"\n"), Code::kBadChoice,
               {"synth.flow", "\"ice40\""});
  expect_fault(compile("[sinth]\n"), Code::kUnknownKey, {"sinth", "try: [synth]"});
  expect_fault(compile("seed = \n"), Code::kSpecSyntax, {"spec.toml:17"});
  EXPECT_EQ(entries(project.path()),
            (std::vector<std::string>{"model.onnx", "samples.npy", "spec.toml"}));
}

TEST(Usage, AllFaultsOfASpecAtOnce) {
  SmallProject project;
  project.write_spec("sampels = 3\nidle = 2\n");
  const auto ended = fpsa({"compile", "spec.toml"}, {.folder = project.path()});
  expect_fault(ended, Code::kUnknownKey, {"simulate.sampels"});
  expect_fault(ended, Code::kOutOfRange, {"simulate.idle"});
}

TEST(Usage, MissingSpec) {
  const TemporaryFolder folder;
  const auto ended = fpsa({"compile", "none.toml"}, {.folder = folder.path()});
  expect_fault(ended, Code::kFileUnreadable, {"cannot read none.toml", "No such file"});
  EXPECT_EQ(entries(folder.path()), std::vector<std::string>{});
}

TEST(Usage, NotARunDirectory) {
  const TemporaryFolder folder;
  for (const char* verb : {"simulate", "synth"})
    expect_fault(fpsa({verb, folder.path()}), Code::kNotARunDirectory,
                 {"no manifest.json", folder.path().string()});
  const std::string start = R"({"fpsa_version": "0", "top": "x", "artefacts": {}, )";
  for (const std::string& text :
       {std::string("{"), std::string("{}"), std::string("[]"), start + R"("kind": 7, "spec": {}})",
        start + R"("kind": "pe"})",
        std::string(R"({"fpsa_version": "0", "top": "x; y", "artefacts": {}, )") +
            R"("kind": "pe", "spec": {}})"}) {
    base::write_file(folder / "manifest.json", text);
    expect_fault(fpsa({"simulate", folder.path()}), Code::kNotARunDirectory,
                 {"no manifest that fpsa writes"});
  }
  base::write_file(folder / "manifest.json", start + R"("kind": "pe", "spec": {"pe": 3}})");
  expect_fault(fpsa({"simulate", folder.path()}), Code::kNotARunDirectory,
               {"none of this version"});
}

// One that an older fpsa wrote lacks the keys that came since.
TEST(Usage, AManifestOfAnotherVersionSaysHowToGoOn) {
  const TemporaryFolder folder;
  const test::Setting here{.folder = folder.path()};
  const std::vector<std::string> generate{"generate", "pe",     "--set", "rows=2",
                                          "--set",    "cols=2", "-o",    "pe"};
  ASSERT_EQ(fpsa(generate, here).status, 0);
  auto manifest = nlohmann::json::parse(base::read_file(folder / "pe/manifest.json"));
  manifest["spec"]["host"].erase("reset");
  base::write_file(folder / "pe/manifest.json", manifest.dump());
  for (const char* verb : {"simulate", "synth"})
    expect_fault(fpsa({verb, "pe"}, here), Code::kNotARunDirectory,
                 {"none of this version of fpsa: host.reset is missing",
                  "try: make the directory anew with fpsa compile or generate"});
  EXPECT_EQ(fpsa(generate, here).status, 0);  // as it says
  EXPECT_EQ(fpsa({"simulate", "-q", "pe", "--simulator", "icarus"}, here).status, 0);
}

TEST(Usage, OptionsThatWouldBeIgnoredAreRefused) {
  const TemporaryFolder folder;
  const test::Setting here{.folder = folder.path()};
  ASSERT_EQ(fpsa({"generate", "pe", "--set", "rows=2", "--set", "cols=2", "-o", "pe"}, here).status,
            0);
  expect_fault(fpsa({"simulate", "pe", "--samples", "5"}, here), Code::kUsage, {"at: --samples"});
  expect_fault(fpsa({"simulate", "pe", "--trace"}, here), Code::kUsage, {"at: --trace"});
  expect_fault(fpsa({"simulate", "pe", "--level", "emulate"}, here), Code::kUsage,
               {"try: --level rtl"});
  expect_fault(fpsa({"simulate", "pe", "--seed", "-1"}, here), Code::kUsage, {"--seed", "-1"});
  ASSERT_EQ(fpsa({"generate", "load", "-o", "load"}, here).status, 0);
  for (const char* option : {"--idle", "--seed"})
    expect_fault(fpsa({"simulate", "load", option, "0"}, here), Code::kUsage,
                 {"at: --idle, --seed"});
  expect_fault(fpsa({"synth", "pe", "--clock", "0"}, here), Code::kUsage, {"--clock", "0.01"});
}

TEST(Usage, ExplainNeedsALayerOfTheNetwork) {
  const SmallProject project;
  const test::Setting here{.folder = project.path()};
  ASSERT_EQ(fpsa({"compile", "-q", "spec.toml", "-o", "net"}, here).status, 0);
  EXPECT_EQ(fpsa({"explain", "net", "hidden"}, here).status, 0);
  expect_fault(fpsa({"explain", "net", "hiden"}, here), Code::kUnknownLayer,
               {"no layer \"hiden\"", "at: net", "try: hidden"});
  expect_fault(fpsa({"explain", "net", "conv"}, here), Code::kUnknownLayer,
               {"try: one of hidden, last"});
  ASSERT_EQ(
      fpsa({"generate", "pe", "--set", "rows=2", "--set", "cols=2", "-o", "unit"}, here).status, 0);
  expect_fault(fpsa({"explain", "unit", "hidden"}, here), Code::kUsage, {"has no layers"});
}

}  // namespace
