// FPSA's forms of maxima and functions: the spec's keys, and what is said of them.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "app/cnn_project.hpp"
#include "app/command_line.hpp"
#include "base/files.hpp"

namespace {

using test::CnnProject;
using test::fpsa;
using test::SmallProject;

TEST(Forms, AMaximumAsATree) {
  const auto layers = [](const std::string& lines) {
    const CnnProject project(lines);
    const test::Setting here{.folder = project.path()};
    EXPECT_EQ(fpsa({"compile", "-q", "spec.toml", "-o", "net"}, here).status, 0);
    const auto network = nlohmann::json::parse(base::read_file(project / "net/network.json"));
    return std::ranges::count_if(network["layers"],
                                 [](const auto& layer) { return layer.contains("merge"); });
  };
  EXPECT_EQ(layers(""), 1);
  EXPECT_EQ(layers("[quantise]\nmaximum = \"relu_tree\"\n"), 0);
}

// Two signals, and a gate of one of them, compiled.
void compile_gate(SmallProject& project, const std::string& lines) {
  nn::testing::ModelBuilder model;
  model.input("x", {nn::kUnknown, 4})
      .floats("w", {4, 4}, {1, 0.5F, -0.5F, 1, 0, 0, 2, 1, 1, 0, 0, 1, 0.5F, 1, 1, -1})
      .node("MatMul", {"x", "w"}, {"p"}, "product")
      .node("Sigmoid", {"p"}, {"s"}, "gate")
      .node("Mul", {"s", "x"}, {"y"}, "gated");
  project.write_model(model.output("y").bytes());
  project.write_spec(lines);
  const test::Setting here{.folder = project.path()};
  EXPECT_EQ(fpsa({"compile", "-q", "spec.toml", "-o", "net"}, here).status, 0);
}

std::string explained(const std::string& layer, const std::string& lines) {
  SmallProject project;
  compile_gate(project, lines);
  return fpsa({"explain", "net", layer}, {.folder = project.path()}).out;
}

// Sums, differences and squares are no values of the model.
TEST(Forms, TheLossOfLayersIsOfThoseThatTheModelHas) {
  SmallProject project;
  compile_gate(project, "");
  const test::Setting here{.folder = project.path()};
  EXPECT_EQ(fpsa({"simulate", "net", "--level", "integer", "-q"}, here).status, 0);
}

TEST(Forms, AFittedNetworkSaysHowFarItIsOff) {
  const std::string text = explained("gate", "[quantise]\ntable_neurons = 2\n");
  EXPECT_NE(text.find("fitted            to a table: off by "), std::string::npos) << text;
}

TEST(Forms, AProductOfSignalsSaysHowFarItIsOff) {
  const std::string text = explained("gated", "");
  EXPECT_NE(text.find("product           of two signals: within "), std::string::npos) << text;
}

}  // namespace
