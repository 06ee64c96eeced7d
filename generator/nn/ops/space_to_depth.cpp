#include "nn/blocks.hpp"

namespace nn {
namespace {

void infer(Graph& graph, const Node& node) {
  const Value& x = input(graph, node, 0);
  const std::int64_t block = check_blocks(node, x.shape);
  const Shape& s = x.shape;
  set_output(graph, node, 0, x.dtype,
             {s[0], times(node, times(node, s[1], block), block), divided(node, s[2], block),
              divided(node, s[3], block)});
}

std::vector<Array> evaluate(const Call& call) {
  const Shape& s = call.input(0).shape;
  const std::int64_t block = call.node.int_attribute("blocksize", 1);
  return rearranged(call, {s[0], s[1], s[2] / block, block, s[3] / block, block},
                    {0, 3, 5, 1, 2, 4});
}

}  // namespace

OpDef space_to_depth_op() {
  return {
      .names = {"SpaceToDepth"},
      .doc = "blocks of positions gathered as channels",
      .attributes = {blocksize_attribute()},
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
