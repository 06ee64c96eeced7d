// What the files of nn/ops/ share: checks for infer(), loops for evaluate().
#pragma once

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string>
#include <vector>

#include "nn/graph.hpp"
#include "nn/registry.hpp"

namespace nn {

/// Most elements one array may have.
inline constexpr std::int64_t kMaxElements = std::int64_t{1} << 31;

/// Throws kBadShape if an extent is negative (kUnknown apart) or the known extents multiply to more
/// than kMaxElements.
void check_extents(const Shape& shape, const std::string& where);

/// Product of the known extents; 1 for a scalar.
std::int64_t known_count(const Shape& shape);

/// Throws kBadShape at the node.
[[noreturn]] void bad_shape(const Node& node, std::string what, std::string cure = {});

inline bool has_input(const Node& node, std::size_t i) {
  return i < node.inputs.size() && node.inputs[i].valid();
}
inline bool has_output(const Node& node, std::size_t i) {
  return i < node.outputs.size() && node.outputs[i].valid();
}
/// Input i, which must be there.
inline const Value& input(const Graph& graph, const Node& node, std::size_t i) {
  return graph.value(node.inputs[i]);
}
/// Sets what is known of output i; nothing if the node omits it.
void set_output(Graph& graph, const Node& node, std::size_t i, DType dtype, Shape shape);

/// Throws kBadType unless input i has one of `types`.
void require_type(const Graph& graph, const Node& node, std::size_t i,
                  std::initializer_list<DType> types);
/// Throws kBadType unless input i is float or double.
void require_float(const Graph& graph, const Node& node, std::size_t i);
/// Throws kBadType if input i is bool.
void require_number(const Graph& graph, const Node& node, std::size_t i);
/// Throws kBadType unless inputs i and j have one type.
void require_same_type(const Graph& graph, const Node& node, std::size_t i, std::size_t j);
/// Throws kBadShape unless input i is known before running (`what` says what it holds); its
/// integers.
std::vector<std::int64_t> constant_ints(const Graph& graph, const Node& node, std::size_t i,
                                        const std::string& what);

/// An element of a shape that the graph computes: an unknown extent as it is, and a number that
/// depends on one. No extent has such values.
inline constexpr std::int64_t kUnknownExtent = std::numeric_limits<std::int64_t>::min();
inline constexpr std::int64_t kVarying = kUnknownExtent + 1;
/// The integers of input i as far as they are known before running, kUnknownExtent or kVarying
/// where they depend on the batch. Throws as constant_ints() does if nothing of them is known.
std::vector<std::int64_t> shape_ints(const Graph& graph, const Node& node, std::size_t i,
                                     const std::string& what);
/// An extent that shape_ints() gives, as an extent of a Shape.
inline std::int64_t extent_of(std::int64_t element) {
  return element == kUnknownExtent || element == kVarying ? kUnknown : element;
}

/// `axis` counted from the front. Throws kBadAttribute outside [-rank, rank - 1].
std::size_t front_axis(const Node& node, std::int64_t axis, std::size_t rank);
/// The axes of Squeeze and Unsqueeze, an attribute up to opset 12 and input 1 after, sorted and
/// counted from the front of `rank` extents. Throws kBadAttribute on doubles.
std::vector<std::size_t> axes_of(const Graph& graph, const Node& node, std::size_t rank);

/// Shape of an element-wise result by ONNX's multidirectional broadcasting. An unknown extent
/// beside one above 1 is taken to be equal to it; running the graph checks that.
Shape broadcast(const Node& node, const Shape& a, const Shape& b);
/// Whether no extent is unknown.
bool all_known(const Shape& shape);

/// Whether broadcasting `from` against `to` gives `to`; unknown extents fit anything.
bool repeats_to(const Shape& from, const Shape& to);

/// Steps through `from` for each extent of `to`, 0 where `from` is repeated.
std::vector<std::size_t> broadcast_strides(const Shape& from, const Shape& to);

/// Calls f(i, ia, ib) for each element i of `out`, with the elements of `a` and `b` it is made of.
template <class F>
void for_each_broadcast(const Shape& out, const Shape& a, const Shape& b, F&& f) {
  const auto step_a = broadcast_strides(a, out);
  const auto step_b = broadcast_strides(b, out);
  const auto count = static_cast<std::size_t>(element_count(out));
  std::vector<std::size_t> index(out.size(), 0);
  std::size_t ia = 0;
  std::size_t ib = 0;
  for (std::size_t i = 0; i < count; ++i) {
    f(i, ia, ib);
    for (std::size_t d = out.size(); d-- > 0;) {
      ia += step_a[d];
      ib += step_b[d];
      const auto extent = static_cast<std::size_t>(out[d]);
      if (++index[d] < extent) break;
      index[d] = 0;
      ia -= step_a[d] * extent;
      ib -= step_b[d] * extent;
    }
  }
}

/// An array seen as outer x length x inner around one axis.
struct AxisView {
  std::size_t outer = 1;
  std::size_t length = 1;
  std::size_t inner = 1;
  /// Index of element `k` along the axis.
  std::size_t at(std::size_t o, std::size_t k, std::size_t i) const {
    return (o * length + k) * inner + i;
  }
};
AxisView view_along(const Shape& shape, std::size_t axis);

/// Least and greatest value of an integer type; 0 and 1 for bool.
struct IntRange {
  std::int64_t low;
  std::int64_t high;
};
IntRange int_range(DType type);
/// `value` modulo 2^bits, as the type reads it (two's complement); bool: whether it is not 0.
std::int64_t wrap(DType type, std::int64_t value);
/// Nearest value of the type; NaN gives the least.
std::int64_t saturate(DType type, double value);
/// `value` as an element of an array of `type`: integers wrap, floats are what they are.
inline std::int64_t in_type(DType type, std::int64_t value) { return wrap(type, value); }
inline float in_type(DType, float value) { return value; }
inline double in_type(DType, double value) { return value; }

/// The array with its elements converted: float to integer truncates and saturates, integer to
/// integer wraps, anything to bool is "not 0". The same type costs nothing.
Array convert(const Array& array, DType type);
/// The same elements in another shape of the same size.
Array reshaped(Array array, Shape shape);
/// The array repeated by broadcasting to `shape`, all of whose extents are known.
Array broadcast_to(const Array& array, const Shape& shape);

/// Shape of `a` with `b` behind it along `axis`. Throws kBadShape if the other extents differ.
Shape joined(const Node& node, const Shape& a, const Shape& b, std::size_t axis);
/// The arrays behind each other along `axis`; `out` has their joined shape and one storage with
/// them.
void join(const std::vector<Array>& parts, std::size_t axis, Array& out);

/// infer() of ops whose only output looks like input 0.
void infer_same(Graph& graph, const Node& node);
/// infer() of element-wise arithmetic on two inputs of one numeric type.
void infer_arithmetic(Graph& graph, const Node& node);

/// infer() of functions of one floating tensor, element by element.
void infer_float(Graph& graph, const Node& node);
/// infer() of functions of one numeric tensor, element by element.
void infer_number(Graph& graph, const Node& node);

/// evaluate() of functions of one tensor, element by element; integers wrap after.
template <class F>
std::vector<Array> each(const Call& call, F f) {
  Array out = call.input(0);
  out.visit([&](auto& data) {
    using T = ElementOf<decltype(data)>;
    for (T& value : data) value = in_type(out.dtype, static_cast<T>(f(value)));
  });
  return {std::move(out)};
}

/// The same for floating tensors only.
template <class F>
std::vector<Array> each_float(const Call& call, F f) {
  Array out = call.input(0);
  if (out.dtype == DType::kFloat)
    for (float& value : out.elements<float>()) value = f(value);
  else
    for (double& value : out.elements<double>()) value = f(value);
  return {std::move(out)};
}

/// out = f(a, b) of the elements, broadcast to `out`'s shape; all three of one storage.
template <class F>
void combine(const Array& a, const Array& b, Array& out, F f) {
  out.visit([&](auto& data) {
    using T = ElementOf<decltype(data)>;
    const auto& from_a = a.elements<T>();
    const auto& from_b = b.elements<T>();
    for_each_broadcast(out.shape, a.shape, b.shape,
                       [&](std::size_t i, std::size_t ia, std::size_t ib) {
                         data[i] = in_type(out.dtype, static_cast<T>(f(from_a[ia], from_b[ib])));
                       });
  });
}

/// A number to calculate with where integers wrap instead of overflowing.
inline std::uint64_t modular(std::int64_t value) { return static_cast<std::uint64_t>(value); }
inline float modular(float value) { return value; }
inline double modular(double value) { return value; }

/// evaluate() of element-wise arithmetic on two inputs of the result's type; integers wrap after.
template <class F>
std::vector<Array> arithmetic(const Call& call, F f) {
  Array out = call.blank();
  combine(call.input(0), call.input(1), out, f);
  return {std::move(out)};
}

}  // namespace nn
