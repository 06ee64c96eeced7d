#include "nn/op_support.hpp"

namespace nn {

OpDef sign_op() {
  return {
      .names = {"Sign"},
      .doc = "-1, 0 or 1",
      .infer = infer_number,
      .evaluate =
          [](const Call& call) { return each(call, [](auto x) { return (x > 0) - (x < 0); }); },
  };
}

}  // namespace nn
