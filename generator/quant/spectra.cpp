#include "quant/spectra.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.hpp"

namespace quant {

namespace {

// As coarse as the widest word of a spectrum makes it, and no finer than the sums can take.
int weight_fraction(const Circulant& matrix, const Fractions& others, int bits,
                    const std::string& where) {
  constexpr int kMost = 20;
  const int fraction = std::min(kMost, spectral_fraction(matrix, bits));
  if (others.in + fraction < others.out)
    base::fail(base::Code::kWeightRange,
               fmt::format("its weights reach so far that words of {} bits cannot hold them", bits),
               where, "set recurrent.bits higher, or scale the inputs");
  return fraction;
}

}  // namespace

void fill_blocks(Eigen::MatrixXd& matrix, int block,
                 const std::function<bool(Eigen::Index, Eigen::Index)>& has) {
  // Number `n` of a cyclic diagonal of the block at (row, column).
  const auto on = [block](Eigen::Index row, Eigen::Index column, int diagonal, int n) {
    return std::pair(row + (n + diagonal) % block, column + n);
  };
  for (Eigen::Index row = 0; row < matrix.rows(); row += block)
    for (Eigen::Index column = 0; column < matrix.cols(); column += block)
      for (int diagonal = 0; diagonal < block; ++diagonal) {
        double sum = 0;
        int count = 0;
        for (int n = 0; n < block; ++n)
          if (const auto at = on(row, column, diagonal, n); has(at.first, at.second)) {
            sum += matrix(at.first, at.second);
            ++count;
          }
        if (count == block) continue;
        for (int n = 0; n < block; ++n)
          if (const auto at = on(row, column, diagonal, n); !has(at.first, at.second))
            matrix(at.first, at.second) = count > 0 ? sum / count : 0.0;
      }
}

Spectra spectra_of(const Eigen::MatrixXd& matrix, int block, Fractions fractions, int bits,
                   const std::string& where) {
  const Circulant nearest = nearest_circulant(matrix, block);
  fractions.weight = weight_fraction(nearest, fractions, bits, where);
  return {spectral_weights(nearest, bits, fractions.weight),
          rule_with(fractions, block, bits, bits, WordRounding::kHalfUp),
          circulant_error(matrix, nearest)};
}

}  // namespace quant
