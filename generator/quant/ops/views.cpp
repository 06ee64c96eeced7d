// Ops that leave the elements of a sample in their order.
#include "quant/builder.hpp"

namespace quant {

namespace {

// Where an axis lies that stays what it is while those around it are split and joined: as many
// elements lie before it, and it is as long. -1: nowhere, which only one of extent 1 may be.
int axis_behind(const nn::Node& node, const nn::Shape& from, int axis, const nn::Shape& to) {
  if (axis <= 0) return axis;
  std::int64_t before = 1;
  for (int i = 0; i < axis; ++i) before *= from[static_cast<std::size_t>(i)];
  std::int64_t met = 1;
  for (std::size_t i = 0; i < to.size(); met *= to[i++])
    if (met == before && to[i] == from[static_cast<std::size_t>(axis)]) return static_cast<int>(i);
  if (from[static_cast<std::size_t>(axis)] != 1)
    Builder::refuse(node, "joins samples with other elements",
                    "keep the axis of the samples as it is");
  return -1;
}

void lower(Builder& builder, const nn::Node& node) {
  const nn::ValueId data = node.inputs.at(0);
  Carried out = builder.at(data);
  const nn::Graph& graph = builder.graph();
  out.sample_axis = axis_behind(node, graph.value(data).shape, out.sample_axis,
                                graph.value(node.outputs.at(0)).shape);
  builder.pass(node, out, "nothing: the same elements");
}

}  // namespace

Lowering views_lowering() {
  return {{"Flatten", "Reshape", "Squeeze", "Unsqueeze", "Identity", "Dropout"},
          "nothing: the same elements",
          lower,
          true};
}

}  // namespace quant
