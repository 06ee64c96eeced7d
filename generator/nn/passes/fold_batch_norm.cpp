#include <algorithm>
#include <cmath>
#include <optional>

#include "base/interrupt.hpp"
#include "nn/edit.hpp"
#include "nn/infer.hpp"
#include "nn/op_support.hpp"
#include "nn/passes/passes.hpp"

namespace nn {

namespace {

using Vector = std::vector<double>;

// A BatchNormalization as y = gain * x + shift, one of each a channel.
struct Affine {
  Vector gain;
  Vector shift;
};

std::optional<Affine> affine_of(const Graph& graph, const Node& node) {
  if (node.op != "BatchNormalization" || !node.domain.empty()) return std::nullopt;
  if (input(graph, node, 0).shape.size() != 2) return std::nullopt;
  for (std::size_t i = 1; i < 5; ++i)
    if (!graph.is_constant(node.inputs[i])) return std::nullopt;
  const auto parameter = [&](std::size_t i, std::size_t c) {
    return input(graph, node, i).constant->at(c);
  };
  Affine affine;
  const double epsilon = node.float_attribute("epsilon", 1e-5F);
  for (std::size_t c = 0; c < input(graph, node, 1).constant->floats().size(); ++c) {
    const double gain = parameter(1, c) / std::sqrt(parameter(4, c) + epsilon);
    affine.gain.push_back(gain);
    affine.shift.push_back(parameter(2, c) - parameter(3, c) * gain);
  }
  return affine;
}

// The constant matrix of a product, read as inputs x outputs.
struct Weights {
  const Array& array;
  bool transposed;  // stored as outputs x inputs

  std::size_t inputs() const { return extent(transposed ? 1 : 0); }
  std::size_t outputs() const { return extent(transposed ? 0 : 1); }
  std::size_t at(std::size_t in, std::size_t out) const {
    return transposed ? out * inputs() + in : in * outputs() + out;
  }

 private:
  std::size_t extent(std::size_t d) const { return static_cast<std::size_t>(array.shape[d]); }
};

std::optional<Weights> weights_of(const Graph& graph, const Node& node) {
  const bool gemm = node.op == "Gemm";
  if (!node.domain.empty() || (!gemm && node.op != "MatMul")) return std::nullopt;
  if (!graph.is_constant(node.inputs[1]) || node.int_attribute("transA", 0) != 0)
    return std::nullopt;
  const Array& array = *input(graph, node, 1).constant;
  if (array.shape.size() != 2 || !is_float(array.dtype) || input(graph, node, 0).shape.size() != 2)
    return std::nullopt;
  return Weights{array, gemm && node.int_attribute("transB", 0) != 0};
}

// `id` as one number an output, or nothing if it is no such constant.
std::optional<Vector> row_of(const Graph& graph, ValueId id, std::size_t outputs) {
  if (!id.valid()) return Vector(outputs, 0.0);
  if (!graph.is_constant(id)) return std::nullopt;
  const Array& array = *graph.value(id).constant;
  if (!is_float(array.dtype) || !repeats_to(array.shape, {1, static_cast<std::int64_t>(outputs)}))
    return std::nullopt;
  Vector row;
  for (std::size_t i = 0; i < outputs; ++i)
    row.push_back(array.at(array.floats().size() == 1 ? 0 : i));
  return row;
}

Array as_array(const Vector& row, DType dtype) {
  Array array{
      dtype, {static_cast<std::int64_t>(row.size())}, std::vector<float>(row.begin(), row.end())};
  return array;
}

Array scaled_columns(const Weights& weights, const Vector& gain) {
  Array result = weights.array;
  for (std::size_t in = 0; in < weights.inputs(); ++in)
    for (std::size_t out = 0; out < weights.outputs(); ++out) {
      float& value = result.floats()[weights.at(in, out)];
      value = static_cast<float>(value * gain[out]);
    }
  return result;
}

Array scaled_rows(const Weights& weights, const Vector& gain) {
  Array result = weights.array;
  for (std::size_t in = 0; in < weights.inputs(); ++in)
    for (std::size_t out = 0; out < weights.outputs(); ++out) {
      float& value = result.floats()[weights.at(in, out)];
      value = static_cast<float>(value * gain[in]);
    }
  return result;
}

// What the shift before the product adds to its outputs.
Vector shifted_outputs(const Weights& weights, const Vector& shift) {
  Vector sums(weights.outputs(), 0.0);
  for (std::size_t in = 0; in < weights.inputs(); ++in)
    for (std::size_t out = 0; out < weights.outputs(); ++out)
      sums[out] += shift[in] * weights.array.floats()[weights.at(in, out)];
  return sums;
}

Vector gemm_bias(const Node& gemm, Vector row) {
  for (double& value : row) value *= gemm.float_attribute("beta", 1.0F);
  return row;
}

ValueId bias_id(const Node& node) { return has_input(node, 2) ? node.inputs[2] : ValueId(); }

Vector after(const Affine& affine, const Vector& bias) {
  Vector result;
  for (std::size_t c = 0; c < bias.size(); ++c)
    result.push_back(bias[c] * affine.gain[c] + affine.shift[c]);
  return result;
}

// Folds in place and keeps account of who makes and reads the values of data. A node that is folded
// away loses its outputs.
class Folding {
 public:
  explicit Folding(Graph& graph) : graph_(graph), uses_(graph), names_(names_of(graph.values)) {}

  void run() {
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      base::interruption_point();
      // What is folded gives the node before it a new neighbour.
      for (NodeId n(i); n.valid() && fold(n);) n = uses_.producer[graph_.node(n).inputs[0].index()];
    }
    std::erase_if(graph_.nodes, [](const Node& node) { return node.outputs.empty(); });
  }

 private:
  bool fold(NodeId n) {
    if (graph_.node(n).outputs.empty()) return false;
    const auto affine = affine_of(graph_, graph_.node(n));
    return affine && (into_product(n, *affine) || into_sum(n, *affine) || into_next(n, *affine));
  }

  ValueId constant(const std::string& name, Array array) {
    uses_.producer.emplace_back();
    uses_.readers.emplace_back();
    uses_.outputs.push_back(false);
    return add_constant(graph_, names_, name, std::move(array));
  }

  void set_weights(NodeId product, Array weights) {
    graph_.node(product).inputs[1] =
        constant(graph_.node(product).name + "_weights", std::move(weights));
  }

  // A Gemm takes the bias itself, its factor beta included already.
  void set_gemm_bias(NodeId gemm, const Vector& bias) {
    const DType dtype = input(graph_, graph_.node(gemm), 0).dtype;
    const ValueId id = constant(graph_.node(gemm).name + "_bias", as_array(bias, dtype));
    graph_.node(gemm).inputs.resize(3);
    graph_.node(gemm).inputs[2] = id;
    graph_.node(gemm).attributes.erase("beta");
  }

  // Turns the node into "x + row".
  void become_add(NodeId n, ValueId x, const Vector& row) {
    const DType dtype = graph_.value(x).dtype;
    const ValueId id = constant(graph_.node(n).name + "_bias", as_array(row, dtype));
    graph_.node(n).op = "Add";
    graph_.node(n).inputs = {x, id};
    graph_.node(n).attributes.clear();
  }

  bool into_product(NodeId n, const Affine& affine);
  bool into_sum(NodeId n, const Affine& affine);
  bool into_next(NodeId n, const Affine& affine);

  Graph& graph_;
  Uses uses_;
  base::UniqueNames names_;
};

// Product -> BatchNormalization n.
bool Folding::into_product(NodeId n, const Affine& affine) {
  const ValueId x = graph_.node(n).inputs[0];
  const NodeId product = uses_.producer[x.index()];
  if (!product.valid() || !uses_.is_read_only_by(x, n)) return false;
  const auto weights = weights_of(graph_, graph_.node(product));
  if (!weights) return false;
  const auto row = row_of(graph_, bias_id(graph_.node(product)), weights->outputs());
  if (!row) return false;
  const bool gemm = graph_.node(product).op == "Gemm";
  const Vector bias = after(affine, gemm_bias(graph_.node(product), *row));
  set_weights(product, scaled_columns(*weights, affine.gain));
  if (!gemm) {
    become_add(n, x, bias);
    return true;
  }
  set_gemm_bias(product, bias);
  const ValueId y = graph_.node(n).outputs[0];
  graph_.node(product).outputs[0] = y;
  uses_.producer[y.index()] = product;
  graph_.node(n).outputs.clear();
  return true;
}

// MatMul -> Add of a constant -> BatchNormalization n: the last becomes the sum.
bool Folding::into_sum(NodeId n, const Affine& affine) {
  const ValueId x = graph_.node(n).inputs[0];
  const NodeId sum = uses_.producer[x.index()];
  if (!sum.valid() || graph_.node(sum).op != "Add" || !uses_.is_read_only_by(x, n)) return false;
  for (const std::size_t side : {0U, 1U}) {
    const ValueId y = graph_.node(sum).inputs[side];
    const NodeId product = uses_.producer[y.index()];
    if (!product.valid() || graph_.node(product).op != "MatMul" || !uses_.is_read_only_by(y, sum))
      continue;
    const auto weights = weights_of(graph_, graph_.node(product));
    if (!weights) continue;
    const auto row = row_of(graph_, graph_.node(sum).inputs[1 - side], weights->outputs());
    if (!row) continue;
    set_weights(product, scaled_columns(*weights, affine.gain));
    become_add(n, y, after(affine, *row));
    uses_.readers[y.index()] = {n};
    graph_.node(sum).outputs.clear();
    return true;
  }
  return false;
}

// BatchNormalization n -> product.
bool Folding::into_next(NodeId n, const Affine& affine) {
  const ValueId y = graph_.node(n).outputs[0];
  const std::vector<NodeId>& readers = uses_.readers[y.index()];
  if (readers.size() != 1 || uses_.is_output(y)) return false;
  const NodeId product = readers[0];
  if (graph_.node(product).inputs[0] != y) return false;
  const auto weights = weights_of(graph_, graph_.node(product));
  if (!weights) return false;
  const auto row = row_of(graph_, bias_id(graph_.node(product)), weights->outputs());
  if (!row) return false;
  Vector added = shifted_outputs(*weights, affine.shift);
  const bool gemm = graph_.node(product).op == "Gemm";
  const ValueId x = graph_.node(n).inputs[0];
  if (gemm) {
    const Vector bias = gemm_bias(graph_.node(product), *row);
    const double alpha = graph_.node(product).float_attribute("alpha", 1.0F);
    for (std::size_t c = 0; c < added.size(); ++c) added[c] = alpha * added[c] + bias[c];
  }
  set_weights(product, scaled_rows(*weights, affine.gain));
  graph_.node(product).inputs[0] = x;
  if (gemm) {
    set_gemm_bias(product, added);
    std::ranges::replace(uses_.readers[x.index()], n, product);
    graph_.node(n).outputs.clear();
    return true;
  }
  // The product moves to the BatchNormalization's place and the sum to the product's.
  const ValueId result = graph_.node(product).outputs[0];
  Node moved = graph_.node(product);
  moved.outputs = {y};
  const std::string sum_name = graph_.node(n).name;
  graph_.node(n) = std::move(moved);
  graph_.node(product).name = sum_name;
  graph_.node(product).outputs = {result};
  become_add(product, y, added);
  return true;
}

}  // namespace

Graph fold_batch_norm(Graph graph) {
  const auto is_batch_norm = [](const Node& node) { return node.op == "BatchNormalization"; };
  if (std::ranges::none_of(graph.nodes, is_batch_norm)) return graph;
  Folding(graph).run();
  infer_shapes(graph);
  graph = prune(std::move(graph));
  verify(graph);
  return graph;
}

}  // namespace nn
