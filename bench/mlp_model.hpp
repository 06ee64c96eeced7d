// ONNX models of any size, to measure with.
#pragma once

#include <onnx/onnx_pb.h>

#include <cmath>
#include <string>
#include <vector>

#include "base/rng.hpp"

namespace bench {

/// Writes the parts of a model in the order that they are named.
class Model {
 public:
  Model() {
    model_.set_ir_version(8);
    model_.add_opset_import()->set_version(17);
    model_.mutable_graph()->set_name("bench");
  }

  void input(const std::string& name, std::int64_t features) {
    declare(*model_.mutable_graph()->add_input(), name, features);
  }
  void output(const std::string& name, std::int64_t features) {
    declare(*model_.mutable_graph()->add_output(), name, features);
  }
  onnx::NodeProto& node(const std::string& op, const std::vector<std::string>& inputs,
                        const std::string& output) {
    onnx::NodeProto& node = *model_.mutable_graph()->add_node();
    node.set_op_type(op);
    node.set_name("/" + output + "/" + op);
    for (const std::string& input : inputs) node.add_input(input);
    node.add_output(output);
    return node;
  }
  /// Weights of `shape`, uniform within +-`most`, as raw data.
  void weights(const std::string& name, const std::vector<std::int64_t>& shape, double most,
               base::Rng& rng) {
    onnx::TensorProto& tensor = *model_.mutable_graph()->add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(onnx::TensorProto::FLOAT);
    std::size_t count = 1;
    for (const std::int64_t extent : shape) {
      tensor.add_dims(extent);
      count *= static_cast<std::size_t>(extent);
    }
    std::string& raw = *tensor.mutable_raw_data();
    raw.reserve(count * sizeof(float));
    for (std::size_t i = 0; i < count; ++i) {
      const auto value = static_cast<float>(most * (2 * rng.uniform() - 1));
      raw.append(reinterpret_cast<const char*>(&value), sizeof(value));
    }
  }

  const onnx::ModelProto& proto() const { return model_; }

 private:
  static void declare(onnx::ValueInfoProto& info, const std::string& name, std::int64_t features) {
    info.set_name(name);
    auto& tensor = *info.mutable_type()->mutable_tensor_type();
    tensor.set_elem_type(onnx::TensorProto::FLOAT);
    tensor.mutable_shape()->add_dim()->set_dim_param("N");
    tensor.mutable_shape()->add_dim()->set_dim_value(features);
  }

  onnx::ModelProto model_;
};

/// Gemm and Relu in turn, as PyTorch exports them, through layers of `widths`; no Relu at the end.
inline Model mlp(const std::vector<std::int64_t>& widths) {
  base::Rng rng(1);
  Model model;
  model.input("x", widths.front());
  std::string at = "x";
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
    const std::string name = "fc" + std::to_string(i);
    const double most = 1.7 / std::sqrt(static_cast<double>(widths[i]));
    model.weights(name + ".weight", {widths[i + 1], widths[i]}, most, rng);
    model.weights(name + ".bias", {widths[i + 1]}, most, rng);
    onnx::NodeProto& gemm = model.node("Gemm", {at, name + ".weight", name + ".bias"}, name);
    onnx::AttributeProto& transpose = *gemm.add_attribute();
    transpose.set_name("transB");
    transpose.set_type(onnx::AttributeProto::INT);
    transpose.set_i(1);
    at = name;
    if (i + 2 == widths.size()) break;
    model.node("Relu", {at}, name + "r");
    at = name + "r";
  }
  model.output(at, widths.back());
  return model;
}

/// A product behind `count` Identity nodes.
inline Model identities(int count) {
  base::Rng rng(1);
  Model model;
  model.input("v0", 4);
  for (int i = 0; i < count; ++i)
    model.node("Identity", {"v" + std::to_string(i)}, "v" + std::to_string(i + 1));
  model.weights("w", {4, 3}, 1, rng);
  model.node("MatMul", {"v" + std::to_string(count), "w"}, "y");
  model.output("y", 3);
  return model;
}

}  // namespace bench
