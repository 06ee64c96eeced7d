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

// What `explain` says of a layer: two signals, and a gate of one of them.
std::string explained(const std::string& layer, const std::string& lines) {
  SmallProject project;
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
  return fpsa({"explain", "net", layer}, here).out;
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
