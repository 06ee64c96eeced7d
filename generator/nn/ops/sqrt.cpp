#include <cmath>

#include "nn/op_support.hpp"

namespace nn {

OpDef sqrt_op() {
  return {
      .names = {"Sqrt"},
      .doc = "the square root",
      .infer = infer_float,
      .evaluate =
          [](const Call& call) { return each_float(call, [](auto x) { return std::sqrt(x); }); },
  };
}

}  // namespace nn
