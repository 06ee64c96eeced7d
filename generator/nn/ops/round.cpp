#include <cmath>

#include "nn/op_support.hpp"

namespace nn {

OpDef round_op() {
  return {
      .names = {"Round"},
      .doc = "the nearest integer, ties to even",
      .infer = infer_float,
      .evaluate =
          [](const Call& call) { return each_float(call, [](auto x) { return std::rint(x); }); },
  };
}

}  // namespace nn
