#include <fmt/format.h>

#include "nn/samples_format.hpp"

namespace nn {

namespace {

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Reads the numbers of a PNM file, stepping over white space and comments.
class Scanner {
 public:
  explicit Scanner(const SampleFile& file) : file_(file) {}

  /// The next number, which must be in [low, high].
  std::int64_t number(const char* what, std::int64_t low, std::int64_t high) {
    skip_space();
    std::int64_t value = 0;
    const std::size_t start = at_;
    while (at_ < file_.bytes.size() && file_.bytes[at_] >= '0' && file_.bytes[at_] <= '9' &&
           value <= high)
      value = value * 10 + (file_.bytes[at_++] - '0');
    if (at_ == start) bad_samples(file_, fmt::format("PNM: {} is missing", what));
    if (value < low || value > high)
      bad_samples(file_, fmt::format("PNM: {} is outside [{}, {}]", what, low, high));
    return value;
  }
  /// Where binary data begins: behind the one space after the header.
  std::size_t data_start() const { return at_ + 1; }
  /// Throws unless only white space and comments are left.
  void expect_end() {
    skip_space();
    if (at_ != file_.bytes.size()) bad_samples(file_, "PNM: there is more data than pixels");
  }

 private:
  void skip_space() {
    while (at_ < file_.bytes.size() && (is_space(file_.bytes[at_]) || file_.bytes[at_] == '#')) {
      if (file_.bytes[at_] != '#') {
        ++at_;
        continue;
      }
      while (at_ < file_.bytes.size() && file_.bytes[at_] != '\n') ++at_;
    }
  }

  const SampleFile& file_;
  std::size_t at_ = 2;
};

struct Image {
  std::int64_t width;
  std::int64_t height;
  std::int64_t greatest;
  std::int64_t channels;
};

std::vector<std::int64_t> text_pixels(const SampleFile& file, const Image& image,
                                      Scanner& scanner) {
  const std::size_t count = checked_size(file, {image.channels, image.height, image.width});
  std::vector<std::int64_t> pixels;
  for (std::size_t i = 0; i < count; ++i)
    pixels.push_back(scanner.number("a pixel", 0, image.greatest));
  scanner.expect_end();
  return pixels;
}

std::vector<std::int64_t> binary_pixels(const SampleFile& file, const Image& image,
                                        std::size_t start) {
  const std::size_t count = checked_size(file, {image.channels, image.height, image.width});
  const std::size_t size = image.greatest > 255 ? 2 : 1;
  if (start > file.bytes.size() || file.bytes.size() - start != count * size)
    bad_samples(file,
                fmt::format("PNM: has {} bytes of pixels instead of {}",
                            file.bytes.size() - std::min(start, file.bytes.size()), count * size),
                "the file may be truncated");
  std::vector<std::int64_t> pixels;
  for (std::size_t i = 0; i < count; ++i) {
    std::int64_t value = 0;
    for (std::size_t b = 0; b < size; ++b)
      value = value << 8 | static_cast<unsigned char>(file.bytes[start + i * size + b]);
    if (value > image.greatest) bad_samples(file, "PNM: a pixel is above the greatest value");
    pixels.push_back(value);
  }
  return pixels;
}

// From a pixel's channels side by side to one plane a channel.
std::vector<std::int64_t> planes(const std::vector<std::int64_t>& pixels, std::size_t channels) {
  std::vector<std::int64_t> result(pixels.size());
  const std::size_t size = pixels.size() / channels;
  for (std::size_t i = 0; i < pixels.size(); ++i)
    result[i % channels * size + i / channels] = pixels[i];
  return result;
}

}  // namespace

bool is_pnm(std::string_view bytes) {
  return bytes.size() > 2 && bytes[0] == 'P' && is_space(bytes[2]) &&
         std::string_view("2356").find(bytes[1]) != std::string_view::npos;
}

Array read_pnm(const SampleFile& file) {
  const bool colour = file.bytes[1] == '3' || file.bytes[1] == '6';
  const bool text = file.bytes[1] == '2' || file.bytes[1] == '3';
  Scanner scanner(file);
  Image image{};
  image.width = scanner.number("the width", 1, 65535);
  image.height = scanner.number("the height", 1, 65535);
  image.greatest = scanner.number("the greatest value", 1, 65535);
  image.channels = colour ? 3 : 1;
  std::vector<std::int64_t> pixels =
      text ? text_pixels(file, image, scanner) : binary_pixels(file, image, scanner.data_start());
  const DType dtype = image.greatest > 255 ? DType::kUint16 : DType::kUint8;
  if (!colour) return Array::of_ints(dtype, {image.height, image.width}, std::move(pixels));
  return Array::of_ints(dtype, {3, image.height, image.width}, planes(pixels, 3));
}

}  // namespace nn
