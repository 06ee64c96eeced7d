#include <algorithm>

#include "nn/op_support.hpp"

namespace nn {
namespace {

std::vector<std::size_t> ones_of(const Node& node, const Shape& shape) {
  std::vector<std::size_t> axes;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    if (shape[d] == kUnknown)
      bad_shape(node, "Squeeze without axes of " + to_string(shape),
                "name the axes, or export the model with fixed shapes");
    if (shape[d] == 1) axes.push_back(d);
  }
  return axes;
}

void infer(Graph& graph, const Node& node) {
  const Value& x = input(graph, node, 0);
  const bool given = has_input(node, 1) || node.attributes.contains("axes");
  const auto axes = given ? axes_of(graph, node, x.shape.size()) : ones_of(node, x.shape);
  Shape out;
  for (std::size_t d = 0; d < x.shape.size(); ++d) {
    if (std::ranges::find(axes, d) == axes.end())
      out.push_back(x.shape[d]);
    else if (x.shape[d] != 1 && x.shape[d] != kUnknown)
      bad_shape(node, "axis " + std::to_string(d) + " of " + to_string(x.shape) + " is not 1");
  }
  set_output(graph, node, 0, x.dtype, out);
}

}  // namespace

OpDef squeeze_op() {
  return {
      .names = {"Squeeze"},
      .doc = "X without extents of 1",
      .max_inputs = 2,
      .attributes = {{.name = "axes",
                      .type = AttributeType::kInts,
                      .doc = "which ones; an input since opset 13",
                      .until = 12}},
      .infer = infer,
      .evaluate =
          [](const Call& call) {
            return std::vector<Array>{reshaped(call.input(0), call.blank().shape)};
          },
  };
}

}  // namespace nn
