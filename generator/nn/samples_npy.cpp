#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <cstring>
#include <numeric>

#include "base/files.hpp"
#include "nn/permute.hpp"
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
  if (version < 1 || version > 3)
    bad_samples(file, fmt::format(".npy version {} is not supported", version),
                "use version 1 to 3");
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

// numpy's type string: byte order, kind, size; lists and longer ones are records, text or dates.
ElementType type_of(const SampleFile& file, std::string_view descr) {
  const std::size_t end = descr.find('\'', 1);
  const std::string_view type = descr.starts_with('\'') && end != std::string_view::npos
                                    ? descr.substr(1, end - 1)
                                    : std::string_view();
  if (type.size() != 3 || std::string_view("<>|=").find(type[0]) == std::string_view::npos ||
      type[2] < '1' || type[2] > '8')
    bad_samples(file, "elements are not plain numbers", "save it with astype('float32')");
  return {type[1], static_cast<std::size_t>(type[2] - '0'), type[0] == '>'};
}

Shape shape_of(const SampleFile& file, std::string_view text) {
  const std::size_t end = text.find(')');
  if (!text.starts_with('(') || end == std::string_view::npos)
    bad_samples(file, "header has no proper shape");
  Shape shape;
  std::string_view rest = text.substr(1, end - 1);
  while (true) {
    rest.remove_prefix(std::min(rest.find_first_not_of(" ,L"), rest.size()));  // "5L": Python 2
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
      return {"<f4", 4};
    case DType::kDouble:
      return {"<f8", 8};
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

void keep_first(Array& array, std::size_t most) {
  const auto all = static_cast<std::size_t>(element_count(array.shape));
  const std::size_t kept = all / static_cast<std::size_t>(array.shape[0]) * most;
  array.visit([&](auto& data) { data.resize(kept); });
  array.shape[0] = static_cast<std::int64_t>(most);
}

// First axis fastest: the transposed array, row by row.
SampleSet read_fortran(const SampleFile& file, std::size_t offset, const ElementType& type,
                       const Shape& shape) {
  const SampleFile whole{file.bytes, file.name};
  SampleSet set = read_elements(whole, offset, type, {shape.rbegin(), shape.rend()});
  std::vector<std::size_t> axes(shape.size());
  std::iota(axes.rbegin(), axes.rend(), std::size_t{0});
  set.values = permuted(set.values, axes);
  set.count = shape.empty() ? 1 : shape[0];
  if (!shape.empty() && static_cast<std::size_t>(shape[0]) > file.most)
    keep_first(set.values, file.most);
  return set;
}

}  // namespace

bool is_npy(std::string_view bytes) { return bytes.starts_with(kMagic); }

SampleSet read_npy(const SampleFile& file) {
  const Header header = header_of(file);
  const ElementType type = type_of(file, value_of(file, header.text, "descr"));
  const Shape shape = shape_of(file, value_of(file, header.text, "shape"));
  const std::string_view fortran = value_of(file, header.text, "fortran_order");
  if (fortran.starts_with("False")) return read_elements(file, header.end, type, shape);
  if (!fortran.starts_with("True")) bad_samples(file, "header has no proper fortran_order");
  return read_fortran(file, header.end, type, shape);
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
  array.visit([&](const auto& data) {
    for (const auto& value : data) append(&value);
  });
  base::write_file(path, bytes);
}

}  // namespace nn
