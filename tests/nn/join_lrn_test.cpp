// LocalResponseNorm as PyTorch spells it.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/rng.hpp"
#include "nn/model_builder.hpp"
#include "nn/passes/passes.hpp"
#include "nn/reference.hpp"

namespace nn {
namespace {

using testing::ModelBuilder;

// What differs from five channels before and behind each other, of maps of 4 x 2.
struct Norm {
  std::vector<std::int64_t> kernel = {5, 1, 1};
  std::vector<std::int64_t> pads = {0, 0, 2, 0, 0, 0, 0, 2, 0, 0};
  std::vector<std::int64_t> seen = {-1, 1, 6, 4, 2};
  std::string other = "x";  // factor of the square
};

Graph spelt_out(const Norm& norm) {
  ModelBuilder model;
  model.input("x", {kUnknown, 6, 4, 2}).floats("alpha", {}, {0.7F}).floats("bias", {1}, {1.5F});
  model.floats("beta", {}, {0.75F}).floats("c", {}, {0.5F}).longs("pads", {10}, norm.pads);
  model.longs("seen", {5}, norm.seen).longs("back", {4}, {-1, 6, 4, 2});
  model.node("Add", {"x", "c"}, {"z"});
  model.node("Mul", {"x", norm.other}, {"square"}).node("Reshape", {"square", "seen"}, {"maps"});
  model.node("Pad", {"maps", "pads"}, {"padded"});
  model.node("AveragePool", {"padded"}, {"means"}).with("kernel_shape", norm.kernel);
  model.with("strides", std::vector<std::int64_t>{1, 1, 1});
  model.node("Reshape", {"means", "back"}, {"mean"}).node("Mul", {"mean", "alpha"}, {"scaled"});
  model.node("Add", {"bias", "scaled"}, {"sum"}).node("Pow", {"sum", "beta"}, {"power"});
  return model.node("Div", {"x", "power"}, {"y"}, "norm").output("y").import();
}

bool is_joined(const Graph& graph) {
  return std::ranges::any_of(graph.nodes, [](const Node& node) { return node.op == "LRN"; });
}

TEST(JoinLrn, GivesTheSame) {
  const Graph before = spelt_out({});
  const Graph after = simplify(before);
  ASSERT_EQ(after.nodes.size(), 1U);
  EXPECT_EQ(after.nodes[0].op, "LRN");
  EXPECT_EQ(after.nodes[0].name, "norm");
  base::Rng rng(3);
  Array x = Array::zeros(DType::kFloat, {3, 6, 4, 2});
  for (float& value : x.elements<float>()) value = static_cast<float>(4 * rng.uniform() - 2);
  const Array wanted = run(before, {x}).at(0);
  const Array given = run(after, {x}).at(0);
  ASSERT_EQ(given.shape, wanted.shape);
  for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(given.at(i), wanted.at(i), 1e-6);
}

TEST(JoinLrn, LeavesWhatIsAnother) {
  EXPECT_FALSE(is_joined(simplify(spelt_out({.other = "z"}))));
  // As many channels before as behind, or the map's rows
  EXPECT_FALSE(is_joined(
      simplify(spelt_out({.kernel = {4, 1, 1}, .pads = {0, 0, 2, 0, 0, 0, 0, 1, 0, 0}}))));
  EXPECT_FALSE(is_joined(simplify(spelt_out({.pads = {0, 0, 3, 0, 0, 0, 0, 1, 0, 0}}))));
  EXPECT_FALSE(is_joined(
      simplify(spelt_out({.kernel = {1, 5, 1}, .pads = {0, 0, 0, 2, 0, 0, 0, 0, 2, 0}}))));
  EXPECT_FALSE(is_joined(simplify(spelt_out({.seen = {-1, 1, 4, 6, 2}}))));
}

}  // namespace
}  // namespace nn
