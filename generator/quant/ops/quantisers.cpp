#include "quant/builder.hpp"

namespace quant {

namespace {

// The host's results may be quantised and more: that is its work too.
bool is_hosts(Builder& builder, const nn::Node& node) {
  const Carried& in = builder.at(node.inputs.at(0));
  if (in.stage != Stage::kHost) return false;
  builder.pass(node, in, "the host's work");
  return true;
}

void dequantise(Builder& builder, const nn::Node& node) {
  const Carried& in = builder.at(node.inputs.at(0));
  if (in.stage != Stage::kIntegers)
    Builder::refuse(node, "dequantises what is not quantised", "put QuantizeLinear before it");
  const double step = scalar_input(builder.graph(), node, 1, 1.0);
  const double zero = scalar_input(builder.graph(), node, 2, 0.0);
  builder.pass(node, builder.dequantised(in, step, zero), "how its reader takes the codes");
}

void lower(Builder& builder, const nn::Node& node) {
  if (is_hosts(builder, node)) return;
  if (node.op == "DequantizeLinear") return dequantise(builder, node);
  const bool codes = node.op == "QuantizeLinear";
  const Carried& in = builder.at(node.inputs.at(0));
  if (in.stage == Stage::kIntegers)
    Builder::refuse(node, "quantises integers", "put DequantizeLinear before it");
  builder.quantise(node, in, quantiser_of(builder.graph(), node),
                   codes ? Stage::kIntegers : Stage::kReal);
}

}  // namespace

Lowering quantisers_lowering() {
  return {{"QuantizeLinear", "DequantizeLinear", "Quant", "IntQuant", "BipolarQuant"},
          "the format of a tensor",
          lower};
}

}  // namespace quant
