// Graphs made by hand, for the tests of the quantiser.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "nn/graph.hpp"
#include "nn/infer.hpp"

namespace test {

/// Adds values and nodes in order; the last node's output is the graph's.
class GraphBuilder {
 public:
  using Id = nn::ValueId;
  using Attributes = std::map<std::string, nn::Attribute>;

  explicit GraphBuilder(std::int64_t opset = 13) {
    graph_.name = "test";
    graph_.opset = opset;
  }

  /// An input of the graph.
  Id input(nn::Shape shape) {
    graph_.inputs.push_back(value("x" + std::string(graph_.inputs.size(), '\'')));
    graph_.value(graph_.inputs.back()).shape = std::move(shape);
    return graph_.inputs.back();
  }
  Id constant(nn::Array array) {
    const Id id = value("constant" + std::to_string(graph_.values.size()));
    graph_.value(id).dtype = array.dtype;
    graph_.value(id).shape = array.shape;
    graph_.value(id).constant = std::move(array);
    return id;
  }
  Id floats(nn::Shape shape, std::vector<float> values) {
    return constant(nn::Array::of_floats(std::move(shape), std::move(values)));
  }
  Id scalar(float x) { return floats({}, {x}); }
  Id ints(nn::DType type, nn::Shape shape, std::vector<std::int64_t> values) {
    return constant(nn::Array::of_ints(type, std::move(shape), std::move(values)));
  }
  Id node(const std::string& op, std::vector<Id> inputs, Attributes attributes = {},
          const std::string& domain = {}) {
    nn::Node node;
    node.op = op;
    node.name = op + std::to_string(graph_.nodes.size());
    node.domain = domain;
    node.inputs = std::move(inputs);
    node.outputs = {value(node.name + ".out")};
    node.attributes = std::move(attributes);
    graph_.nodes.push_back(node);
    return node.outputs[0];
  }
  /// The last node's name, and its output.
  const std::string& last_name() const { return graph_.nodes.back().name; }
  Id last() const { return graph_.nodes.back().outputs[0]; }
  /// One more output of the last node.
  Id output() {
    nn::Node& last = graph_.nodes.back();
    const Id id = value(last.name + ".out" + std::to_string(last.outputs.size()));
    last.outputs.push_back(id);
    return id;
  }
  /// y = x . weights + bias, weights stored [inputs, outputs].
  Id gemm(Id x, Id weights, Id bias = {}) { return node("Gemm", {x, weights, bias}); }
  /// QONNX's Quant.
  Id quant(Id x, float scale, float bits, std::int64_t is_signed, std::int64_t narrow = 0,
           const std::string& rounding = "ROUND", float zero = 0) {
    return node("Quant", {x, scalar(scale), scalar(zero), scalar(bits)},
                {{"signed", is_signed}, {"narrow", narrow}, {"rounding_mode", rounding}},
                "qonnx.custom_op.general");
  }
  /// QuantizeLinear and DequantizeLinear with one scale and zero point.
  Id q_dq(Id x, float scale, nn::DType type, std::int64_t zero) {
    const Id s = scalar(scale);
    const Id z = ints(type, {}, {zero});
    return node("DequantizeLinear", {node("QuantizeLinear", {x, s, z}), s, z});
  }
  /// Weights of int8 behind DequantizeLinear; one scale an output if there are several.
  Id dq_weights(nn::Shape shape, std::vector<std::int64_t> values, std::vector<float> scales,
                std::int64_t axis = 1) {
    const auto count = static_cast<std::int64_t>(scales.size());
    const nn::Shape of_scale = count == 1 ? nn::Shape{} : nn::Shape{count};
    return node(
        "DequantizeLinear",
        {ints(nn::DType::kInt8, std::move(shape), std::move(values)), floats(of_scale, scales)},
        {{"axis", axis}});
  }
  /// Ends the graph at the last node's output.
  nn::Graph done() {
    graph_.outputs = {graph_.nodes.back().outputs[0]};
    nn::infer_shapes(graph_);
    return graph_;
  }

 private:
  Id value(const std::string& name) {
    graph_.values.push_back({name, nn::DType::kFloat, {}, {}});
    return Id(graph_.values.size() - 1);
  }

  nn::Graph graph_;
};

/// Code and text of the fault that `f` throws.
template <class F>
base::Fault fault_of(F&& f) {
  try {
    f();
  } catch (const base::Error& error) {
    return error.faults().front();
  }
  ADD_FAILURE() << "no error was thrown";
  return {};
}

}  // namespace test
