#include "nn/permute.hpp"

namespace nn {

namespace {

// `steps`: for each axis of the result, the distance of its elements in `from`.
template <class T>
std::vector<T> gathered(const std::vector<T>& from, const Shape& shape,
                        const std::vector<std::size_t>& steps) {
  std::vector<T> to(from.size());
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
  return to;
}

}  // namespace

Array permuted(const Array& array, const std::vector<std::size_t>& axes) {
  std::vector<std::size_t> strides(axes.size(), 1);
  for (std::size_t d = strides.size(); d-- > 1;)
    strides[d - 1] = strides[d] * static_cast<std::size_t>(array.shape[d]);
  Array result{array.dtype, {}, {}};
  std::vector<std::size_t> steps;
  for (const std::size_t axis : axes) {
    result.shape.push_back(array.shape[axis]);
    steps.push_back(strides[axis]);
  }
  array.visit([&](const auto& data) { result.data = gathered(data, result.shape, steps); });
  return result;
}

}  // namespace nn
