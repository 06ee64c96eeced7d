// Networks of several inputs and outputs as a user meets them: files by name, a score an output.
#include <regex>

#include "app/several_project.hpp"

namespace {

using base::Code;
using test::Ended;
using test::expect_fault;
using test::kFiles;
using testing::HasSubstr;

class Several : public test::Several {
 protected:
  /// The spec with the cure that `ended` gives for the line `line` in its place.
  void follow_cure(const std::string& data, const std::string& line, const Ended& ended) {
    std::smatch match;
    ASSERT_TRUE(std::regex_search(ended.err, match, std::regex("try: data\\.([^\\n]*)")))
        << ended.err;
    std::string cured = data;
    cured.replace(cured.find(line), line.size(), match[1].str() + "\n");
    write_spec(cured);
  }
};

TEST_F(Several, EachOutputHasItsScore) {
  write_spec(both("inputs calibration") + "labels = { class = \"class.npy\" }\n");
  const nlohmann::json found = figures("integer");
  ASSERT_EQ(found["levels"].size(), 2u);
  for (const auto& level : found["levels"]) {
    EXPECT_EQ(level["accuracy"], nullptr) << "of which output?";
    EXPECT_EQ(level["outputs"][0]["output"], "class");
    EXPECT_EQ(level["outputs"][0]["accuracy"], 0.75) << level;
    EXPECT_EQ(level["outputs"][1]["output"], "value");
  }
  EXPECT_FALSE(found["levels"][0]["outputs"][1].contains("rms_error")) << "of float against float";
  EXPECT_LT(found["levels"][1]["outputs"][1]["rms_error"], 0.01);
  EXPECT_EQ(found["outputs"][0]["compared_with"], "labels");
  EXPECT_EQ(found["outputs"][1]["compared_with"], "float");
  EXPECT_EQ(found["outputs"][1]["layer"], "difference");
  EXPECT_GT(found["outputs"][1]["sqnr_db"], 30);
}

TEST_F(Several, TheReportNamesTheOutputs) {
  write_spec(both("inputs calibration") + "labels.class = \"class.npy\"\n");
  ASSERT_EQ(compile().status, 0);
  const Ended ended = simulate("integer");
  EXPECT_THAT(ended.out, HasSubstr("\nAccuracy of \"class\" on 4 samples\n"
                                   "  float                  75.00 %\n"
                                   "  integer                75.00 %\n"));
  EXPECT_THAT(ended.out, testing::ContainsRegex("\nError of \"value\" against the float network on "
                                                "4 samples\n  integer  +[0-9.e-]+ root mean"));
}

TEST_F(Several, EachOutputMayHaveLabels) {
  write("value.npy", {4, 1}, {1, -1, 0.25, -0.5});
  write_spec(both("inputs calibration") +
             "labels = { value = \"value.npy\", class = \"class.npy\" }\n");
  for (const auto& level : figures("emulate")["levels"]) {
    EXPECT_EQ(level["outputs"][0]["accuracy"], 0.75) << level;
    EXPECT_LT(level["outputs"][1]["mean_error"], 0.01) << level;
  }
  write("value.npy", {4}, {1, 0, 1, 0});
  for (const auto& level : figures("emulate")["levels"])
    EXPECT_EQ(level["outputs"][1]["accuracy"], 1.0) << level;
  write_spec(both("inputs calibration") +
             "labels = { value = \"value.npy\" }\nthreshold = { value = 0.5 }\n");
  for (const auto& level : figures("emulate")["levels"])
    EXPECT_EQ(level["outputs"][1]["accuracy"], 0.75) << level;
}

// Bytes for one input, reals for the other: the scale is of the one that is named.
TEST_F(Several, ScaleAndLayoutAreAnInputsOwn) {
  write("a.npy", {4, 2}, {255, 0, 0, 255, 127.5, 63.75, 63.75, 191.25});
  write("b.npy", {4, 3}, {0, 0, 1, 0, 0, 0.5, 0, 0.5, 1, 0, 0, 0});
  const std::string data = both("inputs calibration") + "labels = { class = \"class.npy\" }\n";
  write_spec(data + "scale = { a = 0.00392156862745098 }\n");
  for (const auto& level : figures("integer")["levels"])
    EXPECT_EQ(level["outputs"][0]["accuracy"], 1.0) << level;
  write_spec(data);
  EXPECT_EQ(figures("float")["levels"][0]["outputs"][0]["accuracy"], 0.75) << "a outweighs b";
}

TEST_F(Several, TheBenchKnowsTheLanesOfEachOutput) {
  write_spec(both("calibration"));
  ASSERT_EQ(compile().status, 0);
  EXPECT_THAT(base::read_file(project_ / "x/tb/bench.txt"),
              HasSubstr("\noutput \"class\" 2\noutput \"value\" 2\nprobe "));
}

TEST_F(Several, ShortFilesAreSaidOnce) {
  write_spec(both("inputs calibration"));
  const Ended ended = in_project({"compile", "spec.toml", "-o", "x"});
  const std::string note = "data.calibration: all 4 samples are used";
  const std::size_t first = ended.err.find(note);
  ASSERT_NE(first, std::string::npos) << ended.err;
  EXPECT_EQ(ended.err.find(note, first + 1), std::string::npos) << ended.err;
}

TEST_F(Several, NamesThatTheNetworkHasNotAreAllNamed) {
  write_spec(both("inputs") +
             "calibration = { a = \"a.npy\", \"in:c\" = \"b.npy\" }\nscale = { elephant = 2 }\n"
             "labels = { clas = \"class.npy\" }\nthreshold.values = 1\n");
  expect_fault(compile(), Code::kUnknownKey,
               {"the network has no input \"in:c\"\n  at: data.calibration\n  try: in:b\n",
                "the network has no input \"elephant\"\n  at: data.scale\n  try: one of a, in:b\n",
                "the network has no output \"clas\"\n  at: data.labels\n  try: class\n",
                "the network has no output \"values\"\n  at: data.threshold\n  try: value\n"});
}

TEST_F(Several, OneFileForTwoInputsIsRefused) {
  const std::string line = "calibration = \"a.npy\"\n";
  write_spec(both("inputs") + line);
  const Ended ended = compile();
  expect_fault(ended, Code::kMissingKey,
               {"one file for a network of 2 inputs", "at: data.calibration",
                "try: data.calibration = { \"a\" = \"a.npy\", \"in:b\" = \"in_b.npy\" }"});
  write("in_b.npy", {4, 3}, std::vector<float>(12, 0.5F));
  follow_cure(both("inputs") + line, line, ended);
  EXPECT_EQ(compile().status, 0);
}

TEST_F(Several, AMissingCalibrationOfOneInputIsNamed) {
  const std::string line = "calibration = { a = \"a.npy\" }\n";
  write_spec(both("inputs") + line);
  const Ended ended = compile();
  expect_fault(ended, Code::kMissingKey,
               {"no file for the input \"in:b\"", "at: data.calibration",
                "/a.npy\", \"in:b\" = \"in_b.npy\" }"});
  write("in_b.npy", {4, 3}, std::vector<float>(12, 0.5F));
  follow_cure(both("inputs") + line, line, ended);
  EXPECT_EQ(compile().status, 0);
}

TEST_F(Several, DifferentNumbersOfSamplesAreRefused) {
  write("b.npy", {3, 3}, std::vector<float>(9, 0.5F));
  write_spec(both("inputs calibration"));
  expect_fault(compile(), Code::kBadSamples,
               {"3 samples for the input \"in:b\", 4 for \"a\"", "b.npy",
                "give all inputs the same samples, in the same order"});
  write("b4.npy", {4, 3}, std::vector<float>(12, 0.5F));
  write_spec("calibration = { a = \"a.npy\", \"in:b\" = \"b4.npy\" }\n" + both("inputs"));
  ASSERT_EQ(compile().status, 0);
  expect_fault(simulate("integer"), Code::kBadSamples, {"3 samples for the input \"in:b\""});
}

TEST_F(Several, LabelsOfNoNamedOutputAreRefused) {
  const std::string line = "labels = \"class.npy\"\n";
  write_spec(both("inputs calibration") + line);
  const Ended ended = compile();
  expect_fault(ended, Code::kMissingKey,
               {"labels for a network of 2 outputs, and no word of which they are",
                "at: data.labels", "try: data.labels = { \"class\" = ", "}, or { \"value\" = "});
  std::smatch match;
  ASSERT_TRUE(std::regex_search(ended.err, match, std::regex("try: data\\.(labels = [^}]*\\})")));
  write_spec(both("inputs calibration") + match[1].str() + "\n");
  for (const auto& level : figures("float")["levels"])
    EXPECT_EQ(level["outputs"][0]["accuracy"], 0.75) << level;
}

TEST_F(Several, NoTestSamplesShowWhatIsWanted) {
  write_spec(both("calibration"));
  ASSERT_EQ(compile().status, 0);
  expect_fault(simulate("float"), Code::kMissingKey,
               {"try: data.inputs = { \"a\" = \"a.npy\", \"in:b\" = \"in_b.npy\" }"});
}

TEST_F(Several, InitWritesTheTables) {
  const Ended ended =
      in_project({"init", "model.onnx", "--inputs", "a=a.npy", "--inputs", "in:b=b.npy", "--labels",
                  "class=class.npy", "-o", "spec.toml", "--force"});
  ASSERT_EQ(ended.status, 0) << ended.err;
  const std::string spec = base::read_file(project_ / "spec.toml");
  EXPECT_THAT(spec, HasSubstr("\n# Input \"a\" [?, 2].\n# Input \"in:b\" [?, 3].\n"));
  EXPECT_THAT(spec, HasSubstr(std::string("\n# 4 samples.\ninputs = ") + kFiles));
  EXPECT_THAT(spec, HasSubstr(std::string("\ncalibration = ") + kFiles));
  EXPECT_THAT(spec, HasSubstr("\nlabels = { \"class\" = \"class.npy\" }\n"));
  EXPECT_THAT(spec, HasSubstr("\n# \"a\": The stored values do not look like pixels; taken as they "
                              "are.\n# \"in:b\": The stored"));
  EXPECT_EQ(figures("float")["levels"][0]["outputs"][0]["accuracy"], 0.75);
}

TEST_F(Several, InitGuessesForEachInput) {
  write("a.npy", {4, 2}, {255, 0, 0, 255, 127, 63, 63, 191});
  const Ended ended = in_project({"init", "model.onnx", "--inputs", "a=a.npy", "--inputs",
                                  "in:b=b.npy", "-o", "spec.toml", "--force"});
  ASSERT_EQ(ended.status, 0) << ended.err;
  const std::string spec = base::read_file(project_ / "spec.toml");
  EXPECT_THAT(spec, HasSubstr("\nscale = { \"a\" = 0.00392156862745098 }\n"));
  EXPECT_THAT(spec, HasSubstr("# Of each output that has labels.\n#labels = { \"class\" = "
                              "\"class.npy\", \"value\" = \"value.npy\" }\n"));
}

TEST_F(Several, InitWithoutSamplesShowsTheTables) {
  ASSERT_EQ(in_project({"init", "model.onnx", "-o", "spec.toml", "--force"}).status, 0);
  const std::string spec = base::read_file(project_ / "spec.toml");
  const std::string table = R"({ "a" = "a.npy", "in:b" = "in_b.npy" })";
  EXPECT_THAT(spec, HasSubstr("\n# Needed to simulate.\n#inputs = " + table + "\n"));
  EXPECT_THAT(spec, HasSubstr("before it compiles.\n#calibration = " + table + "\n"));
}

TEST_F(Several, InitRefusesFilesThatAreNotNamed) {
  const auto init = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"init", "model.onnx", "-o", "new.toml"});
    return in_project(words);
  };
  expect_fault(init({"--inputs", "a.npy"}), Code::kUsage,
               {"\"a.npy\" is not NAME=FILE with a NAME of the network's", "at: --inputs",
                "try: --inputs NAME=FILE, NAME one of a, in:b"});
  expect_fault(init({"--inputs", "a=a.npy"}), Code::kUsage,
               {"no samples for the input \"in:b\"", "try: add --inputs in:b=FILE"});
  expect_fault(init({"--inputs", "a=a.npy", "--inputs", "a=b.npy"}), Code::kUsage,
               {"\"a\" is named twice"});
  const std::vector<std::string> inputs{"--inputs", "a=a.npy", "--inputs", "in:b=b.npy"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), inputs.begin(), inputs.end());
    return init(more);
  };
  expect_fault(with({"--labels", "class.npy"}), Code::kUsage,
               {"\"class.npy\" is not NAME=FILE", "NAME one of class, value"});
  write("class.npy", {4}, {0, 1, 2, 1});
  expect_fault(with({"--labels", "class=class.npy"}), Code::kBadSamples, {"label 2 is 2"});
  write("b.npy", {3, 3}, std::vector<float>(9, 0.5F));
  expect_fault(with({}), Code::kBadSamples, {"3 samples for the input \"in:b\", 4 for \"a\""});
}

}  // namespace
