#include <cmath>

#include "nn/op_support.hpp"

namespace nn {

OpDef softsign_op() {
  return {
      .names = {"Softsign"},
      .doc = "X / (1 + |X|)",
      .infer = infer_float,
      .evaluate =
          [](const Call& call) {
            return each_float(call, [](auto x) { return x / (1 + std::abs(x)); });
          },
  };
}

}  // namespace nn
