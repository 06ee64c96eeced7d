#include "nn/blocks.hpp"

namespace nn {
namespace {

void infer(Graph& graph, const Node& node) {
  const Value& x = input(graph, node, 0);
  const std::int64_t block = check_blocks(node, x.shape);
  const Shape& s = x.shape;
  set_output(graph, node, 0, x.dtype,
             {s[0], divided(node, s[1], block * block), times(node, s[2], block),
              times(node, s[3], block)});
}

std::vector<Array> evaluate(const Call& call) {
  const Shape& s = call.input(0).shape;
  const std::int64_t block = call.node.int_attribute("blocksize", 1);
  const std::int64_t channels = s[1] / (block * block);
  if (call.node.string_attribute("mode", "DCR") == "CRD")
    return rearranged(call, {s[0], channels, block, block, s[2], s[3]}, {0, 1, 4, 2, 5, 3});
  return rearranged(call, {s[0], block, block, channels, s[2], s[3]}, {0, 3, 4, 1, 5, 2});
}

}  // namespace

OpDef depth_to_space_op() {
  return {
      .names = {"DepthToSpace"},
      .doc = "channels spread out as blocks of positions",
      .attributes = {blocksize_attribute(),
                     {.name = "mode",
                      .type = AttributeType::kString,
                      .doc = "where a channel's number has its block: in front (DCR) or behind",
                      .allowed = {"DCR", "CRD"},
                      .since = 11}},
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
