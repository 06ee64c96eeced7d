#include <algorithm>

#include "nn/reduce.hpp"

namespace nn {

OpDef reduce_max_op() {
  return {
      .names = {"ReduceMax"},
      .doc = "the greatest element along axes",
      .max_inputs = 2,
      .attributes = reduction_attributes(18),
      .infer = infer_reduction,
      .evaluate =
          [](const Call& call) {
            return reduce(
                call, [](auto zero) { return least_of(zero); },
                [](auto most, auto x) { return std::max(most, x); });
          },
  };
}

}  // namespace nn
