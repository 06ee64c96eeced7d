#include <cmath>

#include "nn/op_support.hpp"

namespace nn {

OpDef exp_op() {
  return {
      .names = {"Exp"},
      .doc = "e to the power X",
      .infer = infer_float,
      .evaluate =
          [](const Call& call) { return each_float(call, [](auto x) { return std::exp(x); }); },
  };
}

}  // namespace nn
