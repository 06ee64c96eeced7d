#include <algorithm>

#include "nn/reduce.hpp"

namespace nn {

OpDef reduce_min_op() {
  return {
      .names = {"ReduceMin"},
      .doc = "the least element along axes",
      .max_inputs = 2,
      .attributes = reduction_attributes(18),
      .infer = infer_reduction,
      .evaluate =
          [](const Call& call) {
            return reduce(
                call, [](auto zero) { return greatest_of(zero); },
                [](auto least, auto x) { return std::min(least, x); });
          },
  };
}

}  // namespace nn
