// ONNX models made by hand, for the tests.
#pragma once

#include <onnx/onnx_pb.h>

#include <string>
#include <vector>

#include "nn/graph.hpp"
#include "nn/import.hpp"

namespace nn::testing {

/// Writes the parts of a model in the order that they are named.
class ModelBuilder {
 public:
  explicit ModelBuilder(std::int64_t opset = 17) {
    model_.set_ir_version(8);
    model_.add_opset_import()->set_version(opset);
    model_.mutable_graph()->set_name("test");
  }

  /// An extent of kUnknown becomes a symbol.
  ModelBuilder& input(const std::string& name, const Shape& shape, int type = 1) {
    declare(*model_.mutable_graph()->add_input(), name, shape, type);
    return *this;
  }
  ModelBuilder& output(const std::string& name, const Shape& shape, int type = 1) {
    declare(*model_.mutable_graph()->add_output(), name, shape, type);
    return *this;
  }
  /// An output of which the model says only the name.
  ModelBuilder& output(const std::string& name) {
    model_.mutable_graph()->add_output()->set_name(name);
    return *this;
  }
  ModelBuilder& floats(const std::string& name, const Shape& shape,
                       const std::vector<float>& data) {
    onnx::TensorProto& tensor = initialiser(name, shape, onnx::TensorProto::FLOAT);
    for (const float value : data) tensor.add_float_data(value);
    return *this;
  }
  /// Any type that is stored in int32_data.
  ModelBuilder& ints(const std::string& name, const Shape& shape, const std::vector<int>& data,
                     int type) {
    onnx::TensorProto& tensor = initialiser(name, shape, type);
    for (const int value : data) tensor.add_int32_data(value);
    return *this;
  }
  ModelBuilder& longs(const std::string& name, const Shape& shape,
                      const std::vector<std::int64_t>& data) {
    onnx::TensorProto& tensor = initialiser(name, shape, onnx::TensorProto::INT64);
    for (const std::int64_t value : data) tensor.add_int64_data(value);
    return *this;
  }
  onnx::TensorProto& initialiser(const std::string& name, const Shape& shape, int type) {
    onnx::TensorProto& tensor = *model_.mutable_graph()->add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(type);
    for (const std::int64_t extent : shape) tensor.add_dims(extent);
    return tensor;
  }
  ModelBuilder& node(const std::string& op, const std::vector<std::string>& inputs,
                     const std::vector<std::string>& outputs, const std::string& name = {},
                     const std::string& domain = {}) {
    onnx::NodeProto& node = *model_.mutable_graph()->add_node();
    node.set_op_type(op);
    node.set_name(name);
    node.set_domain(domain);
    for (const std::string& input : inputs) node.add_input(input);
    for (const std::string& output : outputs) node.add_output(output);
    return *this;
  }
  /// An attribute of the node named last.
  onnx::AttributeProto& attribute(const std::string& name,
                                  onnx::AttributeProto::AttributeType type) {
    auto& nodes = *model_.mutable_graph()->mutable_node();
    onnx::AttributeProto& attribute = *nodes.Mutable(nodes.size() - 1)->add_attribute();
    attribute.set_name(name);
    attribute.set_type(type);
    return attribute;
  }
  ModelBuilder& with(const std::string& name, std::int64_t value) {
    attribute(name, onnx::AttributeProto::INT).set_i(value);
    return *this;
  }
  ModelBuilder& with(const std::string& name, float value) {
    attribute(name, onnx::AttributeProto::FLOAT).set_f(value);
    return *this;
  }
  ModelBuilder& with(const std::string& name, const std::string& value) {
    attribute(name, onnx::AttributeProto::STRING).set_s(value);
    return *this;
  }
  ModelBuilder& with(const std::string& name, const std::vector<std::int64_t>& values) {
    onnx::AttributeProto& list = attribute(name, onnx::AttributeProto::INTS);
    for (const std::int64_t value : values) list.add_ints(value);
    return *this;
  }
  ModelBuilder& with(const std::string& name, const std::vector<float>& values) {
    onnx::AttributeProto& list = attribute(name, onnx::AttributeProto::FLOATS);
    for (const float value : values) list.add_floats(value);
    return *this;
  }
  ModelBuilder& with(const std::string& name, const std::vector<std::string>& values) {
    onnx::AttributeProto& list = attribute(name, onnx::AttributeProto::STRINGS);
    for (const std::string& value : values) list.add_strings(value);
    return *this;
  }

  onnx::ModelProto& model() { return model_; }
  std::string bytes() const { return model_.SerializeAsString(); }
  Graph import(const std::string& folder = "/nonexistent") const {
    return import_onnx_bytes(bytes(), folder);
  }

 private:
  static void declare(onnx::ValueInfoProto& info, const std::string& name, const Shape& shape,
                      int type) {
    info.set_name(name);
    auto& tensor = *info.mutable_type()->mutable_tensor_type();
    tensor.set_elem_type(type);
    tensor.mutable_shape();
    for (const std::int64_t extent : shape) {
      auto& dim = *tensor.mutable_shape()->add_dim();
      if (extent == kUnknown)
        dim.set_dim_param("N");
      else
        dim.set_dim_value(extent);
    }
  }

  onnx::ModelProto model_;
};

}  // namespace nn::testing
