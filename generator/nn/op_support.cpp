#include "nn/op_support.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"

namespace nn {

using base::Code;

void check_extents(const Shape& shape, const std::string& where) {
  std::int64_t count = 1;
  for (const std::int64_t extent : shape) {
    if (extent == kUnknown) continue;
    if (extent < 0)
      base::fail(Code::kBadShape, fmt::format("shape has the negative extent {}", extent), where);
    if (extent > 0 && count > kMaxElements / extent)
      base::fail(Code::kBadShape,
                 fmt::format("shape {} has more than {} elements", to_string(shape), kMaxElements),
                 where);
    count *= extent;
  }
}

std::int64_t known_count(const Shape& shape) {
  std::int64_t count = 1;
  for (const std::int64_t extent : shape)
    if (extent != kUnknown) count *= extent;
  return count;
}

void bad_shape(const Node& node, std::string what, std::string cure) {
  base::fail(Code::kBadShape, std::move(what), describe(node), std::move(cure));
}

void set_output(Graph& graph, const Node& node, std::size_t i, DType dtype, Shape shape) {
  if (!has_output(node, i)) return;
  Value& value = graph.value(node.outputs[i]);
  value.dtype = dtype;
  value.shape = std::move(shape);
}

namespace {

[[noreturn]] void bad_type(const Graph& graph, const Node& node, std::size_t i,
                           const std::string& wanted) {
  const Value& value = input(graph, node, i);
  base::fail(Code::kBadType,
             fmt::format("input {} (\"{}\") is {}; it must be {}", i, value.name,
                         to_string(value.dtype), wanted),
             describe(node));
}

}  // namespace

void require_type(const Graph& graph, const Node& node, std::size_t i,
                  std::initializer_list<DType> types) {
  if (std::ranges::find(types, input(graph, node, i).dtype) != types.end()) return;
  std::string wanted;
  for (const DType type : types) wanted += (wanted.empty() ? "" : " or ") + to_string(type);
  bad_type(graph, node, i, wanted);
}

void require_float(const Graph& graph, const Node& node, std::size_t i) {
  require_type(graph, node, i, {DType::kFloat, DType::kDouble});
}

void require_number(const Graph& graph, const Node& node, std::size_t i) {
  if (input(graph, node, i).dtype == DType::kBool) bad_type(graph, node, i, "a number");
}

void require_same_type(const Graph& graph, const Node& node, std::size_t i, std::size_t j) {
  const DType wanted = input(graph, node, i).dtype;
  if (input(graph, node, j).dtype != wanted)
    bad_type(graph, node, j, fmt::format("{} as input {} is", to_string(wanted), i));
}

std::vector<std::int64_t> constant_ints(const Graph& graph, const Node& node, std::size_t i,
                                        const std::string& what) {
  require_type(graph, node, i, {DType::kInt32, DType::kInt64});
  const Value& value = input(graph, node, i);
  if (value.shape.size() > 1)
    bad_shape(node, fmt::format("{} (\"{}\") must be a list, not of shape {}", what, value.name,
                                to_string(value.shape)));
  if (!value.constant)
    bad_shape(node, fmt::format("{} (\"{}\") is computed at run time", what, value.name),
              "export the model with fixed shapes, or simplify it first");
  return value.constant->ints();
}

std::size_t front_axis(const Node& node, std::int64_t axis, std::size_t rank) {
  const auto extents = static_cast<std::int64_t>(rank);
  if (axis < -extents || axis >= extents)
    base::fail(Code::kBadAttribute,
               fmt::format("axis {} is outside [{}, {}]", axis, -extents, extents - 1),
               describe(node));
  return static_cast<std::size_t>(axis < 0 ? axis + extents : axis);
}

std::vector<std::size_t> axes_of(const Graph& graph, const Node& node, std::size_t rank) {
  const std::vector<std::int64_t> given = has_input(node, 1)
                                              ? constant_ints(graph, node, 1, "the list of axes")
                                              : node.ints_attribute("axes", {});
  std::vector<std::size_t> axes;
  for (const std::int64_t axis : given) axes.push_back(front_axis(node, axis, rank));
  std::ranges::sort(axes);
  if (std::ranges::adjacent_find(axes) != axes.end())
    base::fail(Code::kBadAttribute, "an axis is named twice", describe(node));
  return axes;
}

Shape broadcast(const Node& node, const Shape& a, const Shape& b) {
  Shape out(std::max(a.size(), b.size()), 1);
  for (std::size_t d = 0; d < out.size(); ++d) {
    const std::int64_t x = d < a.size() ? a[a.size() - 1 - d] : 1;
    const std::int64_t y = d < b.size() ? b[b.size() - 1 - d] : 1;
    std::int64_t& extent = out[out.size() - 1 - d];
    if (x == y || y == 1 || (y == kUnknown && x != 1))
      extent = x;
    else if (x == 1 || x == kUnknown)
      extent = y;
    else
      bad_shape(node,
                fmt::format("shapes {} and {} do not go together", to_string(a), to_string(b)));
  }
  return out;
}

bool repeats_to(const Shape& from, const Shape& to) {
  if (from.size() > to.size()) return false;
  for (std::size_t d = 0; d < from.size(); ++d) {
    const std::int64_t x = from[from.size() - 1 - d];
    const std::int64_t y = to[to.size() - 1 - d];
    if (x != y && x != 1 && x != kUnknown && y != kUnknown) return false;
  }
  return true;
}

std::vector<std::size_t> broadcast_strides(const Shape& from, const Shape& to) {
  std::vector<std::size_t> strides(to.size(), 0);
  std::size_t step = 1;
  for (std::size_t d = 0; d < from.size(); ++d) {
    const auto extent = static_cast<std::size_t>(from[from.size() - 1 - d]);
    if (extent != 1) strides[to.size() - 1 - d] = step;
    step *= extent;
  }
  return strides;
}

AxisView view_along(const Shape& shape, std::size_t axis) {
  AxisView view;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    const auto extent = static_cast<std::size_t>(shape[d]);
    (d < axis ? view.outer : d == axis ? view.length : view.inner) *= extent;
  }
  return view;
}

IntRange int_range(DType type) {
  switch (type) {
    case DType::kInt4:
      return {-8, 7};
    case DType::kUint4:
      return {0, 15};
    case DType::kInt8:
      return {-128, 127};
    case DType::kUint8:
      return {0, 255};
    case DType::kInt16:
      return {-32768, 32767};
    case DType::kUint16:
      return {0, 65535};
    case DType::kInt32:
      return {std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()};
    case DType::kBool:
      return {0, 1};
    case DType::kInt64:
    case DType::kFloat:
    case DType::kDouble:
      break;
  }
  return {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()};
}

std::int64_t wrap(DType type, std::int64_t value) {
  const auto [low, high] = int_range(type);
  if (type == DType::kBool) return value != 0;
  if (value >= low && value <= high) return value;
  const std::uint64_t span = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) + 1;
  const std::uint64_t rest = (static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(low)) %
                             span;  // spans divide 2^64, so unsigned wrap-around is harmless
  return low + static_cast<std::int64_t>(rest);
}

std::int64_t saturate(DType type, double value) {
  const auto [low, high] = int_range(type);
  if (!(value > static_cast<double>(low))) return low;
  if (value >= static_cast<double>(high)) return high;
  return static_cast<std::int64_t>(value);
}

namespace {

std::int64_t float_to_int(DType type, float value) {
  return type == DType::kBool ? value != 0.0F : saturate(type, std::trunc(value));
}

}  // namespace

Array convert(const Array& array, DType type) {
  Array out{type, array.shape, {}};
  if (is_float(type)) {
    std::vector<float> values(is_float(array.dtype) ? array.floats()
                                                    : std::vector<float>(array.ints().size()));
    if (!is_float(array.dtype))
      std::ranges::transform(array.ints(), values.begin(),
                             [](std::int64_t v) { return static_cast<float>(v); });
    out.data = std::move(values);
    return out;
  }
  std::vector<std::int64_t> values;
  if (is_float(array.dtype))
    for (const float value : array.floats()) values.push_back(float_to_int(type, value));
  else
    for (const std::int64_t value : array.ints()) values.push_back(wrap(type, value));
  out.data = std::move(values);
  return out;
}

Array reshaped(Array array, Shape shape) {
  array.shape = std::move(shape);
  return array;
}

void infer_same(Graph& graph, const Node& node) {
  const Value& x = input(graph, node, 0);
  set_output(graph, node, 0, x.dtype, x.shape);
}

void infer_arithmetic(Graph& graph, const Node& node) {
  require_number(graph, node, 0);
  require_same_type(graph, node, 0, 1);
  const Value& a = input(graph, node, 0);
  set_output(graph, node, 0, a.dtype, broadcast(node, a.shape, input(graph, node, 1).shape));
}

}  // namespace nn
