#include <cmath>

#include "nn/op_support.hpp"

namespace nn {

OpDef erf_op() {
  return {
      .names = {"Erf"},
      .since = 9,
      .doc = "the error function",
      .infer = infer_float,
      .evaluate =
          [](const Call& call) { return each_float(call, [](auto x) { return std::erf(x); }); },
  };
}

}  // namespace nn
