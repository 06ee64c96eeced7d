#include "nn/qlinear.hpp"
#include "nn/window.hpp"

namespace nn {
namespace {

void infer(Graph& graph, const Node& node) {
  check_operand(graph, node, 0);
  check_result(graph, node, 3);
  infer_global_pool(graph, node);
}

}  // namespace

OpDef qlinear_global_average_pool_op() {
  return {
      .names = {"QLinearGlobalAveragePool"},
      .domains = {kMicrosoft},
      .doc = "the mean of each channel of quantised maps, requantised",
      .min_inputs = 4,
      .max_inputs = 5,
      .may_be_omitted = {2},
      .attributes = {channels_last_attribute()},
      .quantises = true,
      .infer = infer,
      .evaluate = qlinear_mean_pool,
  };
}

}  // namespace nn
