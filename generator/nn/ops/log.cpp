#include <cmath>

#include "nn/op_support.hpp"

namespace nn {

OpDef log_op() {
  return {
      .names = {"Log"},
      .doc = "the natural logarithm",
      .infer = infer_float,
      .evaluate =
          [](const Call& call) { return each_float(call, [](auto x) { return std::log(x); }); },
  };
}

}  // namespace nn
