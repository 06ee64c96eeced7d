#include "nn/op_support.hpp"

namespace nn {

OpDef neg_op() {
  return {
      .names = {"Neg"},
      .doc = "-X",
      .infer = infer_number,
      .evaluate =
          [](const Call& call) { return each(call, [](auto x) { return 0 - modular(x); }); },
  };
}

}  // namespace nn
