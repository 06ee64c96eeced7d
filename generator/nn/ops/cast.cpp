#include "nn/onnx_types.hpp"
#include "nn/op_support.hpp"

namespace nn {
namespace {

DType target(const Node& node) { return dtype_of(node.int_attribute("to", 0), describe(node)); }

}  // namespace

OpDef cast_op() {
  return {
      .names = {"Cast"},
      .doc = "X in another type; float to integer truncates, out of range saturates",
      .attributes = {{.name = "to",
                      .type = AttributeType::kInt,
                      .doc = "ONNX's number of the type",
                      .required = true},
                     {.name = "saturate",
                      .type = AttributeType::kInt,
                      .doc = "for 8-bit floats, which are not supported",
                      .allowed = {"0", "1"},
                      .since = 19}},
      .infer =
          [](Graph& graph, const Node& node) {
            set_output(graph, node, 0, target(node), input(graph, node, 0).shape);
          },
      .evaluate =
          [](const Call& call) {
            return std::vector<Array>{convert(call.input(0), target(call.node))};
          },
  };
}

}  // namespace nn
