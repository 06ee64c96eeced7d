// Expand, of what has one channel, one row or one column.
#include "quant/walks.hpp"

namespace quant {

namespace {

void lower(Builder& builder, const nn::Node& node) {
  const nn::ValueId data = node.inputs.at(0);
  const Carried& in = builder.real(node, data);
  const nn::Shape& from = builder.graph().value(data).shape;
  const nn::Shape& to = builder.graph().value(node.outputs.at(0)).shape;
  if (from.size() != to.size())
    Builder::refuse(node, "gives a signal more axes", "reshape it before it is repeated");
  const nn::Shape shape = map_shape(builder, node, node.outputs.at(0));
  if (std::equal(from.begin() + 1, from.end(), to.begin() + 1))
    return builder.pass(node, in, "nothing");
  const auto extent = [&](std::size_t axis) {
    return axis < shape.size() ? static_cast<int>(shape[axis]) : 1;
  };
  builder.expand(
      node, {in, data},
      shape.size() == 3 ? Shape(extent(1), 1, extent(2)) : Shape(extent(1), extent(2), extent(3)));
}

}  // namespace

Lowering expand_lowering() {
  return {{"Expand"}, "reading one channel, row or column again and again", lower};
}

}  // namespace quant
