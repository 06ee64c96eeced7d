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
  if (std::equal(from.begin() + 1, from.end(), to.begin() + 1))
    return builder.pass(node, in, "nothing");
  builder.set(node, builder.expanded(node, node.name, {in, data}, made_maps(builder, node)),
              "what shows it again and again");
}

}  // namespace

Lowering expand_lowering() {
  return {{"Expand"}, "reading one channel, row or column again and again", lower};
}

}  // namespace quant
