#include "base/error.hpp"
#include "nn/op_support.hpp"

namespace nn {
namespace {

std::int64_t quotient(const Node& node, std::int64_t a, std::int64_t b) {
  if (b == 0)
    base::fail(base::Code::kDivisionByZero, "an integer is divided by zero", describe(node));
  // The one quotient that does not fit, lowest / -1, wraps to itself.
  return b == -1 ? static_cast<std::int64_t>(0 - modular(a)) : a / b;
}
float quotient(const Node&, float a, float b) { return a / b; }
double quotient(const Node&, double a, double b) { return a / b; }

std::vector<Array> evaluate(const Call& call) {
  return arithmetic(call, [&](auto a, auto b) { return quotient(call.node, a, b); });
}

}  // namespace

OpDef div_op() {
  return {
      .names = {"Div"},
      .doc = "A / B, with broadcasting; integers truncate towards zero",
      .min_inputs = 2,
      .max_inputs = 2,
      .infer = infer_arithmetic,
      .evaluate = evaluate,
  };
}

}  // namespace nn
