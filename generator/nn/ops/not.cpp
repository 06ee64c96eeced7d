#include "nn/op_support.hpp"

namespace nn {

OpDef not_op() {
  return {
      .names = {"Not"},
      .doc = "whether X is false",
      .infer =
          [](Graph& graph, const Node& node) {
            require_type(graph, node, 0, {DType::kBool});
            infer_same(graph, node);
          },
      .evaluate = [](const Call& call) { return each(call, [](auto x) { return x == 0; }); },
  };
}

}  // namespace nn
