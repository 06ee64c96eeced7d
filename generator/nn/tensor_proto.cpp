#include "nn/tensor_proto.hpp"

#include <fmt/format.h>
#include <onnx/onnx_pb.h>

#include <bit>
#include <cmath>
#include <cstring>

#include "base/error.hpp"
#include "nn/external_data.hpp"
#include "nn/onnx_types.hpp"
#include "nn/op_support.hpp"

namespace nn {

using base::Code;

namespace {

static_assert(std::endian::native == std::endian::little, "ONNX's raw data is little endian");

// What decoding needs to know; `where` goes into every message.
struct Source {
  const onnx::TensorProto& proto;
  DType dtype;
  std::size_t count;
  std::string where;
};

bool is_packed(DType type) { return type == DType::kInt4 || type == DType::kUint4; }

std::size_t bytes_of(DType type) {
  switch (type) {
    case DType::kInt16:
    case DType::kUint16:
      return 2;
    case DType::kFloat:
    case DType::kInt32:
      return 4;
    case DType::kDouble:
    case DType::kInt64:
      return 8;
    default:
      return 1;
  }
}

// Items as stored: 4-bit types come two to an item.
std::size_t stored_items(const Source& s) {
  return is_packed(s.dtype) ? (s.count + 1) / 2 : s.count;
}

void require_items(const Source& s, std::size_t found, std::size_t needed, const char* unit) {
  if (found != needed)
    base::fail(Code::kBadTensor,
               fmt::format("holds {} {}, but its shape and type need {}", found, unit, needed),
               s.where);
}

template <class T>
void require_finite(const Source& s, const std::vector<T>& values) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isfinite(values[i]))
      base::fail(Code::kBadWeights,
                 fmt::format("element {} is {}; weights must be finite", i, values[i]), s.where,
                 "look for overflow in the training of the model");
}

template <class T>
T read_raw(const char* bytes, std::size_t i) {
  T value;
  std::memcpy(&value, bytes + i * sizeof(T), sizeof(T));
  return value;
}

// Two 4-bit integers a byte, the first in the low half.
std::int64_t unpack_nibble(DType type, unsigned byte, std::size_t i) {
  const auto nibble = static_cast<std::int64_t>((byte >> (i % 2 * 4)) & 15U);
  return type == DType::kInt4 && nibble >= 8 ? nibble - 16 : nibble;
}

std::int64_t raw_integer(DType type, const char* bytes, std::size_t i) {
  switch (type) {
    case DType::kInt4:
    case DType::kUint4:
      return unpack_nibble(type, read_raw<std::uint8_t>(bytes, i / 2), i);
    case DType::kInt8:
      return read_raw<std::int8_t>(bytes, i);
    case DType::kInt16:
      return read_raw<std::int16_t>(bytes, i);
    case DType::kUint16:
      return read_raw<std::uint16_t>(bytes, i);
    case DType::kInt32:
      return read_raw<std::int32_t>(bytes, i);
    case DType::kInt64:
      return read_raw<std::int64_t>(bytes, i);
    case DType::kBool:
      return read_raw<std::uint8_t>(bytes, i) != 0;
    default:
      return read_raw<std::uint8_t>(bytes, i);
  }
}

template <class T>
std::vector<T> floats_from_raw(const Source& s, const char* bytes) {
  std::vector<T> values(s.count);
  std::memcpy(values.data(), bytes, s.count * sizeof(T));
  require_finite(s, values);
  return values;
}

std::vector<std::int64_t> ints_from_raw(const Source& s, const char* bytes) {
  std::vector<std::int64_t> values(s.count);
  for (std::size_t i = 0; i < s.count; ++i) values[i] = raw_integer(s.dtype, bytes, i);
  return values;
}

template <class T, class Field>
std::vector<T> floats_from_field(const Source& s, const Field& field) {
  require_items(s, static_cast<std::size_t>(field.size()), s.count, "values");
  std::vector<T> values(field.begin(), field.end());
  require_finite(s, values);
  return values;
}

std::int64_t in_range(const Source& s, std::int64_t value, IntRange range) {
  if (value < range.low || value > range.high)
    base::fail(Code::kBadTensor,
               fmt::format("holds {}, which is not a value of type {}", value, to_string(s.dtype)),
               s.where);
  return value;
}

template <class Field>
std::vector<std::int64_t> ints_from_field(const Source& s, const Field& field) {
  require_items(s, static_cast<std::size_t>(field.size()), stored_items(s), "values");
  const IntRange range = is_packed(s.dtype) ? IntRange{0, 255} : int_range(s.dtype);
  std::vector<std::int64_t> values(s.count);
  for (std::size_t i = 0; i < s.count; ++i) {
    const std::size_t item = is_packed(s.dtype) ? i / 2 : i;
    const std::int64_t stored = in_range(s, field.Get(static_cast<int>(item)), range);
    values[i] =
        is_packed(s.dtype) ? unpack_nibble(s.dtype, static_cast<unsigned>(stored), i) : stored;
  }
  return values;
}

Array from_bytes(const Source& s, Shape shape, const std::string& bytes) {
  require_items(s, bytes.size(), stored_items(s) * bytes_of(s.dtype), "bytes");
  Array array{s.dtype, std::move(shape), {}};
  if (s.dtype == DType::kFloat)
    array.data = floats_from_raw<float>(s, bytes.data());
  else if (s.dtype == DType::kDouble)
    array.data = floats_from_raw<double>(s, bytes.data());
  else
    array.data = ints_from_raw(s, bytes.data());
  return array;
}

Array from_fields(const Source& s, Shape shape) {
  Array array{s.dtype, std::move(shape), {}};
  if (s.dtype == DType::kFloat)
    array.data = floats_from_field<float>(s, s.proto.float_data());
  else if (s.dtype == DType::kDouble)
    array.data = floats_from_field<double>(s, s.proto.double_data());
  else if (s.dtype == DType::kInt64)
    array.data = ints_from_field(s, s.proto.int64_data());
  else
    array.data = ints_from_field(s, s.proto.int32_data());
  return array;
}

// How many of the places for data are in use; more than one cannot be right.
int filled_fields(const onnx::TensorProto& t) {
  return (t.has_raw_data() && !t.raw_data().empty()) + (t.float_data_size() > 0) +
         (t.double_data_size() > 0) + (t.int32_data_size() > 0) + (t.int64_data_size() > 0) +
         (t.string_data_size() > 0) + (t.uint64_data_size() > 0) + (t.external_data_size() > 0);
}

Shape shape_of(const onnx::TensorProto& proto, const std::string& where) {
  Shape shape(proto.dims().begin(), proto.dims().end());
  for (const std::int64_t extent : shape)
    if (extent < 0)
      base::fail(Code::kBadShape, fmt::format("shape {} has a negative extent", extent), where);
  check_extents(shape, where);
  return shape;
}

}  // namespace

bool lacks_data(const onnx::TensorProto& proto, const std::filesystem::path& folder,
                const std::string& where) {
  if (proto.data_location() == onnx::TensorProto::EXTERNAL)
    return !has_external(proto, folder, where);
  return filled_fields(proto) == 0 && element_count(shape_of(proto, where)) > 0;
}

Array zeros_like(const onnx::TensorProto& proto, const std::string& where) {
  return Array::zeros(dtype_of(proto.data_type(), where), shape_of(proto, where));
}

Array decode_tensor(const onnx::TensorProto& proto, const std::filesystem::path& folder,
                    const std::string& where) {
  const Shape shape = shape_of(proto, where);
  if (proto.has_segment())
    base::fail(Code::kUnsupportedFeature, "the tensor is stored in segments", where);
  if (filled_fields(proto) > 1)
    base::fail(Code::kBadTensor, "holds its data in more than one place", where);
  const Source source{proto, dtype_of(proto.data_type(), where),
                      static_cast<std::size_t>(element_count(shape)), where};
  if (proto.data_location() == onnx::TensorProto::EXTERNAL)
    return from_bytes(
        source, shape,
        read_external(proto, folder, where, stored_items(source) * bytes_of(source.dtype)));
  if (proto.has_raw_data()) return from_bytes(source, shape, proto.raw_data());
  return from_fields(source, shape);
}

}  // namespace nn
