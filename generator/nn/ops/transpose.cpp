#include <algorithm>

#include "base/error.hpp"
#include "nn/op_support.hpp"
#include "nn/permute.hpp"

namespace nn {
namespace {

std::vector<std::int64_t> permutation(const Node& node, std::size_t rank) {
  std::vector<std::int64_t> reversed;
  for (std::size_t d = rank; d-- > 0;) reversed.push_back(static_cast<std::int64_t>(d));
  std::vector<std::int64_t> perm = node.ints_attribute("perm", reversed);
  if (!std::ranges::is_permutation(perm, reversed))
    base::fail(base::Code::kBadAttribute,
               "perm is not a permutation of " + std::to_string(rank) + " axes", describe(node));
  return perm;
}

void infer(Graph& graph, const Node& node) {
  const Value& x = input(graph, node, 0);
  Shape out;
  for (const std::int64_t axis : permutation(node, x.shape.size()))
    out.push_back(x.shape[static_cast<std::size_t>(axis)]);
  set_output(graph, node, 0, x.dtype, out);
}

std::vector<Array> evaluate(const Call& call) {
  const Array& x = call.input(0);
  const std::vector<std::int64_t> perm = permutation(call.node, x.shape.size());
  return {permuted(x, {perm.begin(), perm.end()})};
}

}  // namespace

OpDef transpose_op() {
  return {
      .names = {"Transpose"},
      .doc = "X with its axes in another order",
      .attributes = {{.name = "perm",
                      .type = AttributeType::kInts,
                      .doc = "source axis of each axis, default reversed"}},
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
