#include "nn/matrix.hpp"

#include <Eigen/Core>
#include <utility>

#include "nn/op_support.hpp"

namespace nn {

namespace {

template <class T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
template <class T>
using View = Eigen::Map<const Matrix<T>>;

// Unsigned, so that integer overflow wraps.
const std::uint64_t* elements(const Array& array, std::uint64_t) {
  return reinterpret_cast<const std::uint64_t*>(array.ints().data());
}
const float* elements(const Array& array, float) { return array.elements<float>().data(); }
const double* elements(const Array& array, double) { return array.elements<double>().data(); }
template <class T>
T* mutable_elements(Array& array) {
  array.visit([](auto&) {});  // no longer shared
  return const_cast<T*>(elements(array, T{}));
}

// Rows and columns of the matrices at an array's end; vectors become a row (a) or a column (b).
struct Extents {
  Eigen::Index rows;
  Eigen::Index cols;
};

template <class T>
void product_of(const T* a, Extents shape_a, const T* b, Extents shape_b, T* out) {
  Eigen::Map<Matrix<T>>(out, shape_a.rows, shape_b.cols).noalias() =
      View<T>(a, shape_a.rows, shape_a.cols) * View<T>(b, shape_b.rows, shape_b.cols);
}

template <class T>
void multiply_as(const Product& p, Array& out) {
  const View<T> a(elements(*p.a, T{}), p.a->shape[0], p.a->shape[1]);
  const View<T> b(elements(*p.b, T{}), p.b->shape[0], p.b->shape[1]);
  Eigen::Map<Matrix<T>> y(mutable_elements<T>(out), out.shape[0], out.shape[1]);
  if (p.transpose_a && p.transpose_b)
    y.noalias() = a.transpose() * b.transpose();
  else if (p.transpose_a)
    y.noalias() = a.transpose() * b;
  else if (p.transpose_b)
    y.noalias() = a * b.transpose();
  else
    y.noalias() = a * b;
}

void wrap_all(Array& array) {
  if (is_float(array.dtype)) return;
  for (std::int64_t& value : array.ints()) value = wrap(array.dtype, value);
}

Extents last_two(const Shape& shape, bool vector_is_row) {
  if (shape.size() == 1) return vector_is_row ? Extents{1, shape[0]} : Extents{shape[0], 1};
  return {shape[shape.size() - 2], shape[shape.size() - 1]};
}

Shape leading(const Shape& shape) {
  return shape.size() <= 2 ? Shape{} : Shape(shape.begin(), shape.end() - 2);
}

template <class T>
void matmul_as(const Array& a, const Array& b, Array& out) {
  Extents shape_a = last_two(a.shape, true);
  const Extents shape_b = last_two(b.shape, false);
  Shape batch_a = leading(a.shape);
  const Shape batch_b = leading(b.shape);
  if (batch_b.empty()) {  // one matrix for all rows: a single large product
    shape_a.rows *= element_count(batch_a);
    batch_a.clear();
  }
  const Shape batch = broadcast(Node{}, batch_a, batch_b);
  for_each_broadcast(batch, batch_a, batch_b, [&](std::size_t i, std::size_t ia, std::size_t ib) {
    product_of<T>(
        elements(a, T{}) + ia * static_cast<std::size_t>(shape_a.rows * shape_a.cols), shape_a,
        elements(b, T{}) + ib * static_cast<std::size_t>(shape_b.rows * shape_b.cols), shape_b,
        mutable_elements<T>(out) + i * static_cast<std::size_t>(shape_a.rows * shape_b.cols));
  });
}

}  // namespace

void multiply(const Product& product, Array& out) {
  if (out.dtype == DType::kFloat)
    multiply_as<float>(product, out);
  else if (out.dtype == DType::kDouble)
    multiply_as<double>(product, out);
  else
    multiply_as<std::uint64_t>(product, out);
  wrap_all(out);
}

Shape matmul_shape(const Node& node, const Shape& a, const Shape& b) {
  if (a.empty() || b.empty()) bad_shape(node, "MatMul of a scalar");
  const std::int64_t inner_a = a.back();
  const std::int64_t inner_b = b.size() == 1 ? b[0] : b[b.size() - 2];
  if (inner_a != inner_b && inner_a != kUnknown && inner_b != kUnknown)
    bad_shape(node, "inner extents differ: " + to_string(a) + " by " + to_string(b));
  Shape out = broadcast(node, leading(a), leading(b));
  if (a.size() > 1) out.push_back(a[a.size() - 2]);
  if (b.size() > 1) out.push_back(b.back());
  return out;
}

void matmul(const Array& a, const Array& b, Array& out) {
  if (out.dtype == DType::kFloat)
    matmul_as<float>(a, b, out);
  else if (out.dtype == DType::kDouble)
    matmul_as<double>(a, b, out);
  else
    matmul_as<std::uint64_t>(a, b, out);
  wrap_all(out);
}

}  // namespace nn
