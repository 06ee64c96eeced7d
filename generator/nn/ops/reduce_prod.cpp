#include "nn/reduce.hpp"

namespace nn {

OpDef reduce_prod_op() {
  return {
      .names = {"ReduceProd"},
      .doc = "the product of the elements along axes",
      .max_inputs = 2,
      .attributes = reduction_attributes(18),
      .infer = infer_reduction,
      .evaluate =
          [](const Call& call) {
            return reduce(
                call, [](auto zero) { return zero + 1; },
                [](auto product, auto x) { return modular(product) * modular(x); });
          },
  };
}

}  // namespace nn
