// Verbs on a run directory whose model, network or RTL is no longer what it was made from.
#include <nlohmann/json.hpp>

#include "app/command_line.hpp"
#include "app/small_project.hpp"

namespace {

namespace fs = std::filesystem;
using base::Code;
using test::expect_fault;
using test::fpsa;
using test::SmallProject;

class Rerun : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(run({"compile", "-q", "spec.toml", "-o", "net"}).status, 0); }

  test::Ended run(const std::vector<std::string>& words) const {
    return fpsa(words, {.folder = project_.path()});
  }

  // Names of the levels that a simulation down to `level` has run.
  std::vector<std::string> levels(const std::string& level) const {
    const auto ended =
        run({"simulate", "-q", "net", "--level", level, "--simulator", "icarus", "--json"});
    EXPECT_EQ(ended.status, 0) << ended.err;
    std::vector<std::string> names;
    document_ = nlohmann::json::parse(ended.out);
    for (const auto& entry : document_["levels"]) names.push_back(entry["level"]);
    return names;
  }

  SmallProject project_;
  mutable nlohmann::json document_;
};

using Names = std::vector<std::string>;

TEST_F(Rerun, RunsTheLevelAndWhatItIsComparedWith) {
  EXPECT_EQ(levels("emulate"), (Names{"integer", "emulate"}));
  EXPECT_TRUE(document_.contains("buses"));
  EXPECT_EQ(levels("float"), (Names{"float"}));
  EXPECT_FALSE(document_.contains("buses"));  // of the run before
  EXPECT_EQ(levels("integer"), (Names{"float", "integer"}));
  EXPECT_EQ(levels("rtl"), (Names{"float", "integer", "emulate", "rtl"}));
}

// Samples, seed and stalls of the run that made it are no longer those of the levels beside it.
TEST_F(Rerun, ForgetsTheRtlAtLevelsAboveIt) {
  for (const std::string level : {"float", "integer", "emulate"}) {
    levels("rtl");
    EXPECT_TRUE(document_.contains("simulation"));
    levels(level);
    EXPECT_FALSE(document_.contains("simulation")) << level;
    EXPECT_FALSE(nlohmann::json::parse(base::read_file(project_ / "net/metrics.json"))
                     .contains("simulation"));
  }
}

TEST_F(Rerun, CalibratesNothing) {
  std::string spec = base::read_file(project_ / "spec.toml");
  const std::string key = "calibration = \"samples.npy\"";
  ASSERT_NE(spec.find(key), std::string::npos);
  spec.replace(spec.find(key), key.size(), "calibration = \"other.npy\"");
  base::write_file(project_ / "spec.toml", spec);
  fs::copy_file(project_ / "samples.npy", project_ / "other.npy");
  ASSERT_EQ(run({"compile", "-q", "spec.toml", "-o", "net"}).status, 0);
  levels("emulate");
  const auto buses = document_["buses"];
  fs::remove(project_ / "other.npy");
  levels("emulate");
  EXPECT_EQ(document_["buses"], buses);
}

TEST_F(Rerun, AnotherModelIsRefusedByName) {
  const std::string old = base::read_file(project_ / "model.onnx");
  auto other = test::small_model();
  other.model().mutable_graph()->mutable_initializer(0)->set_float_data(0, 0.25F);
  project_.write_model(other.bytes());
  for (const char* verb : {"simulate", "synth"})
    expect_fault(run({verb, "net"}), Code::kModelChanged,
                 {"not the one that this directory was made from", "model.onnx",
                  "try: compile the spec again, or put the old model back"});
  project_.write_model(old);  // one cure
  EXPECT_EQ(run({"simulate", "-q", "net", "--level", "emulate"}).status, 0);
  project_.write_model(other.bytes());  // the other one
  ASSERT_EQ(run({"compile", "-q", "spec.toml", "-o", "net"}).status, 0);
  EXPECT_EQ(run({"simulate", "-q", "net", "--level", "emulate"}).status, 0);
}

TEST_F(Rerun, SoAreOtherWeightsBesideTheModel) {
  nn::testing::ModelBuilder model;
  model.input("x", {nn::kUnknown, 4}).node("MatMul", {"x", "w"}, {"y"}, "product").output("y");
  onnx::TensorProto& weights = model.initialiser("w", {4, 1}, onnx::TensorProto::FLOAT);
  weights.set_data_location(onnx::TensorProto::EXTERNAL);
  auto& location = *weights.add_external_data();
  location.set_key("location");
  location.set_value("weights.bin");
  project_.write_model(model.bytes());
  const std::vector<float> values{1, -0.5F, 0.25F, 1};
  std::string bytes(reinterpret_cast<const char*>(values.data()), 16);
  base::write_file(project_ / "weights.bin", bytes);
  ASSERT_EQ(run({"compile", "-q", "spec.toml", "-o", "net"}).status, 0);
  EXPECT_EQ(run({"simulate", "-q", "net", "--level", "emulate"}).status, 0);
  bytes.back() = '\x40';
  base::write_file(project_ / "weights.bin", bytes);
  expect_fault(run({"simulate", "net"}), Code::kModelChanged, {"model.onnx"});
}

TEST_F(Rerun, AModelThatIsGoneIsSaidSo) {
  fs::remove(project_ / "model.onnx");
  expect_fault(run({"simulate", "net"}), Code::kFileUnreadable, {"model.onnx", "No such file"});
}

TEST_F(Rerun, AnEditedNetworkIsRefused) {
  const fs::path file = project_ / "net/network.json";
  base::write_file(file, base::read_file(file) + "\n");
  expect_fault(
      run({"simulate", "net", "-q", "--level", "integer"}), Code::kNotARunDirectory,
      {"not the network that compile wrote", "network.json", "try: compile the spec again"});
  fs::remove(file);
  expect_fault(run({"simulate", "net", "-q", "--level", "integer"}), Code::kNotARunDirectory,
               {"network.json"});
  EXPECT_EQ(run({"simulate", "-q", "net", "--level", "float"}).status, 0);  // needs it not
}

TEST_F(Rerun, EditedRtlIsSimulatedAsItIsAndSaidSo) {
  const fs::path file = project_ / "net/rtl/fpsa_top.v";
  base::write_file(file, base::read_file(file) + "// a line of mine\n");
  const auto ended = run({"simulate", "net", "--simulator", "icarus"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(ended.err, testing::HasSubstr("rtl/fpsa_top.v is not what compile wrote"));
  EXPECT_THAT(ended.out, testing::HasSubstr("edited by hand"));
  EXPECT_THAT(base::read_file(file), testing::EndsWith("// a line of mine\n"));
  fs::remove(project_ / "net/rtl/fpsa_sequencer.v");
  expect_fault(run({"simulate", "-q", "net"}), Code::kNotARunDirectory,
               {"is gone", "fpsa_sequencer.v", "try: compile the spec again"});
}

}  // namespace
