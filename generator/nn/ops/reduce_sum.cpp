#include "nn/reduce.hpp"

namespace nn {

OpDef reduce_sum_op() {
  return {
      .names = {"ReduceSum"},
      .doc = "the sum of the elements along axes",
      .max_inputs = 2,
      .attributes = reduction_attributes(13),
      .infer = infer_reduction,
      .evaluate =
          [](const Call& call) {
            return reduce(
                call, [](auto zero) { return zero; },
                [](auto sum, auto x) { return modular(sum) + modular(x); });
          },
  };
}

}  // namespace nn
