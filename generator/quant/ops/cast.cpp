#include <fmt/format.h>

#include "quant/builder.hpp"

namespace quant {

namespace {

// Between numbers that hold the same values; to integers only what are integers already.
void lower(Builder& builder, const nn::Node& node) {
  Carried in = builder.at(node.inputs.at(0));
  const nn::DType to = builder.graph().value(node.outputs.at(0)).dtype;
  if (in.stage == Stage::kIntegers && nn::is_float(to))
    in = builder.dequantised(std::move(in), 1.0, 0.0);
  else if (in.stage == Stage::kReal && !nn::is_float(to))
    Builder::refuse(node, fmt::format("rounds values to {}", nn::to_string(to)),
                    "round with a quantiser");
  builder.pass(node, in, "nothing: the same values");
}

}  // namespace

Lowering cast_lowering() { return {{"Cast"}, "nothing: the same values", lower}; }

}  // namespace quant
