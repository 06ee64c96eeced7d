// A network of two inputs and two outputs with its samples and labels, as a user has them.
#pragma once

#include <nlohmann/json.hpp>
#include <sstream>

#include "app/command_line.hpp"
#include "app/small_project.hpp"

namespace test {

inline constexpr const char* kFiles = R"({ "a" = "a.npy", "in:b" = "b.npy" })";

class Several : public testing::Test {
 protected:
  // class = a . I + (b . v), value = a . (1, -1): of inputs "a" and "in:b", of two and three
  // elements.
  Several() {
    nn::testing::ModelBuilder model;
    model.input("a", {nn::kUnknown, 2})
        .input("in:b", {nn::kUnknown, 3})
        .floats("w", {2, 2}, {1, 0, 0, 1})
        .floats("v", {3, 2}, {1, 0, 0, 1, 0, 0})
        .floats("u", {2, 1}, {1, -1})
        .node("MatMul", {"a", "w"}, {"p"}, "of_a")
        .node("MatMul", {"in:b", "v"}, {"q"}, "of_b")
        .node("Add", {"p", "q"}, {"class"}, "sum")
        .node("MatMul", {"a", "u"}, {"value"}, "difference")
        .output("class", {nn::kUnknown, 2})
        .output("value", {nn::kUnknown, 1});
    project_.write_model(model.bytes());
    write("a.npy", {4, 2}, {1, 0, 0, 1, 0.5, 0.25, 0.25, 0.75});
    write("b.npy", {4, 3}, {0, 0, 1, 2, 0, 0.5, 0, 0.5, 1, 0, 0, 0});
    write("class.npy", {4}, {0, 1, 1, 1});  // of the second sample it is 0
  }
  void write(const std::string& name, const nn::Shape& shape, const std::vector<float>& values) {
    nn::save_npy(project_ / name, nn::Array::of_floats(shape, values));
  }
  void write_spec(const std::string& data) {
    base::write_file(project_ / "spec.toml",
                     "name = \"several\"\n[model]\nfile = \"model.onnx\"\n"
                     "[quantise]\nmethod = \"max\"\n"
                     "[pe]\nrows = 8\ncols = 8\nweight_bits = 12\nactivation_bits = 10\n"
                     "crossbar = \"serial\"\n[data]\n" +
                         data);
  }
  /// Keys that take both files.
  static std::string both(const std::string& keys) {
    std::string lines;
    std::istringstream words(keys);
    for (std::string key; words >> key;) lines += key + " = " + kFiles + "\n";
    return lines;
  }
  Ended in_project(const std::vector<std::string>& words) {
    return fpsa(words, {.folder = project_.path()});
  }
  Ended compile() { return in_project({"compile", "-q", "spec.toml", "-o", "x"}); }
  Ended simulate(const std::string& level, const std::string& more = "-q") {
    return in_project({"simulate", "x", "--level", level, more});
  }
  nlohmann::json figures(const std::string& level) {
    const Ended compiled = compile();
    EXPECT_EQ(compiled.status, 0) << compiled.err;
    const Ended ended = simulate(level, "--json");
    EXPECT_EQ(ended.status, 0) << ended.err;
    return nlohmann::json::parse(ended.out, nullptr, false);
  }
  SmallProject project_;
};

}  // namespace test
