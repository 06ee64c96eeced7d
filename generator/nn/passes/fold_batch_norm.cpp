#include <algorithm>
#include <cmath>
#include <optional>

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

void set_weights(Graph& graph, NodeId product, Array weights) {
  const std::string name = graph.value(graph.node(product).inputs[1]).name + "_bn";
  const ValueId id = add_constant(graph, name, std::move(weights));
  graph.node(product).inputs[1] = id;
}

// A Gemm takes the bias itself, its factor beta included already.
void set_gemm_bias(Graph& graph, NodeId gemm, const Vector& bias) {
  const DType dtype = input(graph, graph.node(gemm), 0).dtype;
  const ValueId id = add_constant(graph, graph.node(gemm).name + "_bias", as_array(bias, dtype));
  graph.node(gemm).inputs.resize(3);
  graph.node(gemm).inputs[2] = id;
  graph.node(gemm).attributes.erase("beta");
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

// Turns the node into "x + row".
void become_add(Graph& graph, NodeId n, ValueId x, const Vector& row) {
  const DType dtype = graph.value(x).dtype;
  const ValueId id = add_constant(graph, graph.node(n).name + "_bias", as_array(row, dtype));
  graph.node(n).op = "Add";
  graph.node(n).inputs = {x, id};
  graph.node(n).attributes.clear();
}

// Product -> BatchNormalization n.
bool fold_into_product(Graph& graph, NodeId n, const Affine& affine) {
  const ValueId x = graph.node(n).inputs[0];
  const NodeId product = graph.producer(x);
  if (!product.valid() || !read_only_by(graph, x, n)) return false;
  const auto weights = weights_of(graph, graph.node(product));
  if (!weights) return false;
  const auto row = row_of(graph, bias_id(graph.node(product)), weights->outputs());
  if (!row) return false;
  const bool gemm = graph.node(product).op == "Gemm";
  const Vector bias = after(affine, gemm_bias(graph.node(product), *row));
  set_weights(graph, product, scaled_columns(*weights, affine.gain));
  if (!gemm) {
    become_add(graph, n, x, bias);
    return true;
  }
  set_gemm_bias(graph, product, bias);
  redirect(graph, x, graph.node(n).outputs[0]);
  graph.node(product).outputs[0] = graph.node(n).outputs[0];
  graph.node(n).outputs.clear();
  return true;
}

// MatMul -> Add of a constant -> BatchNormalization n: the last becomes the sum.
bool fold_into_sum(Graph& graph, NodeId n, const Affine& affine) {
  const ValueId x = graph.node(n).inputs[0];
  const NodeId sum = graph.producer(x);
  if (!sum.valid() || graph.node(sum).op != "Add" || !read_only_by(graph, x, n)) return false;
  for (const std::size_t side : {0U, 1U}) {
    const ValueId y = graph.node(sum).inputs[side];
    const NodeId product = graph.producer(y);
    if (!product.valid() || graph.node(product).op != "MatMul" || !read_only_by(graph, y, sum))
      continue;
    const auto weights = weights_of(graph, graph.node(product));
    if (!weights) continue;
    const auto row = row_of(graph, graph.node(sum).inputs[1 - side], weights->outputs());
    if (!row) continue;
    set_weights(graph, product, scaled_columns(*weights, affine.gain));
    become_add(graph, n, y, after(affine, *row));
    return true;
  }
  return false;
}

// BatchNormalization n -> product.
bool fold_into_next(Graph& graph, NodeId n, const Affine& affine) {
  const ValueId y = graph.node(n).outputs[0];
  const std::vector<NodeId> readers = graph.consumers(y);
  if (readers.size() != 1 || is_output(graph, y)) return false;
  const NodeId product = readers[0];
  if (graph.node(product).inputs[0] != y) return false;
  const auto weights = weights_of(graph, graph.node(product));
  if (!weights) return false;
  const auto row = row_of(graph, bias_id(graph.node(product)), weights->outputs());
  if (!row) return false;
  Vector added = shifted_outputs(*weights, affine.shift);
  const bool gemm = graph.node(product).op == "Gemm";
  const ValueId x = graph.node(n).inputs[0];
  if (gemm) {
    const Vector bias = gemm_bias(graph.node(product), *row);
    const double alpha = graph.node(product).float_attribute("alpha", 1.0F);
    for (std::size_t c = 0; c < added.size(); ++c) added[c] = alpha * added[c] + bias[c];
  }
  set_weights(graph, product, scaled_rows(*weights, affine.gain));
  graph.node(product).inputs[0] = x;
  if (gemm) {
    set_gemm_bias(graph, product, added);
    graph.node(n).outputs.clear();
    return true;
  }
  // The product moves to the BatchNormalization's place and the sum to the product's.
  const ValueId result = graph.node(product).outputs[0];
  Node moved = graph.node(product);
  moved.outputs = {y};
  const std::string sum_name = graph.node(n).name;
  graph.node(n) = std::move(moved);
  graph.node(product).name = sum_name;
  graph.node(product).outputs = {result};
  become_add(graph, product, y, added);
  return true;
}

bool fold_one(Graph& graph) {
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const NodeId n(i);
    const auto affine = affine_of(graph, graph.node(n));
    if (affine && (fold_into_product(graph, n, *affine) || fold_into_sum(graph, n, *affine) ||
                   fold_into_next(graph, n, *affine)))
      return true;
  }
  return false;
}

}  // namespace

Graph fold_batch_norm(const Graph& graph) {
  Graph result = graph;
  while (fold_one(result)) {
    std::erase_if(result.nodes, [](const Node& node) { return node.outputs.empty(); });
    infer_shapes(result);
    result = prune(result);
  }
  verify(result);
  return result;
}

}  // namespace nn
