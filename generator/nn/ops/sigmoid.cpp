#include <cmath>

#include "nn/op_support.hpp"

namespace nn {

OpDef sigmoid_op() {
  return {
      .names = {"Sigmoid"},
      .doc = "1 / (1 + e^-X)",
      .infer = infer_float,
      .evaluate =
          [](const Call& call) {
            return each_float(call, [](auto x) { return 1 / (1 + std::exp(-x)); });
          },
  };
}

}  // namespace nn
