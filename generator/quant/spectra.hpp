// What layers of words share: matrices made block-circulant, in words of spectra.
#pragma once

#include <Eigen/Core>
#include <functional>
#include <string>

#include "quant/circulant.hpp"

namespace quant {

/// Fills rows and columns of `matrix` that only fill a block up: they are nobody's, or meet words
/// that are zero. Each number that `has(row, column)` says is not there takes the mean of those on
/// its cyclic diagonal of its block that are, so that the nearest circulant block has that mean.
void fill_blocks(Eigen::MatrixXd& matrix, int block,
                 const std::function<bool(Eigen::Index, Eigen::Index)>& has);

/// A matrix as the engine multiplies with it.
struct Spectra {
  SpectralWeights words;
  CirculantRule rule;
  double error = 0.0;  ///< circulant_error()
};

/// The nearest of blocks of `block`, in spectra of `bits` bits, as fine as they hold the widest
/// word
/// (`fractions.weight` is not read). Throws kWeightRange, naming `where`, if nothing is left of
/// them behind the point that `fractions` want.
Spectra spectra_of(const Eigen::MatrixXd& matrix, int block, Fractions fractions, int bits,
                   const std::string& where);

}  // namespace quant
