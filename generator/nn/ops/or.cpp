#include "nn/compare.hpp"

namespace nn {

OpDef or_op() {
  return {
      .names = {"Or"},
      .doc = "whether A or B is true, with broadcasting",
      .min_inputs = 2,
      .max_inputs = 2,
      .infer = infer_logic,
      .evaluate =
          [](const Call& call) {
            return logic(call, [](std::int64_t a, std::int64_t b) { return a | b; });
          },
  };
}

}  // namespace nn
