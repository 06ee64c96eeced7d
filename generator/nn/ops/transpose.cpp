#include <algorithm>

#include "base/error.hpp"
#include "nn/op_support.hpp"

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

template <class T>
void permute(const std::vector<T>& from, const Shape& shape, const std::vector<std::size_t>& steps,
             std::vector<T>& to) {
  std::vector<std::int64_t> index(shape.size(), 0);
  std::size_t source = 0;
  for (T& value : to) {
    value = from[source];
    for (std::size_t d = shape.size(); d-- > 0;) {
      source += steps[d];
      if (++index[d] < shape[d]) break;
      source -= steps[d] * static_cast<std::size_t>(shape[d]);
      index[d] = 0;
    }
  }
}

std::vector<Array> evaluate(const Call& call) {
  const Array& x = call.input(0);
  Array out = call.blank();
  std::vector<std::size_t> strides(x.shape.size(), 1);
  for (std::size_t d = strides.size(); d-- > 1;)
    strides[d - 1] = strides[d] * static_cast<std::size_t>(x.shape[d]);
  std::vector<std::size_t> steps;
  for (const std::int64_t axis : permutation(call.node, x.shape.size()))
    steps.push_back(strides[static_cast<std::size_t>(axis)]);
  if (is_float(x.dtype))
    permute(x.floats(), out.shape, steps, out.floats());
  else
    permute(x.ints(), out.shape, steps, out.ints());
  return {std::move(out)};
}

}  // namespace

OpDef transpose_op() {
  return {
      .names = {"Transpose"},
      .doc = "X with its axes in another order",
      .lowering = "wiring, or folded into the weights",
      .attributes = {{.name = "perm",
                      .type = AttributeType::kInts,
                      .doc = "source axis of each axis, default reversed"}},
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
