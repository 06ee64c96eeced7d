#include "nn/mean_pool.hpp"
#include "nn/qlinear.hpp"

namespace nn {
namespace {

void infer(Graph& graph, const Node& node) {
  check_operand(graph, node, 0);
  check_result(graph, node, 3);
  infer_pool(graph, node);
}

std::vector<AttributeDef> attributes() {
  std::vector<AttributeDef> all = mean_pool_attributes();
  std::erase_if(all, [](const AttributeDef& one) { return one.name == "dilations"; });
  all.push_back(channels_last_attribute());
  return all;
}

}  // namespace

OpDef qlinear_average_pool_op() {
  return {
      .names = {"QLinearAveragePool"},
      .domains = {kMicrosoft},
      .doc = "the mean of each window of quantised maps, requantised",
      .min_inputs = 4,
      .max_inputs = 5,
      .may_be_omitted = {2},
      .attributes = attributes(),
      .quantises = true,
      .infer = infer,
      .evaluate = qlinear_mean_pool,
  };
}

}  // namespace nn
