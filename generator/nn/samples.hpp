// Vectors in and out: .npy, IDX and PNM.
#pragma once

#include <filesystem>

#include "nn/graph.hpp"

namespace nn {

inline constexpr std::size_t kAllSamples = ~std::size_t{0};

/// The first `most` samples of a file, or all of a folder of PNM images sorted by name (a batch of
/// equal sizes):
/// - .npy version 1 or 2, little endian, C order, u1 i1 i2 i4 i8 f4 f8 (f8 is rounded to float);
/// - IDX (also .gz): MNIST's format, of u1 i1 i2 i4 f4 f8;
/// - PNM: P2 and P5 give [height, width], P3 and P6 [3, height, width]; a folder adds the batch in
///   front.
/// The kind is told from the content, not the name. Throws kFileUnreadable, and kBadSamples where
/// the content is damaged, of another type, or not finite.
Array load_samples(const std::filesystem::path& path, std::size_t most = kAllSamples);

/// Writes .npy version 1, little endian, C order; types without one (int4, uint4) as bytes.
void save_npy(const std::filesystem::path& path, const Array& array);

/// `raw` as the float input `input` of a network: raw * scale + offset, reshaped to the input's
/// extents a sample. The first extent of both is the sample. Throws kBadSamples if a sample has not
/// as many elements as the input.
Array to_input(const Array& raw, const Value& input, double scale, double offset);

}  // namespace nn
