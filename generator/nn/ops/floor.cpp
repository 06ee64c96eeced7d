#include <cmath>

#include "nn/op_support.hpp"

namespace nn {

OpDef floor_op() {
  return {
      .names = {"Floor"},
      .doc = "the greatest integer not above X",
      .infer = infer_float,
      .evaluate =
          [](const Call& call) { return each_float(call, [](auto x) { return std::floor(x); }); },
  };
}

}  // namespace nn
