#include <fmt/format.h>
#include <onnx/onnx_pb.h>

#include <cmath>

#include "base/error.hpp"
#include "nn/import_graph.hpp"
#include "nn/tensor_proto.hpp"

namespace nn {

using base::Code;

namespace {

float finite(float value, const std::string& name, const std::string& where) {
  if (!std::isfinite(value))
    base::fail(Code::kBadAttribute, fmt::format("attribute \"{}\" is {}", name, value), where);
  return value;
}

std::vector<float> finite_list(const onnx::AttributeProto& proto, const std::string& where) {
  std::vector<float> values;
  for (const float value : proto.floats()) values.push_back(finite(value, proto.name(), where));
  return values;
}

}  // namespace

Attribute import_attribute(const onnx::AttributeProto& proto, const std::filesystem::path& folder,
                           const std::string& where) {
  if (!proto.ref_attr_name().empty())
    base::fail(Code::kUnsupportedFeature,
               fmt::format("attribute \"{}\" refers to a function's", proto.name()), where);
  switch (proto.type()) {
    case onnx::AttributeProto::INT:
      return proto.i();
    case onnx::AttributeProto::FLOAT:
      return finite(proto.f(), proto.name(), where);
    case onnx::AttributeProto::STRING:
      return proto.s();
    case onnx::AttributeProto::INTS:
      return std::vector<std::int64_t>(proto.ints().begin(), proto.ints().end());
    case onnx::AttributeProto::FLOATS:
      return finite_list(proto, where);
    case onnx::AttributeProto::STRINGS:
      return std::vector<std::string>(proto.strings().begin(), proto.strings().end());
    case onnx::AttributeProto::TENSOR:
      return decode_tensor(proto.t(), folder,
                           fmt::format("{}, attribute \"{}\"", where, proto.name()));
    case onnx::AttributeProto::UNDEFINED:
      base::fail(Code::kBadAttribute, fmt::format("attribute \"{}\" has no type", proto.name()),
                 where);
    case onnx::AttributeProto::GRAPH:
    case onnx::AttributeProto::GRAPHS:
      base::fail(Code::kUnsupportedFeature,
                 fmt::format("attribute \"{}\" is a subgraph; control flow is not supported",
                             proto.name()),
                 where);
    default:
      base::fail(Code::kUnsupportedFeature,
                 fmt::format("attribute \"{}\" is of type {}, which is not supported", proto.name(),
                             onnx::AttributeProto::AttributeType_Name(proto.type())),
                 where);
  }
}

}  // namespace nn
