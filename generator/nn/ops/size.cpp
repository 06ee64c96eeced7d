#include "nn/op_support.hpp"

namespace nn {

OpDef size_op() {
  return {
      .names = {"Size"},
      .doc = "the number of elements of X",
      .reads_shapes_only = true,
      .infer = [](Graph& graph,
                  const Node& node) { set_output(graph, node, 0, DType::kInt64, {}); },
      .evaluate =
          [](const Call& call) {
            return std::vector<Array>{
                Array::of_ints(DType::kInt64, {}, {element_count(call.input(0).shape)})};
          },
  };
}

}  // namespace nn
