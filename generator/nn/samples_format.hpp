// The sample formats one by one. Internal to nn.
#pragma once

#include <string>
#include <string_view>

#include "nn/graph.hpp"

namespace nn {

/// A file's content and its name for messages.
struct SampleFile {
  std::string_view bytes;
  std::string name;
  std::size_t most = ~std::size_t{0};  ///< elements along the first extent to keep
};

/// Throws kBadSamples naming the file.
[[noreturn]] void bad_samples(const SampleFile& file, std::string what, std::string cure = {});

/// An array of `count` little- or big-endian elements at the end of the file, which must hold
/// exactly those; the first file.most along the first extent are kept. `kind` is numpy's: 'u', 'i'
/// or 'f'; `size` the bytes of an element.
struct ElementType {
  char kind;
  std::size_t size;
  bool big_endian;
};
Array read_elements(const SampleFile& file, std::size_t offset, const ElementType& type,
                    Shape shape);

/// Product of `extents`, each at least 0. Throws kBadSamples if it is more than the file could
/// hold.
std::size_t checked_size(const SampleFile& file, const Shape& extents);

bool is_npy(std::string_view bytes);
Array read_npy(const SampleFile& file);
bool is_idx(std::string_view bytes);
Array read_idx(const SampleFile& file);
bool is_pnm(std::string_view bytes);
Array read_pnm(const SampleFile& file);

}  // namespace nn
