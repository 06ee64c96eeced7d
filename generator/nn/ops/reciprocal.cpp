#include "nn/op_support.hpp"

namespace nn {

OpDef reciprocal_op() {
  return {
      .names = {"Reciprocal"},
      .doc = "1 / X",
      .infer = infer_float,
      .evaluate = [](const Call& call) { return each_float(call, [](auto x) { return 1 / x; }); },
  };
}

}  // namespace nn
