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

namespace {

[[noreturn]] void computed_at_run_time(const Node& node, const Value& value,
                                       const std::string& what) {
  bad_shape(node, fmt::format("{} (\"{}\") is computed at run time", what, value.name),
            "export the model with fixed shapes, or simplify it first");
}

// Element e, which is known if it is the same at every trial.
std::int64_t element_of(const std::vector<Array>& trials, std::size_t e) {
  bool same = true;
  bool extent = true;
  for (std::size_t t = 0; t < trials.size(); ++t) {
    same = same && trials[t].ints()[e] == trials[0].ints()[e];
    extent = extent && trials[t].ints()[e] == kTrialExtents[t];
  }
  return same ? trials[0].ints()[e] : extent ? kUnknownExtent : kVarying;
}

}  // namespace

std::vector<std::int64_t> shape_ints(const Graph& graph, const Node& node, std::size_t i,
                                     const std::string& what) {
  require_type(graph, node, i, {DType::kInt32, DType::kInt64});
  const Value& value = input(graph, node, i);
  if (value.shape.size() > 1)
    bad_shape(node, fmt::format("{} (\"{}\") must be a list, not of shape {}", what, value.name,
                                to_string(value.shape)));
  if (value.constant) return value.constant->ints();
  if (value.trials.empty()) computed_at_run_time(node, value, what);
  std::vector<std::int64_t> elements;
  for (std::size_t e = 0; e < value.trials.front().size(); ++e)
    elements.push_back(element_of(value.trials, e));
  return elements;
}

std::vector<std::int64_t> constant_ints(const Graph& graph, const Node& node, std::size_t i,
                                        const std::string& what) {
  std::vector<std::int64_t> elements = shape_ints(graph, node, i, what);
  if (input(graph, node, i).constant) return elements;  // whatever they are
  for (const std::int64_t element : elements)
    if (extent_of(element) != element) computed_at_run_time(node, input(graph, node, i), what);
  return elements;
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

bool all_known(const Shape& shape) { return std::ranges::find(shape, kUnknown) == shape.end(); }

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

template <class To, class From>
To converted(DType type, From value) {
  if constexpr (std::is_floating_point_v<To>) {
    return static_cast<To>(value);
  } else if constexpr (std::is_floating_point_v<From>) {
    return type == DType::kBool ? value != 0 : saturate(type, std::trunc(value));
  } else {
    return wrap(type, value);
  }
}

template <class To>
std::vector<To> converted_list(const Array& array, DType type) {
  std::vector<To> values(array.size());
  array.visit([&](const auto& from) {
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = converted<To>(type, from[i]);
  });
  return values;
}

}  // namespace

Array convert(const Array& array, DType type) {
  if (array.dtype == type) return array;
  Array out{type, array.shape, {}};
  if (type == DType::kFloat)
    out.data = converted_list<float>(array, type);
  else if (type == DType::kDouble)
    out.data = converted_list<double>(array, type);
  else
    out.data = converted_list<std::int64_t>(array, type);
  return out;
}

Array reshaped(Array array, Shape shape) {
  array.shape = std::move(shape);
  return array;
}

Array broadcast_to(const Array& array, const Shape& shape) {
  if (array.shape == shape) return array;
  Array out = Array::zeros(array.dtype, shape);
  out.visit([&](auto& data) {
    const auto& from = array.elements<ElementOf<decltype(data)>>();
    for_each_broadcast(shape, array.shape, {}, [&](std::size_t i, std::size_t source, std::size_t) {
      data[i] = from[source];
    });
  });
  return out;
}

Shape joined(const Node& node, const Shape& a, const Shape& b, std::size_t axis) {
  const auto refuse = [&] {
    bad_shape(node, fmt::format("joins {} and {} along axis {}", to_string(a), to_string(b), axis));
  };
  if (a.size() != b.size()) refuse();
  Shape out = a;
  for (std::size_t d = 0; d < out.size(); ++d) {
    const bool known = a[d] != kUnknown && b[d] != kUnknown;
    if (d == axis)
      out[d] = known ? a[d] + b[d] : kUnknown;
    else if (known && a[d] != b[d])
      refuse();
    else if (!known)
      out[d] = std::max(a[d], b[d]);
  }
  return out;
}

void join(const std::vector<Array>& parts, std::size_t axis, Array& out) {
  const AxisView whole = view_along(out.shape, axis);
  out.visit([&](auto& data) {
    std::size_t at = 0;
    for (const Array& part : parts) {
      const AxisView view = view_along(part.shape, axis);
      const auto& from = part.elements<ElementOf<decltype(data)>>();
      const std::size_t run = view.length * view.inner;
      for (std::size_t o = 0; o < view.outer; ++o)
        std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(o * run), run,
                    data.begin() + static_cast<std::ptrdiff_t>(whole.at(o, at, 0)));
      at += view.length;
    }
  });
}

void infer_float(Graph& graph, const Node& node) {
  require_float(graph, node, 0);
  infer_same(graph, node);
}

void infer_number(Graph& graph, const Node& node) {
  require_number(graph, node, 0);
  infer_same(graph, node);
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
