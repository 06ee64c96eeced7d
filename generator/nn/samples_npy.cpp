#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <cstring>

#include "base/files.hpp"
#include "nn/samples.hpp"
#include "nn/samples_format.hpp"

namespace nn {

namespace {

constexpr std::string_view kMagic("\x93NUMPY", 6);

struct Header {
  std::string_view text;  // a Python dictionary
  std::size_t end;        // where the data begins
};

Header header_of(const SampleFile& file) {
  const std::string_view bytes = file.bytes;
  if (bytes.size() < 12) bad_samples(file, "is truncated in its header");
  const int version = bytes[6];
  if (version != 1 && version != 2)
    bad_samples(file, fmt::format(".npy version {} is not supported", version),
                "use version 1 or 2");
  const std::size_t start = version == 1 ? 10 : 12;
  std::size_t length = 0;
  for (std::size_t i = start; i-- > 8;) length = length << 8 | static_cast<unsigned char>(bytes[i]);
  if (length > bytes.size() - start) bad_samples(file, "is truncated in its header");
  return {bytes.substr(start, length), start + length};
}

// The text of a key's value: what follows "'key':", from its first character that is not a space.
std::string_view value_of(const SampleFile& file, std::string_view header, const std::string& key) {
  const std::size_t at = header.find(fmt::format("'{}'", key));
  const std::size_t colon = at == std::string_view::npos ? at : header.find(':', at);
  const std::size_t start =
      colon == std::string_view::npos ? colon : header.find_first_not_of(' ', colon + 1);
  if (start == std::string_view::npos) bad_samples(file, fmt::format("header lacks '{}'", key));
  return header.substr(start);
}

ElementType type_of(const SampleFile& file, std::string_view descr) {
  const std::size_t end = descr.find('\'', 1);
  if (!descr.starts_with('\'') || end != 4)
    bad_samples(file, "elements are not plain numbers", "use u1, i1, i2, i4, i8, f4 or f8");
  const char order = descr[1];
  const char size = descr[3];
  const bool single_byte = size == '1';
  if (order != '<' && !(order == '|' && single_byte))
    bad_samples(file, "elements are not little endian", "save with astype('<f4') or the like");
  if (size < '1' || size > '8') bad_samples(file, fmt::format("element size {} is unknown", size));
  return {descr[2], static_cast<std::size_t>(size - '0'), false};
}

Shape shape_of(const SampleFile& file, std::string_view text) {
  const std::size_t end = text.find(')');
  if (!text.starts_with('(') || end == std::string_view::npos)
    bad_samples(file, "header has no proper shape");
  Shape shape;
  std::string_view rest = text.substr(1, end - 1);
  while (true) {
    rest.remove_prefix(std::min(rest.find_first_not_of(" ,"), rest.size()));
    if (rest.empty()) return shape;
    std::int64_t extent = 0;
    const auto [stop, error] = std::from_chars(rest.data(), rest.data() + rest.size(), extent);
    if (error != std::errc{}) bad_samples(file, "header has no proper shape");
    shape.push_back(extent);
    rest.remove_prefix(static_cast<std::size_t>(stop - rest.data()));
  }
}

struct NpyType {
  const char* descr;
  std::size_t size;
};

NpyType npy_type(DType type) {
  switch (type) {
    case DType::kFloat:
    case DType::kDouble:
      return {"<f4", 4};
    case DType::kInt4:
    case DType::kInt8:
      return {"|i1", 1};
    case DType::kUint4:
    case DType::kUint8:
      return {"|u1", 1};
    case DType::kBool:
      return {"|b1", 1};
    case DType::kInt16:
      return {"<i2", 2};
    case DType::kUint16:
      return {"<u2", 2};
    case DType::kInt32:
      return {"<i4", 4};
    case DType::kInt64:
      break;
  }
  return {"<i8", 8};
}

std::string shape_text(const Shape& shape) {
  return fmt::format("({}{})", fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
}

}  // namespace

bool is_npy(std::string_view bytes) { return bytes.starts_with(kMagic); }

Array read_npy(const SampleFile& file) {
  const Header header = header_of(file);
  if (!value_of(file, header.text, "fortran_order").starts_with("False"))
    bad_samples(file, "is in Fortran order", "save numpy.ascontiguousarray(x)");
  return read_elements(file, header.end, type_of(file, value_of(file, header.text, "descr")),
                       shape_of(file, value_of(file, header.text, "shape")));
}

void save_npy(const std::filesystem::path& path, const Array& array) {
  const NpyType type = npy_type(array.dtype);
  std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}",
                                   type.descr, shape_text(array.shape));
  // The format wants the data to begin at a multiple of 64 bytes, and a newline before it.
  header.append(63 - (10 + header.size()) % 64, ' ').push_back('\n');
  std::string bytes(kMagic);
  bytes += '\x01';
  bytes += '\0';
  bytes += static_cast<char>(header.size() & 255U);
  bytes += static_cast<char>(header.size() >> 8);
  bytes += header;
  const auto append = [&](const void* data) {
    bytes.append(static_cast<const char*>(data), type.size);  // little endian: the low bytes first
  };
  if (is_float(array.dtype))
    for (const float value : array.floats()) append(&value);
  else
    for (const std::int64_t value : array.ints()) append(&value);
  base::write_file(path, bytes);
}

}  // namespace nn
