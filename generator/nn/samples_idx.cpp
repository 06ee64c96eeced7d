#include <fmt/format.h>

#include "nn/samples_format.hpp"

namespace nn {

namespace {

// Type byte of the format's header.
ElementType type_of(const SampleFile& file, unsigned char code) {
  switch (code) {
    case 0x08:
      return {'u', 1, true};
    case 0x09:
      return {'i', 1, true};
    case 0x0B:
      return {'i', 2, true};
    case 0x0C:
      return {'i', 4, true};
    case 0x0D:
      return {'f', 4, true};
    case 0x0E:
      return {'f', 8, true};
    default:
      bad_samples(file, fmt::format("IDX type 0x{:02x} is unknown", code));
  }
}

std::int64_t extent_at(std::string_view bytes, std::size_t offset) {
  std::int64_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value = value << 8 | static_cast<unsigned char>(bytes[offset + i]);
  return value;
}

}  // namespace

// Two zeros, a type, the number of extents.
bool is_idx(std::string_view bytes) {
  return bytes.size() >= 4 && bytes[0] == 0 && bytes[1] == 0 && bytes[2] >= 0x08 &&
         bytes[2] <= 0x0E && bytes[3] > 0;
}

SampleSet read_idx(const SampleFile& file) {
  const auto rank = static_cast<std::size_t>(static_cast<unsigned char>(file.bytes[3]));
  const std::size_t start = 4 + 4 * rank;
  if (file.bytes.size() < start) bad_samples(file, "is truncated in its header");
  Shape shape;
  for (std::size_t d = 0; d < rank; ++d) shape.push_back(extent_at(file.bytes, 4 + 4 * d));
  return read_elements(file, start, type_of(file, static_cast<unsigned char>(file.bytes[2])),
                       shape);
}

}  // namespace nn
