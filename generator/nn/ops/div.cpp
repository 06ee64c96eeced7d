#include "base/error.hpp"
#include "nn/op_support.hpp"

namespace nn {
namespace {

std::vector<Array> evaluate(const Call& call) {
  const auto divide = [&](std::int64_t a, std::int64_t b) {
    if (b == 0)
      base::fail(base::Code::kDivisionByZero, "an integer is divided by zero", describe(call.node));
    // The one quotient that does not fit, lowest / -1, wraps to itself.
    return b == -1 ? static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(a)) : a / b;
  };
  return arithmetic(
      call, [](float a, float b) { return a / b; }, divide);
}

}  // namespace

OpDef div_op() {
  return {
      .names = {"Div"},
      .doc = "A / B, with broadcasting; integers truncate towards zero",
      .lowering = "folded into the scales of the product before it",
      .min_inputs = 2,
      .max_inputs = 2,
      .infer = infer_arithmetic,
      .evaluate = evaluate,
  };
}

}  // namespace nn
