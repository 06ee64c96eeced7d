// The sample formats one by one. Internal to nn.
#pragma once

#include <string>
#include <string_view>

#include "nn/graph.hpp"
#include "nn/samples.hpp"

namespace nn {

/// A file's content and its name for messages.
struct SampleFile {
  std::string_view bytes;
  std::string name;
  std::size_t most = kAllSamples;  ///< elements along the first extent to keep
};

/// Throws kBadSamples naming the file.
[[noreturn]] void bad_samples(const SampleFile& file, std::string what, std::string cure = {});

/// `kind` is numpy's: 'b' (bool), 'u', 'i' or 'f'; `size` the bytes of an element.
struct ElementType {
  char kind;
  std::size_t size;
  bool big_endian;
};

/// A set of shape `shape`, row-major, of the elements at the end of the file, which must hold
/// exactly those; the first file.most along the first extent are kept.
SampleSet read_elements(const SampleFile& file, std::size_t offset, const ElementType& type,
                        Shape shape);

/// Product of `extents`, each at least 0. Throws kBadSamples if it is more than the file could
/// hold.
std::size_t checked_size(const SampleFile& file, const Shape& extents);

bool is_npy(std::string_view bytes);
SampleSet read_npy(const SampleFile& file);
bool is_idx(std::string_view bytes);
SampleSet read_idx(const SampleFile& file);

/// A PNM file: pixels [height, width, channels], each in 0 .. greatest.
struct Image {
  Array pixels;
  std::int64_t greatest = 0;
};
bool is_pnm(std::string_view bytes);
Image read_pnm(const SampleFile& file);

/// The images of a folder, as load_samples() says.
SampleSet load_folder(const std::filesystem::path& folder, std::size_t most);

}  // namespace nn
