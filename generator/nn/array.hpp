// Dense arrays: the weights of a network and the values that run through it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace nn {

/// Storage types that the importer understands (ONNX TensorProto.DataType; int4/uint4 are 22 and
/// 21).
enum class DType : std::uint8_t {
  kFloat,
  kDouble,
  kInt4,
  kUint4,
  kInt8,
  kUint8,
  kInt16,
  kUint16,
  kInt32,
  kInt64,
  kBool,
};

/// Name of a type as ONNX writes it ("float", "int8", …).
std::string to_string(DType type);
/// True for kFloat and kDouble.
bool is_float(DType type);

/// Extents; kUnknown marks a symbolic extent (a batch) that only running the graph fixes.
using Shape = std::vector<std::int64_t>;
inline constexpr std::int64_t kUnknown = -1;
/// "[1, 784]"; unknown extents print as "?".
std::string to_string(const Shape& shape);
/// Product of the extents (1 for a scalar). All extents known.
std::int64_t element_count(const Shape& shape);

/// A list that its copies share until one of them is written to: graphs are copied from pass to
/// pass, and weights must not be.
template <class T>
class SharedList {
 public:
  SharedList() = default;
  SharedList(std::vector<T> list) : list_(std::make_shared<std::vector<T>>(std::move(list))) {}

  const std::vector<T>& read() const {
    static const std::vector<T> kEmpty;
    return list_ ? *list_ : kEmpty;
  }
  /// The list to write to, no longer shared.
  std::vector<T>& write() {
    if (list_.use_count() != 1) list_ = std::make_shared<std::vector<T>>(read());
    return *list_;
  }
  bool operator==(const SharedList& other) const {
    return list_ == other.list_ || read() == other.read();
  }

 private:
  std::shared_ptr<std::vector<T>> list_;
};

/// A dense array, row-major. float and double are stored as what they are, integer types and bool
/// as std::int64_t. Copies share their elements until one of them changes.
struct Array {
  DType dtype = DType::kFloat;
  Shape shape;
  std::variant<SharedList<float>, SharedList<double>, SharedList<std::int64_t>> data;

  static Array of_floats(Shape shape, std::vector<float> values);
  static Array of_doubles(Shape shape, std::vector<double> values);
  static Array of_ints(DType dtype, Shape shape, std::vector<std::int64_t> values);
  /// Zeros; all extents known.
  static Array zeros(DType dtype, Shape shape);

  /// The elements as they are stored: T is float, double or std::int64_t.
  template <class T>
  const std::vector<T>& elements() const {
    return std::get<SharedList<T>>(data).read();
  }
  template <class T>
  std::vector<T>& elements() {
    return std::get<SharedList<T>>(data).write();
  }
  const std::vector<float>& floats() const { return elements<float>(); }
  std::vector<float>& floats() { return elements<float>(); }
  const std::vector<std::int64_t>& ints() const { return elements<std::int64_t>(); }
  std::vector<std::int64_t>& ints() { return elements<std::int64_t>(); }

  /// f(elements), whichever storage they have.
  template <class F>
  decltype(auto) visit(F&& f) const {
    return std::visit([&](const auto& list) -> decltype(auto) { return f(list.read()); }, data);
  }
  template <class F>
  decltype(auto) visit(F&& f) {
    return std::visit([&](auto& list) -> decltype(auto) { return f(list.write()); }, data);
  }

  /// Number of elements stored.
  std::size_t size() const;
  /// Element i as a double, whichever storage it has.
  double at(std::size_t i) const;
};

/// The type of the elements of a list that Array::visit() hands over.
template <class List>
using ElementOf = typename std::remove_cvref_t<List>::value_type;

}  // namespace nn
