// What the host does with the results.
#include "quant/builder.hpp"

namespace quant {

namespace {

void lower(Builder& builder, const nn::Node& node) {
  const nn::ValueId data = builder.only_signal(node);
  require_last_axis(builder.graph(), node, data);
  builder.host(node, builder.at(data), node.op == "ArgMax" ? HostOp::kArgMax : HostOp::kMonotone);
}

}  // namespace

Lowering host_lowering() {
  return {{"ArgMax", "Softmax", "LogSoftmax"}, "the host's work, behind the last product", lower};
}

}  // namespace quant
