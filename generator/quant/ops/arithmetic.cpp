// Sums, products and quotients of signals; Add, Sub, Mul, Div with constants.
#include <fmt/format.h>

#include <algorithm>

#include "quant/walks.hpp"

namespace quant {

namespace {

bool joins_signals(const Builder& builder, const nn::Node& node) {
  return std::ranges::count_if(node.inputs, [&](nn::ValueId id) { return builder.is_signal(id); }) >
         1;
}

// So that the signals' channels are on the same axis.
void require_same_rank(const nn::Graph& graph, const nn::Node& node, nn::ValueId data) {
  const nn::Shape& in = graph.value(data).shape;
  const nn::Shape& out = graph.value(node.outputs.at(0)).shape;
  if (in.size() != out.size())
    Builder::refuse(node, fmt::format("turns {} into {}", nn::to_string(in), nn::to_string(out)),
                    "give both signals the same axes");
}

// Input `index` as a sum takes it: what has one row, column or channel has it again and again.
Carried summand_of(Builder& builder, const nn::Node& node, std::size_t index) {
  const nn::ValueId id = node.inputs[index];
  const Carried& in = builder.real(node, id);
  if (builder.graph().value(id).shape == builder.graph().value(node.outputs.at(0)).shape) return in;
  require_same_rank(builder.graph(), node, id);
  return builder.expanded(node, fmt::format("{}_input{}", node.name, index), {in, id},
                          made_maps(builder, node));
}

void lower_sum(Builder& builder, const nn::Node& node) {
  std::vector<Summand> summands;
  std::vector<nn::ValueId> constants;
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    const nn::ValueId id = node.inputs[i];
    if (!builder.is_signal(id)) {
      constants.push_back(id);
      continue;
    }
    summands.push_back({summand_of(builder, node, i), node.op == "Sub" && i == 1 ? -1.0 : 1.0});
  }
  const int count = summands.front().in.count();
  Eigen::VectorXd offset = Eigen::VectorXd::Zero(count);
  for (const nn::ValueId id : constants)
    offset += constant_elements(builder.graph(), node, id, count);
  builder.sum(node, summands, offset);
}

// Two functions of the same elements are one, as x * sigmoid(x) is.
bool lower_functions(Builder& builder, const nn::Node& node) {
  if (node.inputs.size() != 2) return false;
  const auto a = builder.function_of(node.inputs[0]);
  const auto b = builder.function_of(node.inputs[1]);
  if (!a || !b || a->input != b->input) return false;
  const auto is_plain = [&](nn::ValueId id) { return builder.at(id).pieces[0] == a->input; };
  const bool sums = node.op == "Add" || node.op == "Sub" || node.op == "Sum";
  if (sums && is_plain(node.inputs[0]) && is_plain(node.inputs[1])) return false;
  const auto joined = [op = node.op, f = a->function,
                       g = b->function](const Eigen::ArrayXd& x) -> Eigen::ArrayXd {
    if (op == "Mul") return f(x) * g(x);
    if (op == "Div") return f(x) / g(x);
    if (op == "Sub") return f(x) - g(x);
    return f(x) + g(x);
  };
  builder.dissolve_tables(node);
  builder.tabulate(node, {.pieces = {a->input}}, joined, std::max(a->depth, b->depth) + 1);
  return true;
}

// A quotient is the product by a table of reciprocals.
void lower_product(Builder& builder, const nn::Node& node) {
  for (const nn::ValueId id : node.inputs) require_same_rank(builder.graph(), node, id);
  const Factor left{builder.real(node, node.inputs[0]), node.inputs[0]};
  const Factor right{builder.real(node, node.inputs[1]), node.inputs[1]};
  if (node.op == "Mul") return builder.multiply(node, left, right);
  const auto reciprocal = [](const Eigen::ArrayXd& x) -> Eigen::ArrayXd { return x.inverse(); };
  builder.multiply(node, left, {builder.table_of(node.name + "_reciprocal", right, reciprocal)});
}

void lower(Builder& builder, const nn::Node& node) {
  if (joins_signals(builder, node) && lower_functions(builder, node)) return;
  const bool sums = node.op == "Add" || node.op == "Sub" || node.op == "Sum";
  if (sums && (joins_signals(builder, node) || node.op == "Sum")) return lower_sum(builder, node);
  if (joins_signals(builder, node)) return lower_product(builder, node);
  const nn::ValueId data = builder.only_signal(node);
  const Carried& in = builder.real(node, data);
  builder.affine(node, in, affine_of(builder.graph(), node, data, in.count()));
}

}  // namespace

Lowering arithmetic_lowering() {
  return {{"Add", "Sub", "Sum", "Mul", "Div", "BatchNormalization", "Neg"},
          "with constants part of a layer or of the input encoding; sums of signals are layers, or "
          "part of the product before them; products of signals are layers and tables of squares",
          lower};
}

}  // namespace quant
