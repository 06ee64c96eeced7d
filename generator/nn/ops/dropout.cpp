#include <algorithm>

#include "base/error.hpp"
#include "nn/op_support.hpp"

namespace nn {
namespace {

// Training mode must be absent or false for good: the op is then the identity.
void require_inference(const Graph& graph, const Node& node) {
  if (!has_input(node, 2)) return;
  require_type(graph, node, 2, {DType::kBool});
  const Value& training = input(graph, node, 2);
  const bool off = training.constant && training.shape.empty() && training.constant->at(0) == 0;
  if (!off)
    base::fail(base::Code::kBadAttribute, "training_mode is not the constant false", describe(node),
               "export the model for inference");
}

void infer(Graph& graph, const Node& node) {
  require_float(graph, node, 0);
  require_inference(graph, node);
  const Value& x = input(graph, node, 0);
  // Up to opset 9 the mask has the type of the data.
  set_output(graph, node, 1, graph.opset < 10 ? x.dtype : DType::kBool, x.shape);
  infer_same(graph, node);
}

std::vector<Array> evaluate(const Call& call) {
  std::vector<Array> outputs = {call.input(0)};
  if (!has_output(call.node, 1)) return outputs;
  Array mask = call.blank(1);
  mask.visit([](auto& data) { std::ranges::fill(data, ElementOf<decltype(data)>{1}); });
  outputs.push_back(std::move(mask));
  return outputs;
}

}  // namespace

OpDef dropout_op() {
  return {
      .names = {"Dropout"},
      .doc = "in inference X itself",
      .max_inputs = 3,
      .max_outputs = 2,
      .attributes = {{.name = "ratio",
                      .type = AttributeType::kFloat,
                      .doc = "of no effect in inference",
                      .until = 11},
                     {.name = "seed",
                      .type = AttributeType::kInt,
                      .doc = "of no effect in inference",
                      .since = 12}},
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
