#include <fmt/format.h>

#include <algorithm>

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

  /// Where `size` bytes of binary data begin: behind the one white space after the header, which a
  /// comment stands for. Whole comments, or the second half of a line end, are stepped over only
  /// where the file is too long without.
  std::size_t data_start(std::size_t size) {
    skip_one();
    while (left() > size && at_ < file_.bytes.size() && file_.bytes[at_] == '#') skip_one();
    const bool line_end = at_ > 0 && file_.bytes.substr(at_ - 1, 2) == "\r\n";
    return left() == size + 1 && line_end ? at_ + 1 : at_;
  }

  /// Throws unless only white space and comments are left.
  void expect_end() {
    skip_space();
    if (at_ != file_.bytes.size()) bad_samples(file_, "PNM: there is more data than pixels");
  }

 private:
  std::size_t left() const { return file_.bytes.size() - std::min(at_, file_.bytes.size()); }

  // One character, or a comment with its line end.
  void skip_one() {
    const bool comment = at_ < file_.bytes.size() && file_.bytes[at_] == '#';
    const std::size_t end = comment ? file_.bytes.find_first_of("\r\n", at_) : at_;
    at_ = std::min(end, file_.bytes.size() - 1) + 1;
  }

  void skip_space() {
    while (at_ < file_.bytes.size() && (is_space(file_.bytes[at_]) || file_.bytes[at_] == '#'))
      skip_one();
  }

  const SampleFile& file_;
  std::size_t at_ = 2;
};

std::vector<std::int64_t> text_pixels(const SampleFile&, std::size_t count, std::int64_t greatest,
                                      Scanner& scanner) {
  std::vector<std::int64_t> pixels;
  for (std::size_t i = 0; i < count; ++i) pixels.push_back(scanner.number("a pixel", 0, greatest));
  scanner.expect_end();
  return pixels;
}

std::vector<std::int64_t> binary_pixels(const SampleFile& file, std::size_t count,
                                        std::int64_t greatest, Scanner& scanner) {
  const std::size_t size = greatest > 255 ? 2 : 1;
  const std::size_t start = scanner.data_start(count * size);
  if (file.bytes.size() - start != count * size)
    bad_samples(file,
                fmt::format("PNM: has {} bytes of pixels instead of {}", file.bytes.size() - start,
                            count * size),
                "the file may be truncated");
  std::vector<std::int64_t> pixels;
  for (std::size_t i = 0; i < count; ++i) {
    std::int64_t value = 0;
    for (std::size_t b = 0; b < size; ++b)
      value = value << 8 | static_cast<unsigned char>(file.bytes[start + i * size + b]);
    if (value > greatest) bad_samples(file, "PNM: a pixel is above the greatest value");
    pixels.push_back(value);
  }
  return pixels;
}

}  // namespace

bool is_pnm(std::string_view bytes) {
  return bytes.size() > 2 && bytes[0] == 'P' && (is_space(bytes[2]) || bytes[2] == '#') &&
         std::string_view("2356").find(bytes[1]) != std::string_view::npos;
}

Image read_pnm(const SampleFile& file) {
  const bool colour = file.bytes[1] == '3' || file.bytes[1] == '6';
  const bool text = file.bytes[1] == '2' || file.bytes[1] == '3';
  Scanner scanner(file);
  const std::int64_t width = scanner.number("the width", 1, 65535);
  const std::int64_t height = scanner.number("the height", 1, 65535);
  const std::int64_t greatest = scanner.number("the greatest value", 1, 65535);
  Shape shape{height, width, colour ? 3 : 1};
  const std::size_t count = checked_size(file, shape);
  auto pixels = (text ? text_pixels : binary_pixels)(file, count, greatest, scanner);
  const DType dtype = greatest > 255 ? DType::kUint16 : DType::kUint8;
  return {Array::of_ints(dtype, std::move(shape), std::move(pixels)), greatest};
}

}  // namespace nn
