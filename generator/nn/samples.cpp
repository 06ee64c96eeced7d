#include "nn/samples.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/error.hpp"
#include "base/files.hpp"
#include "nn/samples_format.hpp"

namespace nn {

namespace fs = std::filesystem;

namespace {

// Where each of numpy's types is kept; unsigned ones without a type of their own in the next wider.
DType dtype_of(const SampleFile& file, const ElementType& type) {
  struct Stored {
    char kind;
    std::size_t size;
    DType dtype;
  };
  static constexpr std::array kStored{
      Stored{'b', 1, DType::kBool},  Stored{'u', 1, DType::kUint8}, Stored{'u', 2, DType::kUint16},
      Stored{'u', 4, DType::kInt64}, Stored{'u', 8, DType::kInt64}, Stored{'i', 1, DType::kInt8},
      Stored{'i', 2, DType::kInt16}, Stored{'i', 4, DType::kInt32}, Stored{'i', 8, DType::kInt64},
      Stored{'f', 2, DType::kFloat}, Stored{'f', 4, DType::kFloat}, Stored{'f', 8, DType::kFloat},
  };
  for (const Stored& stored : kStored)
    if (stored.kind == type.kind && stored.size == type.size) return stored.dtype;
  bad_samples(file, fmt::format("elements of type {}{} are not supported", type.kind, type.size),
              "use bool, integers of 1 to 8 bytes, or floats of 2 to 8");
}

// The element's bytes as an unsigned number.
std::uint64_t load(const char* bytes, const ElementType& type) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < type.size; ++i) {
    const std::size_t at = type.big_endian ? i : type.size - 1 - i;
    value = value << 8 | static_cast<unsigned char>(bytes[at]);
  }
  return value;
}

std::int64_t as_integer(const SampleFile& file, std::uint64_t bits, const ElementType& type) {
  if (type.kind == 'b') return bits != 0;
  if (type.kind == 'u') {
    if (bits > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
      bad_samples(file, fmt::format("holds {}, which is above 2^63 - 1", bits));
    return static_cast<std::int64_t>(bits);
  }
  const auto unused = static_cast<int>(64 - 8 * type.size);
  return static_cast<std::int64_t>(bits << unused) >> unused;
}

// IEEE half precision: 1 sign, 5 exponent, 10 fraction bits.
float from_half(std::uint64_t bits) {
  const auto exponent = static_cast<int>(bits >> 10 & 0x1F);
  const auto fraction = static_cast<float>(bits & 0x3FF);
  float value = std::numeric_limits<float>::quiet_NaN();  // and infinities: neither is taken
  if (exponent == 0) value = std::ldexp(fraction, -24);
  if (exponent > 0 && exponent < 31) value = std::ldexp(1024 + fraction, exponent - 25);
  return bits >> 15 ? -value : value;
}

float as_float(const SampleFile& file, std::uint64_t bits, const ElementType& type) {
  const float value = type.size == 2   ? from_half(bits)
                      : type.size == 8 ? static_cast<float>(std::bit_cast<double>(bits))
                                       : std::bit_cast<float>(static_cast<std::uint32_t>(bits));
  if (!std::isfinite(value))
    bad_samples(file, "holds a NaN or a value beyond 32-bit floats",
                "replace such values, or leave those samples out");
  return value;
}

// What people have at hand and what makes it readable.
struct ForeignFormat {
  std::string_view magic;
  const char* what;
  const char* cure;
};

constexpr std::array kForeign{
    ForeignFormat{"PK\x03\x04", "a zip archive (.npz, .pt)", "save one array with numpy.save"},
    ForeignFormat{"\x89PNG", "a PNG image", "convert it to PGM or PPM (pngtopnm)"},
    ForeignFormat{"\xFF\xD8\xFF", "a JPEG image", "convert it to PGM or PPM (jpegtopnm)"},
    ForeignFormat{"\x89HDF", "an HDF5 file", "save one array with numpy.save"},
    ForeignFormat{"\x1F\x8B", "compressed with gzip", "give its name the ending .gz"},
    ForeignFormat{"P1", "a PNM bitmap (P1)", "save it as PGM"},
    ForeignFormat{"P4", "a PNM bitmap (P4)", "save it as PGM"},
    ForeignFormat{"P7", "a PAM image (P7)", "convert it to PGM or PPM (pamtopnm)"},
};

[[noreturn]] void unknown_format(const SampleFile& file) {
  for (const ForeignFormat& format : kForeign)
    if (file.bytes.starts_with(format.magic))
      bad_samples(file, fmt::format("is {}, which is not read", format.what), format.cure);
  bad_samples(file, "is neither .npy, IDX nor PNM (P2, P3, P5, P6)", "save it with numpy.save");
}

SampleSet batch_of_one(const SampleFile& file) {
  Image image = read_pnm(file);
  const bool colour = image.pixels.shape.back() == 3;
  image.pixels.shape.insert(image.pixels.shape.begin(), 1);
  return {std::move(image.pixels), 1, colour, {}, file.name};
}

SampleSet load_file(const fs::path& path, std::size_t most) {
  const std::string bytes = base::read_file(path);
  const SampleFile file{bytes, path.string(), most};
  if (is_pnm(bytes)) return batch_of_one(file);
  if (is_npy(bytes)) return read_npy(file);
  if (is_idx(bytes)) return read_idx(file);
  unknown_format(file);
}

}  // namespace

void bad_samples(const SampleFile& file, std::string what, std::string cure) {
  base::fail(base::Code::kBadSamples, std::move(what), file.name, std::move(cure));
}

std::size_t checked_size(const SampleFile& file, const Shape& extents) {
  std::size_t count = 1;
  for (const std::int64_t extent : extents) {
    if (extent < 0) bad_samples(file, "has a negative extent: " + to_string(extents));
    const auto wide = static_cast<std::size_t>(extent);
    if (wide > 0 && count > (std::size_t{1} << 40) / wide)
      bad_samples(file, "has an impossible shape: " + to_string(extents));
    count *= wide;
  }
  return count;
}

SampleSet read_elements(const SampleFile& file, std::size_t offset, const ElementType& type,
                        Shape shape) {
  SampleSet set{{dtype_of(file, type), {}, {}}, shape.empty() ? 1 : shape[0], false, {}, file.name};
  std::size_t count = checked_size(file, shape);
  if (file.bytes.size() - offset != count * type.size)
    bad_samples(file,
                fmt::format("has {} bytes of data; shape {} needs {}", file.bytes.size() - offset,
                            to_string(shape), count * type.size),
                "the file may be truncated");
  if (!shape.empty() && static_cast<std::size_t>(shape[0]) > file.most) {
    count = count / static_cast<std::size_t>(shape[0]) * file.most;
    shape[0] = static_cast<std::int64_t>(file.most);
  }
  set.values.shape = std::move(shape);
  const char* data = file.bytes.data() + offset;
  const auto read_all = [&](auto&& read) {
    std::vector<decltype(read(file, 0, type))> values(count);
    for (std::size_t i = 0; i < count; ++i)
      values[i] = read(file, load(data + i * type.size, type), type);
    set.values.data = std::move(values);
  };
  if (type.kind == 'f')
    read_all(as_float);
  else
    read_all(as_integer);
  return set;
}

SampleSet load_samples(const fs::path& path, std::size_t most) {
  return fs::is_directory(path) ? load_folder(path, most) : load_file(path, most);
}

}  // namespace nn
