#include "nn/array.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nn {

std::string to_string(DType type) {
  switch (type) {
    case DType::kFloat:
      return "float";
    case DType::kDouble:
      return "double";
    case DType::kInt4:
      return "int4";
    case DType::kUint4:
      return "uint4";
    case DType::kInt8:
      return "int8";
    case DType::kUint8:
      return "uint8";
    case DType::kInt16:
      return "int16";
    case DType::kUint16:
      return "uint16";
    case DType::kInt32:
      return "int32";
    case DType::kInt64:
      return "int64";
    case DType::kBool:
      return "bool";
  }
  return "?";
}

bool is_float(DType type) { return type == DType::kFloat || type == DType::kDouble; }

std::string to_string(const Shape& shape) {
  std::vector<std::string> extents;
  for (const std::int64_t extent : shape)
    extents.push_back(extent == kUnknown ? "?" : std::to_string(extent));
  return fmt::format("[{}]", fmt::join(extents, ", "));
}

std::int64_t element_count(const Shape& shape) {
  std::int64_t count = 1;
  for (const std::int64_t extent : shape) count *= extent;
  return count;
}

Array Array::of_floats(Shape shape, std::vector<float> values) {
  return Array{DType::kFloat, std::move(shape), std::move(values)};
}

Array Array::of_doubles(Shape shape, std::vector<double> values) {
  return Array{DType::kDouble, std::move(shape), std::move(values)};
}

Array Array::of_ints(DType dtype, Shape shape, std::vector<std::int64_t> values) {
  return Array{dtype, std::move(shape), std::move(values)};
}

Array Array::zeros(DType dtype, Shape shape) {
  const auto count = static_cast<std::size_t>(element_count(shape));
  Array array{dtype, std::move(shape), {}};
  if (dtype == DType::kFloat)
    array.data = std::vector<float>(count);
  else if (dtype == DType::kDouble)
    array.data = std::vector<double>(count);
  else
    array.data = std::vector<std::int64_t>(count);
  return array;
}

std::size_t Array::size() const {
  return visit([](const auto& elements) { return elements.size(); });
}

double Array::at(std::size_t i) const {
  return visit([i](const auto& elements) { return static_cast<double>(elements[i]); });
}

}  // namespace nn
