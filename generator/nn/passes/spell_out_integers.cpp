#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/interrupt.hpp"
#include "nn/edit.hpp"
#include "nn/infer.hpp"
#include "nn/op_support.hpp"
#include "nn/passes/passes.hpp"
#include "nn/qlinear.hpp"

namespace nn {

namespace {

// The op on floats that an op on integers stands for, and where its inputs are: operands and the
// result's format, each of integers (but for the result), scale and zero point.
struct Spelling {
  std::string op;
  std::size_t result = 0;
  std::vector<std::size_t> operands;
};

std::optional<Spelling> spelling_of(const Node& node) {
  if (node.domain != kMicrosoft) return std::nullopt;
  if (node.op == "QLinearSigmoid") return Spelling{"Sigmoid", 3, {0}};
  if (node.op == "QLinearLeakyRelu") return Spelling{"LeakyRelu", 3, {0}};
  if (node.op == "QLinearAveragePool") return Spelling{"AveragePool", 3, {0}};
  if (node.op == "QLinearGlobalAveragePool") return Spelling{"GlobalAveragePool", 3, {0}};
  if (node.op == "QLinearMul") return Spelling{"Mul", 6, {0, 3}};
  if (node.op != "QLinearConcat") return std::nullopt;
  Spelling concat{"Concat", 0, {}};
  for (std::size_t i = 2; i < node.inputs.size(); i += 3) concat.operands.push_back(i);
  return concat;
}

class SpellOut {
 public:
  explicit SpellOut(Graph& graph)
      : graph_(graph), value_names_(names_of(graph.values)), node_names_(names_of(graph.nodes)) {}

  void run() {
    std::vector<Node> nodes = std::exchange(graph_.nodes, {});
    for (Node& node : nodes) {
      base::interruption_point();
      if (const auto spelling = spelling_of(node))
        spell(node, *spelling);
      else
        graph_.nodes.push_back(std::move(node));
    }
  }

 private:
  void spell(const Node& node, const Spelling& spelling) {
    std::vector<ValueId> floats;
    for (const std::size_t i : spelling.operands) {
      floats.push_back(value(node.name + "_float"));
      push(node.name + "_dequantize", "DequantizeLinear",
           {node.inputs[i], node.inputs[i + 1], zero_of(node, i + 2)}, floats.back());
    }
    const ValueId real = value(node.name + "_real");
    Node& op = push(node.name, spelling.op, floats, real);
    op.attributes = node.attributes;
    op.attributes.erase("channels_last");  // which says what is so of ONNX's pools
    push(node.name + "_quantize", "QuantizeLinear",
         {real, node.inputs[spelling.result], zero_of(node, spelling.result + 1)}, node.outputs[0]);
  }

  // A zero point that is omitted is 0, of the data's type.
  ValueId zero_of(const Node& node, std::size_t i) {
    if (has_input(node, i)) return node.inputs[i];
    const DType type = graph_.value(node.inputs[0]).dtype;
    return add_constant(graph_, value_names_, node.name + "_zero", Array::zeros(type, {}));
  }

  ValueId value(const std::string& name) {
    graph_.values.push_back(Value{value_names_.take(name), {}, {}, {}});
    return ValueId(graph_.values.size() - 1);
  }

  Node& push(const std::string& name, const std::string& op, std::vector<ValueId> inputs,
             ValueId output) {
    Node node{name, op, {}, std::move(inputs), {output}, {}};
    if (op == "QuantizeLinear" || op == "DequantizeLinear") node.name = node_names_.take(name);
    graph_.nodes.push_back(std::move(node));
    return graph_.nodes.back();
  }

  Graph& graph_;
  base::UniqueNames value_names_;
  base::UniqueNames node_names_;
};

}  // namespace

Graph spell_out_integers(Graph graph) {
  const auto stands_for = [](const Node& node) { return spelling_of(node).has_value(); };
  const bool can = graph.opset >= 10;  // the first with quantisers
  if (!can || std::ranges::none_of(graph.nodes, stands_for)) return graph;
  SpellOut(graph).run();
  infer_shapes(graph);
  graph = prune(std::move(graph));
  verify(graph);
  return graph;
}

}  // namespace nn
