#include <fmt/format.h>

#include "base/error.hpp"
#include "nn/resample.hpp"

namespace nn {
namespace {

// An attribute up to opset 8, an input in opset 9.
std::vector<double> scales_of(const Graph& graph, const Node& node) {
  if (has_input(node, 1) == node.attributes.contains("scales"))
    base::fail(base::Code::kBadAttribute, "Upsample needs its scales once", describe(node),
               "an attribute up to opset 8, input 1 in opset 9");
  if (has_input(node, 1)) return constant_scales(graph, node, 1);
  const auto* given = std::get_if<std::vector<float>>(&node.attributes.at("scales"));
  return {given->begin(), given->end()};
}

std::vector<Stretch> axes_of(const Graph& graph, const Node& node, const Shape& shape) {
  const std::vector<double> scales = scales_of(graph, node);
  if (scales.size() != shape.size())
    bad_shape(node,
              fmt::format("{} scales for an input of shape {}", scales.size(), to_string(shape)));
  std::vector<Stretch> axes;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    if (scales[d] < 1) bad_shape(node, fmt::format("the scale {} is below 1", scales[d]));
    axes.push_back(stretch_by(node, shape[d], scales[d]));
  }
  return axes;
}

void infer(Graph& graph, const Node& node) {
  const Value& x = input(graph, node, 0);
  set_output(graph, node, 0, x.dtype, stretched_shape(axes_of(graph, node, x.shape)));
}

std::vector<Array> evaluate(const Call& call) {
  return resample(call, axes_of(call.graph, call.node, call.input(0).shape), {});
}

}  // namespace

OpDef upsample_op() {
  return {
      .names = {"Upsample"},
      .until = 9,
      .doc = "X with each position repeated; the scales must be constants; Resize since opset 10",
      .max_inputs = 2,
      .attributes = {{.name = "mode",
                      .type = AttributeType::kString,
                      .doc = "default nearest",
                      .allowed = {"nearest"}},
                     {.name = "scales",
                      .type = AttributeType::kFloats,
                      .doc = "one an axis; an input in opset 9",
                      .until = 8}},
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
