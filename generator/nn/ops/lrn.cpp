#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "nn/op_support.hpp"

namespace nn {
namespace {

std::int64_t size_of(const Node& node) { return node.int_attribute("size", 1); }

void infer(Graph& graph, const Node& node) {
  require_float(graph, node, 0);
  const Shape& shape = input(graph, node, 0).shape;
  if (shape.size() < 2)
    bad_shape(node, "needs channels on axis 1; the input is " + to_string(shape));
  if (size_of(node) < 1)
    base::fail(base::Code::kBadAttribute, "size is " + std::to_string(size_of(node)),
               describe(node), "it counts channels: 1 or more");
  infer_same(graph, node);
}

// Adds the squares of channel k of sample o to `sums`, one a position.
template <class T>
void add_squares(const std::vector<T>& x, const AxisView& view, std::size_t o, std::size_t k,
                 std::vector<T>& sums) {
  for (std::size_t i = 0; i < view.inner; ++i) {
    const T value = x[view.at(o, k, i)];
    sums[i] += value * value;
  }
}

template <class T>
void normalise(const Node& node, const AxisView& view, const std::vector<T>& x, std::vector<T>& y) {
  const auto length = static_cast<std::int64_t>(view.length);
  const std::int64_t size = size_of(node);
  const T factor = static_cast<T>(node.float_attribute("alpha", 1e-4F)) / static_cast<T>(size);
  const T beta = node.float_attribute("beta", 0.75F);
  const T bias = node.float_attribute("bias", 1.0F);
  std::vector<T> sums(view.inner);
  for (std::size_t o = 0; o < view.outer; ++o)
    for (std::int64_t c = 0; c < length; ++c) {
      std::ranges::fill(sums, T{});
      const std::int64_t first = std::max<std::int64_t>(0, c - (size - 1) / 2);
      const std::int64_t last = std::min(length - 1, c + size / 2);
      for (std::int64_t k = first; k <= last; ++k)
        add_squares(x, view, o, static_cast<std::size_t>(k), sums);
      for (std::size_t i = 0; i < view.inner; ++i) {
        const std::size_t at = view.at(o, static_cast<std::size_t>(c), i);
        y[at] = x[at] / std::pow(bias + factor * sums[i], beta);
      }
    }
}

std::vector<Array> evaluate(const Call& call) {
  const Array& x = call.input(0);
  Array out = call.blank();
  if (x.dtype == DType::kFloat)
    normalise(call.node, view_along(x.shape, 1), x.floats(), out.elements<float>());
  else
    normalise(call.node, view_along(x.shape, 1), x.elements<double>(), out.elements<double>());
  return {std::move(out)};
}

}  // namespace

OpDef lrn_op() {
  return {
      .names = {"LRN"},
      .doc = "X / (bias + alpha / size * squares)^beta, squares summed over `size` channels",
      .attributes =
          {{.name = "size",
            .type = AttributeType::kInt,
            .doc = "channels that are summed: the own one, as many before as after it, or one more "
                   "after",
            .required = true},
           {.name = "alpha", .type = AttributeType::kFloat, .doc = "default 1e-4"},
           {.name = "beta", .type = AttributeType::kFloat, .doc = "default 0.75"},
           {.name = "bias", .type = AttributeType::kFloat, .doc = "default 1"}},
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
