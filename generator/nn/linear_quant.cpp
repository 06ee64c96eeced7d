#include "nn/linear_quant.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"

namespace nn {

namespace {

bool agree(std::int64_t a, std::int64_t b) { return a == b || a == kUnknown || b == kUnknown; }

bool per_tensor(const Shape& scale) {
  return scale.empty() || (scale.size() == 1 && scale[0] == 1);
}

void check_blocks(const Node& node, const Shape& x, const Shape& scale, std::int64_t block) {
  const std::size_t axis = front_axis(node, node.int_attribute("axis", 1), x.size());
  bool fits = scale.size() == x.size();
  for (std::size_t d = 0; fits && d < x.size(); ++d)
    fits = d == axis ? x[d] == kUnknown || agree(scale[d], (x[d] + block - 1) / block)
                     : agree(x[d], scale[d]);
  if (!fits)
    bad_shape(node, fmt::format("scales {} do not fit blocks of {} along axis {} of {}",
                                to_string(scale), block, axis, to_string(x)));
}

void check_scale_shape(const Node& node, const Shape& x, const Shape& scale) {
  const std::int64_t block = node.int_attribute("block_size", 0);
  if (block < 0 || block > kMaxElements)
    base::fail(base::Code::kBadAttribute, fmt::format("block_size is {}", block), describe(node));
  if (block > 0) return check_blocks(node, x, scale, block);
  if (per_tensor(scale)) return;
  if (scale.size() != 1)
    bad_shape(node, "the scale must be a scalar or a list, not of shape " + to_string(scale));
  const std::size_t axis = front_axis(node, node.int_attribute("axis", 1), x.size());
  if (!agree(scale[0], x[axis]))
    bad_shape(node, fmt::format("{} scales for axis {} of {}", scale[0], axis, to_string(x)));
}

}  // namespace

void require_quantised(const Graph& graph, const Node& node, DType type) {
  const bool byte = type == DType::kInt8 || type == DType::kUint8;
  const bool other = type == DType::kInt4 || type == DType::kUint4 || type == DType::kInt16 ||
                     type == DType::kUint16;
  if (!byte && !(other && (graph.opset >= 21 || !node.domain.empty())))
    base::fail(
        base::Code::kBadType,
        fmt::format("quantised type {} is not supported in opset {}", to_string(type), graph.opset),
        describe(node), "use int8 or uint8; since opset 21 also 4 and 16 bits");
}

void require_positive(const Node& node, const Array& scales) {
  for (std::size_t i = 0; i < scales.size(); ++i)
    if (!(scales.at(i) > 0))
      base::fail(base::Code::kBadWeights, fmt::format("the scale {} is not above 0", scales.at(i)),
                 describe(node));
}

void check_linear_quant(const Graph& graph, const Node& node) {
  const Value& scale = input(graph, node, 1);
  require_float(graph, node, 1);
  check_scale_shape(node, input(graph, node, 0).shape, scale.shape);
  if (has_input(node, 2)) {
    const Shape& zero = input(graph, node, 2).shape;
    const bool same = zero.size() == scale.shape.size() &&
                      std::equal(zero.begin(), zero.end(), scale.shape.begin(), agree);
    if (!same && !(per_tensor(zero) && per_tensor(scale.shape)))
      bad_shape(node, "scale " + to_string(scale.shape) + " and zero point " + to_string(zero) +
                          " differ in shape");
  }
  if (scale.constant) require_positive(node, *scale.constant);
}

Granularity granularity_of(const Call& call) {
  const Shape& x = call.input(0).shape;
  const Shape& scale = call.input(1).shape;
  const auto block = static_cast<std::size_t>(call.node.int_attribute("block_size", 0));
  if (block == 0 && per_tensor(scale))
    return {.view = {.outer = 1, .length = static_cast<std::size_t>(element_count(x)), .inner = 1}};
  const std::size_t axis = front_axis(call.node, call.node.int_attribute("axis", 1), x.size());
  return {
      .view = view_along(x, axis), .block = std::max<std::size_t>(block, 1), .blocked = block > 0};
}

}  // namespace nn
