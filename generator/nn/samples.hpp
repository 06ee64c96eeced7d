// Samples and labels from files: .npy, IDX and PNM.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "nn/graph.hpp"

namespace nn {

inline constexpr std::size_t kAllSamples = ~std::size_t{0};

/// What a file or a folder holds.
struct SampleSet {
  Array values;                      ///< sample first, as stored
  std::int64_t count = 0;            ///< samples that there are, those not asked for too
  bool colour_pixels = false;        ///< from P3 or P6: the last axis is red, green, blue
  std::vector<std::string> skipped;  ///< names in the folder that are not of PNM files, sorted
  std::string name;                  ///< the path, for messages
};

/// The first `most` samples of a file, or of a folder of PNM images in the natural order of their
/// names (img2 before img10); the images have one size and one greatest value.
/// - .npy version 1 to 3, either byte order, C and Fortran order: b1, i1 to i8, u1 to u8, f2, f4,
/// f8
///   (f8 is rounded to float);
/// - IDX (also .gz): MNIST's format, of u1 i1 i2 i4 f4 f8;
/// - PNM: P2, P3, P5, P6, a batch of [height, width, channels]; one file is a batch of one.
/// The kind is told from the content, not the name. Throws kFileUnreadable, and kBadSamples where
/// the content is damaged, of another type, or not finite.
SampleSet load_samples(const std::filesystem::path& path, std::size_t most = kAllSamples);

/// Writes .npy version 1, little endian, C order; types without one (int4, uint4) as bytes.
void save_npy(const std::filesystem::path& path, const Array& array);

/// Whether the axes of a sample are moved on the way to the network.
enum class Layout {
  kAuto,        ///< no, and the shapes must agree; PNM gives planes or pixels as the input has them
  kAsStored,    ///< no, and only the number of elements must agree
  kNhwcToNchw,  ///< the last axis (channels) goes to the front
  kNchwToNhwc,  ///< the first axis (channels) goes to the end
};

/// How stored values become the network's: value * scale + offset, axes moved as `layout` says.
struct Preparation {
  double scale = 1.0;
  double offset = 0.0;
  Layout layout = Layout::kAuto;
};

/// `samples` as the float input `input` of a network, with the input's extents a sample; the first
/// extent of both is the sample. Shapes agree if they are equal but for extents of 1, or if one of
/// them is flat. Throws kBadSamples if they do not, naming the layout that would make them agree,
/// and if the input has no axis for the samples.
Array to_input(const SampleSet& samples, const Value& input, const Preparation& preparation);

}  // namespace nn
