#include <cmath>
#include <numbers>

#include "nn/op_support.hpp"
#include "nn/qlinear.hpp"

namespace nn {
namespace {

std::vector<Array> evaluate(const Call& call) {
  const bool by_tanh = call.node.string_attribute("approximate", "none") == "tanh";
  return each_float(call, [=](auto x) {
    using T = decltype(x);
    if (by_tanh) {
      const T inner = std::sqrt(2 / std::numbers::pi_v<T>) * (x + T(0.044715) * x * x * x);
      return x / 2 * (1 + std::tanh(inner));
    }
    return x / 2 * (1 + std::erf(x / std::numbers::sqrt2_v<T>));
  });
}

}  // namespace

OpDef gelu_op() {
  return {
      .names = {"Gelu"},
      .domains = {"", kMicrosoft},
      .since = 20,
      .doc = "X / 2 * (1 + erf(X / sqrt(2)))",
      .attributes = {{.name = "approximate",
                      .type = AttributeType::kString,
                      .doc = "tanh: by a tanh of a polynomial",
                      .allowed = {"none", "tanh"}}},
      .infer = infer_float,
      .evaluate = evaluate,
  };
}

}  // namespace nn
