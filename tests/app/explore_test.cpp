// `fpsa explore`: what it finds for a small network, that compile takes it, and what it refuses.
#include <nlohmann/json.hpp>

#include "app/command_line.hpp"
#include "app/recurrent_project.hpp"

namespace {

namespace fs = std::filesystem;
using base::Code;
using test::Ended;
using test::expect_fault;
using test::fpsa;
using test::RecurrentProject;
using testing::HasSubstr;

class Explore : public testing::Test {
 protected:
  Ended run(std::vector<std::string> options, const std::string& loss = "20") const {
    options.insert(options.begin(), {"explore", "model.onnx", "-q"});
    if (!loss.empty()) options.insert(options.end(), {"--accuracy-loss", loss});
    if (std::ranges::find(options, "--spec") == options.end())
      options.insert(options.end(), {"--spec", "spec.toml"});
    return fpsa(options, {.folder = project_.path()});
  }
  nlohmann::json document(std::vector<std::string> options, const std::string& loss = "20") const {
    options.emplace_back("--json");
    const Ended ended = run(options, loss);
    EXPECT_EQ(ended.status, 0) << ended.err;
    return nlohmann::json::parse(ended.out, nullptr, false);
  }

  RecurrentProject project_;
};

TEST_F(Explore, MarksTheFrontAndTheBest) {
  const nlohmann::json found = document({"--multipliers", "300"});
  EXPECT_EQ(found["samples"], test::kSequences);
  EXPECT_EQ(found["float_accuracy"], 1.0) << "the labels are its own";
  EXPECT_NEAR(found["least_accuracy"].get<double>(), 0.8, 1e-6);
  const nlohmann::json& trials = found["models"][0]["trials"];
  ASSERT_GE(trials.size(), 4u) << "blocks of 1, 2, 4 and 8 divide 8 cells";
  EXPECT_EQ(trials[0]["blocks"], nlohmann::json({{"first", 8}, {"second", 8}}));
  EXPECT_LT(trials[0]["accuracy"], 0.8) << "weights are at random";
  EXPECT_GT(trials[3]["accuracy"], 0.9) << "the model's own weights";
  std::size_t in_front = 0;
  for (const nlohmann::json& point : found["points"]) {
    EXPECT_EQ(point["within_limit"].get<bool>(), point["accuracy"] >= found["least_accuracy"]);
    EXPECT_LE(point["multipliers"], 300);
    EXPECT_EQ(point["layers"].size(), 2u);
    if (point["pareto"].get<bool>()) ++in_front;
  }
  EXPECT_GE(in_front, 2u);
  const nlohmann::json& best = found["recommended"];
  EXPECT_TRUE(best["pareto"].get<bool>());
  EXPECT_TRUE(best["within_limit"].get<bool>());
  for (const nlohmann::json& point : found["points"])
    if (point["within_limit"].get<bool>()) {
      EXPECT_GE(point["clocks_a_step"], best["clocks_a_step"]);
    }
  EXPECT_EQ(document({"--multipliers", "300"}), found) << "the same again";
}

TEST_F(Explore, WritesASpecThatCompileTakes) {
  const nlohmann::json found = document({"--multipliers", "200", "-o", "found"});
  EXPECT_EQ(nlohmann::json::parse(base::read_file(project_ / "found/explore.json")), found);
  const Ended ended = fpsa({"compile", "found/recommended.toml", "-o", "out", "-q", "--json"},
                           {.folder = project_.path()});
  ASSERT_EQ(ended.status, 0) << ended.err;
  const nlohmann::json cells = nlohmann::json::parse(ended.out)["network"]["cells"];
  const nlohmann::json& best = found["recommended"];
  ASSERT_EQ(cells.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    const std::string layer = cells[i]["layer"];
    EXPECT_EQ(cells[i]["block"], best["blocks"][layer]);
    EXPECT_EQ(best["layers"][i]["layer"], layer);
    EXPECT_EQ(cells[i]["multipliers"], best["layers"][i]["multipliers"]);
    EXPECT_EQ(cells[i]["clocks_a_step"], best["layers"][i]["interval"]);
  }
  const Ended golden =
      fpsa({"simulate", "out", "--level", "integer", "-q", "--json"}, {.folder = project_.path()});
  ASSERT_EQ(golden.status, 0) << golden.err;
  EXPECT_EQ(nlohmann::json::parse(golden.out)["levels"][1]["accuracy"], best["accuracy"]);
}

// What the spec says of blocks and multipliers is what is looked for; names may be another model's.
TEST_F(Explore, LooksAtNoBlocksOfTheSpec) {
  const nlohmann::json found = document({"--multipliers", "200", "-o", "found"});
  project_.write_spec(
      "[recurrent]\nblock = { second = 8, elsewhere = 2 }\nmultipliers = { first = 99 }\n");
  EXPECT_EQ(document({"--multipliers", "200", "-o", "found"}), found);
  EXPECT_EQ(
      fpsa({"compile", "found/recommended.toml", "-o", "out", "-q"}, {.folder = project_.path()})
          .status,
      0);
}

// A dense layer that is to be circulant stays so.
TEST_F(Explore, KeepsBlocksOfOtherLayers) {
  project_.write_spec("[recurrent]\nblock = { head = 2, elsewhere = 2 }\n");
  const nlohmann::json found = document({"--multipliers", "200", "--blocks", "1"});
  const nlohmann::json expected = {{"first", 1}, {"head", 2}, {"second", 1}};
  EXPECT_EQ(found["recommended"]["spec"]["recurrent"]["block"], expected);
}

TEST_F(Explore, ReplacesItsOwnDirectoryAndNoOther) {
  ASSERT_EQ(run({"--multipliers", "200", "-o", "found"}).status, 0);
  EXPECT_EQ(run({"--multipliers", "100", "-o", "found"}).status, 0);
  fs::create_directory(project_ / "other");
  base::write_file(project_ / "other/notes", "mine");
  expect_fault(run({"--multipliers", "200", "-o", "other"}), Code::kForeignDirectory, {"other"});
}

TEST_F(Explore, PrintsATableAndTheKeys) {
  const Ended ended = run({"--device", "xc7a100t", "--streams", "4", "--blocks", "4,1"});
  ASSERT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("Accuracy on 24 samples\n"));
  EXPECT_THAT(ended.out, HasSubstr("Clocks a step of 4 streams, on XC7A100T: 240 DSPs"));
  EXPECT_THAT(ended.out, HasSubstr("best, front"));
  EXPECT_THAT(ended.out, HasSubstr("\n    [recurrent]\n    block = "));
  EXPECT_THAT(ended.out, HasSubstr("\n    multipliers = { \"first\" = "));
}

TEST_F(Explore, ChoosesBetweenModels) {
  base::write_file(project_ / "gru.onnx", test::recurrent_model("GRU").bytes());
  const nlohmann::json found = document({"gru.onnx", "--multipliers", "300", "--blocks", "1,2"});
  ASSERT_EQ(found["models"].size(), 2u);
  EXPECT_LT(found["models"][1]["float_accuracy"], 0.8) << "it was not trained for these labels";
  EXPECT_THAT(found["recommended"]["model"], HasSubstr("model.onnx"));
  base::write_file(project_ / "wide.onnx", test::recurrent_model("GRU", 5).bytes());
  expect_fault(run({"wide.onnx", "--multipliers", "300"}), Code::kUsage,
               {"its inputs are 4x5, those of the first model 4x4", "wide.onnx"});
}

// A table that holds no answer, and why.
void expect_miss(const Ended& ended, const std::vector<std::string>& words) {
  EXPECT_EQ(ended.status, static_cast<int>(base::exit_of(Code::kDoesNotFit)));
  EXPECT_THAT(ended.out, HasSubstr("Accuracy on 24 samples"));
  EXPECT_THAT(ended.err, HasSubstr("error[E0801]: "));
  for (const std::string& word : words) EXPECT_THAT(ended.err, HasSubstr(word));
}

TEST_F(Explore, SaysWhatCameNearest) {
  const Ended lossless = run({"--blocks", "8", "--multipliers", "300"}, "0");
  expect_miss(lossless,
              {"no blocks keep 100.00 %: the nearest, model with 8, has ", "allow a loss of "});
  EXPECT_THAT(lossless.out, HasSubstr(" lossy"));
  expect_miss(run({"--multipliers", "3"}),
              {"no design that keeps the limit fits: the nearest, model with ", " multipliers"});
  expect_miss(run({"--device", "iCE40UP5K"}), {" DSPs, ", "a larger device"});
  expect_miss(run({"--multipliers", "300", "--memory-bits", "100"}), {"bits of memory"});
}

// What the message says is enough.
TEST_F(Explore, SaysWhichLossWouldDo) {
  const Ended ended = run({"--blocks", "8", "--multipliers", "300"}, "0");
  const std::string cure = "allow a loss of ";
  const std::size_t at = ended.err.find(cure) + cure.size();
  EXPECT_EQ(run({"--blocks", "8", "--multipliers", "300"},
                ended.err.substr(at, ended.err.find(' ', at) - at))
                .status,
            0);
}

TEST_F(Explore, RefusesWhatItCannotUse) {
  expect_fault(run({}), Code::kUsage, {"how much hardware", "--device and one of LFE5U-85F, "});
  expect_fault(run({"--device", "XC2064"}), Code::kUsage,
               {"there is no device \"XC2064\"", "one of LFE5U-85F, XC7A100T"});
  expect_fault(run({"--device", "XC7A100T", "--multipliers", "9"}), Code::kUsage,
               {"--multipliers"});
  expect_fault(run({"--multipliers", "-1"}), Code::kUsage, {"--multipliers"});
  expect_fault(run({"--memory-bits", "99"}), Code::kUsage, {"--multipliers"});
  expect_fault(run({"--multipliers", "99"}, "-1"), Code::kUsage, {"--accuracy-loss"});
  expect_fault(run({"--multipliers", "99"}, ""), Code::kUsage, {"--accuracy-loss"});
  for (const char* blocks : {"1,3", "256", "0"})
    expect_fault(run({"--multipliers", "99", "--blocks", blocks}), Code::kUsage,
                 {"is no power of two up to 128"});
  expect_fault(run({"--multipliers", "99", "--set", "recurrent.bist=8"}), Code::kUnknownKey,
               {"recurrent.bist"});
  expect_fault(run({"--multipliers", "99", "--samples", "1000"}), Code::kBadSamples,
               {"1000 samples are wanted, the file has 24"});
}

TEST_F(Explore, NeedsClasses) {
  project_.write_spec("", "");
  expect_fault(run({"--multipliers", "99"}), Code::kMissingKey,
               {"the spec names no labels to measure accuracy with", "at: data.labels"});
  nn::save_npy(
      project_ / "labels.npy",
      nn::Array::of_floats({test::kSequences, 3}, std::vector<float>(3 * test::kSequences, 0.25F)));
  project_.write_spec("");
  expect_fault(run({"--multipliers", "99"}), Code::kBadSamples, {"the labels are no classes"});
}

TEST(ExploreOther, NeedsARecurrentLayer) {
  const std::string example = std::string(FPSA_SOURCE_DIR) + "/examples/fashion_mlp_small/";
  expect_fault(fpsa({"explore", example + "fashion_mlp_small.onnx", "--spec", example + "spec.toml",
                     "--accuracy-loss", "1", "--multipliers", "99"}),
               Code::kUsage, {"the network has no recurrent layer", "LSTM, GRU or RNN"});
}

}  // namespace
