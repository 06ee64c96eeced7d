#include <cmath>

#include "nn/op_support.hpp"

namespace nn {

OpDef tanh_op() {
  return {
      .names = {"Tanh"},
      .doc = "the hyperbolic tangent",
      .infer = infer_float,
      .evaluate =
          [](const Call& call) { return each_float(call, [](auto x) { return std::tanh(x); }); },
  };
}

}  // namespace nn
