#include <cmath>

#include "nn/op_support.hpp"

namespace nn {

OpDef ceil_op() {
  return {
      .names = {"Ceil"},
      .doc = "the least integer not below X",
      .infer = infer_float,
      .evaluate =
          [](const Call& call) { return each_float(call, [](auto x) { return std::ceil(x); }); },
  };
}

}  // namespace nn
