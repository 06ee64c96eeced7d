#include "nn/samples.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "base/error.hpp"
#include "base/files.hpp"
#include "nn/samples_format.hpp"

namespace nn {

namespace fs = std::filesystem;

namespace {

// Integer types of numpy by kind and size.
DType dtype_of(const SampleFile& file, const ElementType& type) {
  if (type.kind == 'f' && (type.size == 4 || type.size == 8)) return DType::kFloat;
  if (type.kind == 'u' && type.size == 1) return DType::kUint8;
  if (type.kind == 'i' && type.size == 1) return DType::kInt8;
  if (type.kind == 'i' && type.size == 2) return DType::kInt16;
  if (type.kind == 'i' && type.size == 4) return DType::kInt32;
  if (type.kind == 'i' && type.size == 8) return DType::kInt64;
  bad_samples(file, fmt::format("elements of type {}{} are not supported", type.kind, type.size),
              "use u1, i1, i2, i4, i8, f4 or f8");
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

std::int64_t as_integer(std::uint64_t bits, const ElementType& type) {
  if (type.kind == 'u') return static_cast<std::int64_t>(bits);
  const auto unused = static_cast<int>(64 - 8 * type.size);
  return static_cast<std::int64_t>(bits << unused) >> unused;
}

float as_float(const SampleFile& file, std::uint64_t bits, const ElementType& type) {
  const float value = type.size == 8 ? static_cast<float>(std::bit_cast<double>(bits))
                                     : std::bit_cast<float>(static_cast<std::uint32_t>(bits));
  if (!std::isfinite(value)) bad_samples(file, "holds a NaN or a value beyond 32-bit floats");
  return value;
}

Array load_file(const fs::path& path, std::size_t most = kAllSamples) {
  const std::string bytes = base::read_file(path);
  const SampleFile file{bytes, path.string(), most};
  if (is_pnm(bytes)) return read_pnm({bytes, path.string()});
  if (is_npy(bytes)) return read_npy(file);
  if (is_idx(bytes)) return read_idx(file);
  bad_samples(file, "is neither .npy, IDX nor PNM (P2, P3, P5, P6)");
}

bool has_image_name(const fs::path& path) {
  const std::string extension = path.extension().string();
  return extension == ".pgm" || extension == ".ppm" || extension == ".pnm";
}

Array load_folder(const fs::path& folder) {
  std::vector<fs::path> images;
  for (const auto& entry : fs::directory_iterator(folder))
    if (has_image_name(entry.path())) images.push_back(entry.path());
  std::ranges::sort(images);
  if (images.empty())
    base::fail(base::Code::kBadSamples, "the folder has no .pgm, .ppm or .pnm files",
               folder.string());
  Array batch;
  for (const fs::path& path : images) {
    const Array image = load_file(path);
    if (path == images.front()) {
      batch = Array{image.dtype, image.shape, std::vector<std::int64_t>{}};
      batch.shape.insert(batch.shape.begin(), static_cast<std::int64_t>(images.size()));
    } else if (!std::equal(image.shape.begin(), image.shape.end(), batch.shape.begin() + 1,
                           batch.shape.end())) {
      base::fail(base::Code::kBadSamples,
                 fmt::format("the image is {}, those before it are {}", to_string(image.shape),
                             to_string(Shape(batch.shape.begin() + 1, batch.shape.end()))),
                 path.string(), "scale all images to one size");
    }
    batch.ints().insert(batch.ints().end(), image.ints().begin(), image.ints().end());
  }
  return batch;
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

Array read_elements(const SampleFile& file, std::size_t offset, const ElementType& type,
                    Shape shape) {
  const DType dtype = dtype_of(file, type);
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
  Array array{dtype, std::move(shape), {}};
  const char* data = file.bytes.data() + offset;
  if (type.kind == 'f') {
    std::vector<float> values(count);
    for (std::size_t i = 0; i < count; ++i)
      values[i] = as_float(file, load(data + i * type.size, type), type);
    array.data = std::move(values);
  } else {
    std::vector<std::int64_t> values(count);
    for (std::size_t i = 0; i < count; ++i)
      values[i] = as_integer(load(data + i * type.size, type), type);
    array.data = std::move(values);
  }
  return array;
}

Array load_samples(const fs::path& path, std::size_t most) {
  return fs::is_directory(path) ? load_folder(path) : load_file(path, most);
}

Array to_input(const Array& raw, const Value& input, double scale, double offset) {
  if (raw.shape.empty() || input.shape.empty() || raw.shape[0] == 0)
    base::fail(base::Code::kBadSamples,
               fmt::format("samples of shape {} cannot feed {}", to_string(raw.shape),
                           to_string(input.shape)),
               fmt::format("input \"{}\"", input.name));
  Shape shape = input.shape;
  shape[0] = raw.shape[0];
  std::int64_t sample = 1;
  for (std::size_t d = 1; d < raw.shape.size(); ++d) sample *= raw.shape[d];
  const Shape wanted(input.shape.begin() + 1, input.shape.end());
  const bool open = std::ranges::find(wanted, kUnknown) != wanted.end();
  if (open || element_count(wanted) != sample)
    base::fail(base::Code::kBadSamples,
               fmt::format("a sample has {} elements; the network takes {}", sample,
                           to_string(input.shape)),
               fmt::format("input \"{}\"", input.name));
  std::vector<float> values(static_cast<std::size_t>(element_count(raw.shape)));
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<float>(raw.at(i) * scale + offset);
  return Array{DType::kFloat, shape, std::move(values)};
}

}  // namespace nn
