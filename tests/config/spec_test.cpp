#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>

#include "base/error.hpp"
#include "base/files.hpp"
#include "config/schema.hpp"
#include "config/spec_io.hpp"

namespace config {
namespace {

namespace fs = std::filesystem;
using base::Code;
using base::Fault;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string kModel = "[model]\nfile = \"m.onnx\"\n";

template <class F>
std::vector<Fault> faults_of(F&& f) {
  try {
    f();
  } catch (const base::Error& error) {
    return error.faults();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {{Code::kInternal, "", "", ""}};
}

std::vector<Fault> faults_in(const std::string& text) {
  return faults_of([&] { parse_spec(text, "dir/spec.toml"); });
}

// The only fault of the spec `text` after a complete [model] section.
Fault fault_in(const std::string& text) {
  const std::vector<Fault> faults = faults_in(kModel + text);
  EXPECT_EQ(faults.size(), 1u) << base::Error(faults).what();
  return faults.front();
}

Fault set_fault(const std::string& key, const std::string& value, const std::string& section = "") {
  Spec spec;
  const std::vector<Fault> faults = faults_of([&] { set_key(spec, key, value, section); });
  EXPECT_EQ(spec, Spec{}) << "a refused value must change nothing";
  return faults.front();
}

TEST(LoadSpec, LeftOutKeysHaveTheirDefaults) {
  Spec expected;
  expected.name = "spec";
  expected.model.file = "/project/m.onnx";
  EXPECT_EQ(parse_spec(kModel, "/project/spec.toml"), expected);
}

TEST(LoadSpec, EveryKindOfKeyIsRead) {
  const Spec spec = parse_spec(kModel +
                                   "[data]\nscale = 2\noffset = -0.5\n"
                                   "[pe]\nrows = 0x20\ncrossbar = 'serial'\ntrain = \"rate\"\n"
                                   "[simulate]\nseed = 9007199254740991\n",
                               "/project/s-1.toml");
  EXPECT_EQ(spec.name, "s-1");
  EXPECT_EQ(spec.data.scale, 2.0);
  EXPECT_EQ(spec.data.offset, -0.5);
  EXPECT_EQ(spec.pe.rows, 32);
  EXPECT_EQ(spec.pe.crossbar, Crossbar::kSerial);
  EXPECT_EQ(spec.pe.train, Train::kRate);
  EXPECT_EQ(spec.simulate.seed, 9007199254740991u);
}

TEST(LoadSpec, PathsAreTakenFromTheSpecsFolder) {
  const Spec spec = parse_spec(
      "model.file = \"../nets/./m.onnx\"\n[data]\ninputs = \"/abs/x.npy\"\n"
      "calibration = \"frames/\"\n[synth]\ntechnology = \"tech/own.toml\"\n",
      "/project/specs/a.toml");
  EXPECT_EQ(spec.model.file, "/project/nets/m.onnx");
  EXPECT_EQ(spec.data.inputs, "/abs/x.npy");
  EXPECT_EQ(spec.data.calibration, "/project/specs/frames");
  EXPECT_EQ(spec.synth.technology, "/project/specs/tech/own.toml");
  EXPECT_TRUE(spec.synth.liberty.empty());
  EXPECT_EQ(parse_spec("model.file = \"m\"", "rel/a.toml").model.file,
            fs::current_path() / "rel/m");
}

TEST(LoadSpec, KeysByNamesTakeAValueOrATable) {
  const std::string text = kModel +
                           "[data]\ninputs = { \"serving/a:0\" = \"a.npy\", b = \"/abs/b.npy\" }\n"
                           "scale = { b = 2 }\noffset = 0.5\nlayout.b = \"as_stored\"\n"
                           "[data.labels]\nclass = \"c.npy\"\n";
  const Data data = parse_spec(text, "/project/s.toml").data;
  EXPECT_EQ(data.inputs.of("serving/a:0"), "/project/a.npy");
  EXPECT_EQ(data.inputs.of("b"), "/abs/b.npy");
  EXPECT_EQ(data.inputs.of("c"), "");
  EXPECT_EQ(data.scale.of("b"), 2.0);
  EXPECT_EQ(data.scale.of("serving/a:0"), 1.0) << "of those that are not named the default";
  EXPECT_EQ(data.offset.of("b"), 0.5);
  EXPECT_EQ(data.layout.of("b"), Layout::kAsStored);
  EXPECT_EQ(data.labels.of("class"), "/project/c.npy");
}

TEST(LoadSpec, ReadsAFileAndReportsAMissingOne) {
  const fs::path path =
      fs::temp_directory_path() / ("fpsa_" + std::to_string(::getpid()) + ".toml");
  base::write_file(path, "name = \"n\"\n" + kModel);
  EXPECT_EQ(load_spec(path).model.file, path.parent_path() / "m.onnx");
  base::write_file(path, std::string(2 << 20, '#'));
  EXPECT_EQ(faults_of([&] { load_spec(path); }).front().code, Code::kFileUnreadable);
  fs::remove(path);
  EXPECT_EQ(faults_of([&] { load_spec(path); }).front().code, Code::kFileUnreadable);
}

TEST(SpecFaults, SyntaxHasItsPlace) {
  const Fault fault = faults_in("name = \"x\"\n[pe\n").front();
  EXPECT_EQ(fault.code, Code::kSpecSyntax);
  EXPECT_THAT(fault.where, testing::StartsWith("dir/spec.toml:2:"));
  EXPECT_EQ(faults_in("[)\n").front().code, Code::kSpecSyntax);  // toml++ asserts on it
  EXPECT_EQ(faults_in("name = \"a\" \u00e9\n").front().code, Code::kSpecSyntax);
  EXPECT_EQ(faults_in(kModel + "[pe]\nrows = 1\nrows = 2\n").front().code, Code::kSpecSyntax);
}

TEST(SpecFaults, UnknownKeyNamesTheNearest) {
  const Fault fault = fault_in("[pe]\n  row = 64\n");
  EXPECT_EQ(fault.code, Code::kUnknownKey);
  EXPECT_EQ(fault.what, "unknown key pe.row");
  EXPECT_EQ(fault.where, "dir/spec.toml:4:3");
  EXPECT_EQ(fault.cure, "rows");
}

TEST(SpecFaults, UnknownKeyNamesItsRightSectionOrAllKeys) {
  EXPECT_EQ(fault_in("[synth]\nrows = 64\n").cure, "pe.rows or fabric.rows");
  EXPECT_EQ(fault_in("[pe]\nseed = 64\n").cure, "macro.seed or simulate.seed");
  EXPECT_EQ(fault_in("[macro]\ncolour = 1\n").cure, "one of variation, stuck_cells, seed");
  EXPECT_EQ(fault_in("[macro]\n\"\\u001b[2J\" = 1\n").what, "unknown key macro.\"\\u001b[2J\"");
}

TEST(SpecFaults, UnknownSectionNamesTheNearestOrAll) {
  const Fault fault = fault_in("[pee]\nrows = 1\n");
  EXPECT_EQ(fault.code, Code::kUnknownKey);
  EXPECT_EQ(fault.what, "unknown section [pee]");
  EXPECT_EQ(fault.where, "dir/spec.toml:3:2");
  EXPECT_EQ(fault.cure, "[pe]");
  EXPECT_THAT(fault_in("[elephants]\n").cure, testing::StartsWith("one of model, data"));
}

TEST(SpecFaults, WrongTypeSaysWhatWasFound) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"rows = \"64\"", "pe.rows must be an integer, not the text \"64\""},
      {"rows = 64.0", "pe.rows must be an integer, not the number 64.0"},
      {"rows = true", "pe.rows must be an integer, not a boolean"},
      {"rows = [64]", "pe.rows must be an integer, not a list"},
      {"rows = {a = 1}", "pe.rows must be an integer, not a table"},
      {"rows = 2020-01-01", "pe.rows must be an integer, not a date or a time"},
      {"train = 1", "pe.train must be a text in quotes, not the integer 1"}};
  for (const auto& [line, what] : cases) {
    const Fault fault = fault_in("[pe]\n" + line + "\n");
    EXPECT_EQ(fault.code, Code::kWrongType);
    EXPECT_EQ(fault.what, what);
    EXPECT_EQ(fault.where, "dir/spec.toml:4:1");
  }
  EXPECT_EQ(fault_in("[synth]\nclock_ns = \"5\"").code, Code::kWrongType);
  EXPECT_EQ(fault_in("[data]\ninputs = 5").code, Code::kWrongType);
  EXPECT_EQ(faults_in("pe = 3\n" + kModel).front().what, "pe is a section, not a key");
  EXPECT_EQ(fault_in("[[pe]]\nrows = 1\n").code, Code::kWrongType);
  EXPECT_EQ(faults_in("name = {}\n" + kModel).front().code, Code::kWrongType);
}

TEST(SpecFaults, ATableHasTheFaultsOfItsEntries) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"inputs = { a = 1 }", "data.inputs.a must be a text in quotes, not the integer 1"},
      {"inputs = { a = true }", "data.inputs.a must be a text in quotes, not a boolean"},
      {"inputs.a.b = \"x\"", "data.inputs.a must be a text in quotes, not a table"},
      {"inputs = {}", "data.inputs must be a text in quotes, or a table by names, not a table"},
      {"inputs = 5",
       "data.inputs must be a text in quotes, or a table by names, not the integer 5"},
      {"inputs = { \"a b\" = \"\" }", "data.inputs.\"a b\" is empty"},
      {"calibration_samples = { a = 1 }",
       "data.calibration_samples must be an integer, not a table"},
      {"scale.a = 1e10",
       "data.scale.a = 10000000000.0 is outside the allowed range -1000000000 to 1000000000"},
      {"layout.a = \"nhwc\"",
       "data.layout.a = \"nhwc\" is not one of \"auto\", \"as_stored\", \"nhwc_to_nchw\", "
       "\"nchw_to_nhwc\""}};
  for (const auto& [line, what] : cases) {
    const Fault fault = fault_in("[data]\n" + line + "\n");
    EXPECT_EQ(fault.what, what);
    EXPECT_EQ(fault.where, "dir/spec.toml:4:1");
  }
  EXPECT_EQ(faults_in(kModel + "[data]\ninputs = { a = 1, b = 2 }\n").size(), 2u) << "all of them";
}

TEST(SpecFaults, OutOfRangeStatesValueAndRange) {
  const Fault fault = fault_in("[pe]\nrows = 4096\n");
  EXPECT_EQ(fault.code, Code::kOutOfRange);
  EXPECT_EQ(fault.what, "pe.rows = 4096 is outside the allowed range 1 to 1024");
  EXPECT_EQ(fault.cure, "a value from 1 to 1024");
  EXPECT_EQ(fault_in("[data]\nscale = nan").what,
            "data.scale = nan is outside the allowed range -1000000000 to 1000000000");
  EXPECT_EQ(fault_in("[data]\noffset = -inf").code, Code::kOutOfRange);
  EXPECT_EQ(fault_in("[simulate]\nseed = -1").code, Code::kOutOfRange);
}

TEST(SpecFaults, BothEndsOfEveryRangeAreAllowedAndNothingPastThem) {
  for (const Key& key : keys()) {
    if (key.type != Type::kInteger && key.type != Type::kNumber) continue;
    const bool integer = key.type == Type::kInteger;
    const auto text = [&](double x) {
      return literal(integer ? Value(std::int64_t(x)) : Value(x));
    };
    Spec spec;
    EXPECT_LT(key.low, key.high) << key.path();
    set_key(spec, key.path(), text(key.low));
    EXPECT_EQ(literal(key.get(spec)), text(key.low)) << key.path();
    set_key(spec, key.path(), text(key.high));
    EXPECT_EQ(literal(key.get(spec)), text(key.high)) << key.path();
    const double below = integer ? key.low - 1 : std::nextafter(key.low, -1e300);
    const double above = integer ? key.high + 1 : std::nextafter(key.high, 1e300);
    EXPECT_EQ(set_fault(key.path(), text(below)).code, Code::kOutOfRange) << key.path();
    EXPECT_EQ(set_fault(key.path(), text(above)).code, Code::kOutOfRange) << key.path();
  }
}

TEST(SpecFaults, BadChoiceListsTheChoices) {
  const Fault fault = fault_in("[pe]\nneuron = \"singed\"\n");
  EXPECT_EQ(fault.code, Code::kBadChoice);
  EXPECT_EQ(fault.what, "pe.neuron = \"singed\" is not one of \"exact\", \"signed\", \"paired\"");
  EXPECT_EQ(fault.cure, "\"signed\"");
  EXPECT_EQ(fault_in("[pe]\nneuron = \"\"\n").cure, "one of these");
}

TEST(SpecFaults, BadText) {
  for (const char* name : {"9lives", "a b", "a/b", "a.b", "\\u001b[31m", "n\\u00e9"}) {
    const std::vector<Fault> faults = faults_in("name = \"" + std::string(name) + "\"\n" + kModel);
    ASSERT_EQ(faults.size(), 1u);
    EXPECT_EQ(faults[0].code, Code::kBadText) << name;
    EXPECT_EQ(faults[0].what.find('\033'), std::string::npos);
  }
  EXPECT_EQ(set_fault("name", std::string(65, 'a')).code, Code::kBadText);
  EXPECT_EQ(fault_in("[data]\ninputs = \"a\\u0000b\"").code, Code::kBadText);
  // A file may be called so.
  EXPECT_NO_THROW(parse_spec("[data]\ninputs = \"a\\nb\"\n" + kModel, "/project/spec.toml"));
  EXPECT_EQ(fault_in("[synth]\ntechnology = \"\"").code, Code::kBadText);
  EXPECT_EQ(fault_in("[synth]\ndevice = \"\"").code, Code::kBadText);
  for (const char* shape : {"3x", "x3", "3x0", "3x-1", "3 x 4", "3xx4", "1234567890"})
    EXPECT_EQ(set_fault("model.input_shape", shape).code, Code::kBadText) << shape;
  EXPECT_EQ(set_fault("data.inputs", "\xff").code, Code::kBadText);
  const Fault stem = faults_of([] { parse_spec(kModel, "/project/my spec.toml"); }).front();
  EXPECT_EQ(stem.code, Code::kBadText);
  EXPECT_THAT(stem.what, HasSubstr("my spec"));
}

TEST(SpecFaults, MissingModelFile) {
  for (const char* text : {"", "[model]\n", "[model]\nfile = \"\"\n"}) {
    const std::vector<Fault> faults = faults_in(text);
    ASSERT_EQ(faults.size(), 1u) << text;
    EXPECT_EQ(faults[0].code, Code::kMissingKey);
    EXPECT_THAT(faults[0].what, HasSubstr("model.file"));
    EXPECT_EQ(faults[0].cure, "[model] file = \"...\"");
  }
  EXPECT_EQ(faults_in("model.file = ''")[0].where, "dir/spec.toml:1:7");
}

TEST(SpecFaults, ConflictsBetweenKeys) {
  const std::vector<std::pair<std::string, std::string>> broken = {
      {"[pe]\nneuron = \"signed\"", "pe.neuron = \"signed\""},
      {"[pe]\nneuron = \"paired\"", "pe.neuron = \"paired\""},
      {"[pe]\ntop = \"loaded\"", "a PE by itself"},
      {"[pe]\nrounding = \"half_even\"", "a PE by itself"},
      {"[pe]\ntrain = \"rate\"\nactivation_bits = 11", "activation_bits is above 10"},
      {"[map]\nduplicate = 2\npes = 100", "map.duplicate, map.pes and map.area"},
      {"[recurrent]\nblock = 12", "recurrent.block is the size of a transform"},
      {"[recurrent.block]\nlstm = 12", "recurrent.block is the size of a transform"},
      {"[recurrent]\nelements = 3", "recurrent.elements divide a block"},
      {"[map]\narea = 2\npes = 100", "map.duplicate, map.pes and map.area"},
      {"[map]\narea = 2\n[pe]\ncrossbar = \"serial\"", "map.area is a budget for macro"},
      {"[pe]\ncrossbar = \"serial\"\n[macro]\nvariation = 0.1", "macro.variation"},
      {"[pe]\ncrossbar = \"parallel\"\n[macro]\nstuck_cells = 0.1", "macro.variation"},
      {"[synth]\nflow = \"ice40\"", "synth.flow is an FPGA"},
      {"[pe]\ncrossbar = \"serial\"\n[synth]\nflow = \"ecp5\"\nmemories = \"macro\"",
       "synth.memories is for the asic flow"},
      {"[pe]\ncrossbar = \"serial\"\n[synth]\nflow = \"ecp5\"\nliberty = \"x.lib\"",
       "synth.liberty"},
      {"[data]\nlabels = \"l.npy\"", "data.labels"}};
  for (const auto& [text, what] : broken) {
    const Fault fault = fault_in(text + "\n");
    EXPECT_EQ(fault.code, Code::kKeyConflict) << text;
    EXPECT_THAT(fault.what, HasSubstr(what));
    EXPECT_THAT(fault.where, HasSubstr("dir/spec.toml:"));
    EXPECT_NE(fault.cure, "");
  }
  for (const char* text :
       {"[pe]\nneuron = \"signed\"\ntrain = \"rate\"\nactivation_bits = 10",
        "[pe]\nactivation_bits = 12", "[map]\nduplicate = 1\npes = 100", "[map]\nduplicate = 2",
        "[macro]\nvariation = 0.1\nstuck_cells = 0.1",
        "[pe]\ncrossbar = \"serial\"\n[synth]\nflow = \"ice40\"", "[synth]\nliberty = \"x.lib\"",
        "[data]\ninputs = \"i.npy\"\nlabels = \"l.npy\""})
    EXPECT_NO_THROW(parse_spec(kModel + text, "spec.toml")) << text;
}

TEST(SpecFaults, DevicesHaveTheirPackages) {
  EXPECT_EQ(fault_in("[synth]\ndevice = \"hx8x\"").cure, "\"hx8k\"");
  const Fault unknown = fault_in("[synth]\ndevice = \"ecp5\"");
  EXPECT_EQ(unknown.code, Code::kBadChoice);
  EXPECT_THAT(unknown.what, HasSubstr("\"up5k\""));
  const Fault package = fault_in("[synth]\ndevice = \"up5k\"\npackage = \"ct256\"");
  EXPECT_EQ(package.code, Code::kBadChoice);
  EXPECT_EQ(package.what, "synth.package = \"ct256\" is none of the up5k's: \"sg48\", \"uwg30\"");
  EXPECT_EQ(package.where, "dir/spec.toml:5:1");
  EXPECT_EQ(package.cure, "package = \"sg48\"");
  EXPECT_NO_THROW(parse_spec(kModel + "[synth]\ndevice = \"up5k\"", "spec.toml"));
  EXPECT_NO_THROW(
      parse_spec(kModel + "[synth]\ndevice = \"up5k\"\npackage = \"uwg30\"", "spec.toml"));
}

TEST(SpecLists, OneTextOrSeveral) {
  const auto synth_of = [](const std::string& text) {
    return parse_spec(kModel + "[synth]\n" + text, "/p/spec.toml").synth;
  };
  EXPECT_THAT(synth_of("liberty = \"a.lib\"").liberty, ElementsAre("/p/a.lib"));
  EXPECT_THAT(synth_of("liberty = [\"a.lib\", \"../b.lib.gz\"]").liberty,
              ElementsAre("/p/a.lib", "/b.lib.gz"));
  EXPECT_TRUE(synth_of("liberty = []").liberty.empty());
  EXPECT_THAT(synth_of("dont_use = [\"*_X1\", \"DFF*\"]").dont_use, ElementsAre("*_X1", "DFF*"));
  EXPECT_EQ(fault_in("[synth]\nliberty = [1]").code, Code::kWrongType);
  EXPECT_EQ(fault_in("[synth]\nliberty = [\"\"]").code, Code::kBadText);
  EXPECT_EQ(
      fault_in("[synth]\ndont_use = 3").what,
      "synth.dont_use must be a text in quotes or a list of nothing but texts, not the integer 3");

  Spec spec = parse_spec(kModel + "[synth]\nliberty = [\"a.lib\", \"b.lib\"]\ndont_use = \"X*\"",
                         "/p/spec.toml");
  EXPECT_EQ(parse_spec(to_toml(spec), "/p/spec.toml"), spec);
  EXPECT_EQ(from_json(to_json(spec)), spec);
  const std::string hash = spec_hash(spec);
  set_list(spec, "synth.liberty", {"/elsewhere/a.lib", "b.lib"}, "--liberty");
  EXPECT_EQ(spec_hash(spec), hash);
  set_list(spec, "synth.liberty", {"b.lib", "a.lib"}, "--liberty");
  EXPECT_NE(spec_hash(spec), hash);
  EXPECT_EQ(faults_of([&] { set_list(spec, "synth.liberty", {""}, "--liberty"); }).front().where,
            "--liberty");
}

TEST(SpecFaults, AllAreReportedAtOnceInTheOrderOfTheText) {
  const std::vector<Fault> faults =
      faults_in("[pe]\nweight_bits = 99\ncols = \"x\"\nrow = 1\n[data]\ninputs = 1\n");
  std::vector<Code> codes;
  for (const Fault& fault : faults) codes.push_back(fault.code);
  EXPECT_THAT(codes, ElementsAre(Code::kOutOfRange, Code::kWrongType, Code::kUnknownKey,
                                 Code::kWrongType, Code::kMissingKey));
  EXPECT_EQ(base::Error(faults).exit_code(), base::Exit::kSpec);
}

TEST(SetKey, TakesSectionOrPathAndEveryType) {
  Spec spec;
  set_key(spec, "rows", "64", "pe");
  set_key(spec, "pe.cols", "32");
  set_key(spec, "synth.clock_ns", "5", "pe");
  set_key(spec, "idle", "0.25", "simulate");
  set_key(spec, "neuron", "signed", "pe");
  set_key(spec, "train", "rate", "pe");  // after the neuron that needs it
  set_key(spec, "name", "lenet");
  set_key(spec, "data.inputs", "x.npy");
  EXPECT_EQ(spec.pe.rows, 64);
  EXPECT_EQ(spec.pe.cols, 32);
  EXPECT_EQ(spec.synth.clock_ns, 5.0);
  EXPECT_EQ(spec.simulate.idle, 0.25);
  EXPECT_EQ(spec.pe.neuron, Neuron::kSigned);
  EXPECT_EQ(spec.name, "lenet");
  EXPECT_EQ(spec.data.inputs, fs::current_path() / "x.npy");
  set_key(spec, "data.inputs", "");
  EXPECT_EQ(spec.data.inputs, "");
}

TEST(SetKey, FaultsNameTheOption) {
  const Fault range = set_fault("rows", "0", "pe");
  EXPECT_EQ(range.code, Code::kOutOfRange);
  EXPECT_EQ(range.where, "--set rows=0");
  for (const char* value : {"", "x", "64x", " 64", "6.4", "1e2", "0x10", "99999999999999999999"})
    EXPECT_EQ(set_fault("pe.rows", value).code, Code::kWrongType) << value;
  for (const char* value : {"", "fast", "1,5", "nan(x"})
    EXPECT_EQ(set_fault("synth.clock_ns", value).code, Code::kWrongType) << value;
  EXPECT_EQ(set_fault("synth.clock_ns", "inf").code, Code::kOutOfRange);
  EXPECT_EQ(set_fault("train", "unary", "pe").code, Code::kBadChoice);
}

TEST(SetKey, UnknownKeys) {
  EXPECT_EQ(set_fault("row", "1", "pe").cure, "rows");
  EXPECT_EQ(set_fault("rows", "1").cure, "pe.rows or fabric.rows");
  EXPECT_EQ(set_fault("pee.rows", "1").cure, "pe.rows or fabric.rows");
  EXPECT_THAT(set_fault("nonsense.nonsense", "1").cure, HasSubstr("model, data"));
  EXPECT_EQ(set_fault("", "1").code, Code::kUnknownKey);
  EXPECT_EQ(set_fault("pe.", "1").code, Code::kUnknownKey);
}

TEST(SetKey, RulesAreCheckedApart) {
  Spec spec;
  EXPECT_NO_THROW(check_rules(spec));
  set_key(spec, "pe.neuron", "paired");
  EXPECT_EQ(faults_of([&] { check_rules(spec); }).front().code, Code::kKeyConflict);
  set_key(spec, "pe.train", "rate");
  EXPECT_NO_THROW(check_rules(spec));
  set_key(spec, "pe.top", "loaded");
  EXPECT_EQ(faults_of([&] { check_rules(spec); }).front().code, Code::kKeyConflict);
  set_key(spec, "pe.neuron", "exact");
  EXPECT_NO_THROW(check_rules(spec));
}

}  // namespace
}  // namespace config
