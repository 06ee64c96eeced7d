// A folder of PNM images as one batch.
#include <fmt/format.h>

#include <algorithm>
#include <compare>

#include "base/error.hpp"
#include "base/files.hpp"
#include "nn/samples_format.hpp"

namespace nn {

namespace fs = std::filesystem;

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The run of digits at the front, without leading zeros, taken off `text`.
std::string_view take_number(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
  std::string_view digits = text.substr(0, end);
  text.remove_prefix(end);
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return digits;
}

// Runs of digits compare as numbers, all else character by character: img2 before img10.
bool natural_less(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    if (is_digit(a[0]) && is_digit(b[0])) {
      const std::string_view m = take_number(a);
      const std::string_view n = take_number(b);
      if (m.size() != n.size()) return m.size() < n.size();
      if (m != n) return m < n;
    } else {
      if (a[0] != b[0]) return a[0] < b[0];
      a.remove_prefix(1);
      b.remove_prefix(1);
    }
  }
  return a.size() < b.size();
}

bool has_image_name(const fs::path& path) {
  std::string extension = path.extension().string();
  std::ranges::transform(extension, extension.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return extension == ".pgm" || extension == ".ppm" || extension == ".pnm";
}

// Names of the images, and of all else.
struct Listing {
  std::vector<std::string> images;
  std::vector<std::string> others;
};

Listing list(const fs::path& folder) {
  Listing listing;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const bool image = has_image_name(entry.path()) && !entry.is_directory();
    (image ? listing.images : listing.others).push_back(entry.path().filename().string());
  }
  for (std::vector<std::string>* names : {&listing.images, &listing.others}) {
    std::ranges::sort(*names);  // img2 and img02 are one number: their order must not be chance
    std::ranges::stable_sort(*names, natural_less);
  }
  return listing;
}

// All images of a batch are alike.
void check_alike(const Image& image, const Image& first, const std::string& name) {
  if (image.pixels.shape != first.pixels.shape)
    base::fail(base::Code::kBadSamples,
               fmt::format("the image is {}, those before it are {} (height, width, channels)",
                           to_string(image.pixels.shape), to_string(first.pixels.shape)),
               name, "scale all images to one size, and make them all grey or all coloured");
  if (image.greatest != first.greatest)
    base::fail(base::Code::kBadSamples,
               fmt::format("the image's greatest value is {}, that of those before it {}",
                           image.greatest, first.greatest),
               name, "store all images with one greatest value: pamdepth 255");
}

}  // namespace

SampleSet load_folder(const fs::path& folder, std::size_t most) {
  Listing listing = list(folder);
  if (listing.images.empty())
    base::fail(base::Code::kBadSamples, "the folder has no .pgm, .ppm or .pnm files",
               folder.string(), "convert the images to PGM or PPM, or save all as one .npy");
  const std::size_t kept = std::min(most, listing.images.size());
  Image first;
  std::vector<std::int64_t> values;
  for (std::size_t i = 0; i < kept; ++i) {
    const std::string name = (folder / listing.images[i]).string();
    const std::string bytes = base::read_file(name);
    const SampleFile file{bytes, name};
    if (!is_pnm(bytes)) bad_samples(file, "is no PNM image (P2, P3, P5, P6)", "convert it");
    Image image = read_pnm(file);
    if (i > 0) check_alike(image, first, name);
    values.insert(values.end(), image.pixels.ints().begin(), image.pixels.ints().end());
    if (i == 0) first = std::move(image);
  }
  Shape shape = first.pixels.shape;
  shape.insert(shape.begin(), static_cast<std::int64_t>(kept));
  const bool colour = shape.back() == 3;
  return {Array::of_ints(first.pixels.dtype, std::move(shape), std::move(values)),
          static_cast<std::int64_t>(listing.images.size()), colour, std::move(listing.others),
          folder.string()};
}

}  // namespace nn
