// How far recurrent cells in words may be from the cells that they stand for in real numbers.
#pragma once

#include <Eigen/Core>
#include <array>
#include <vector>

#include "units/recurrent/recurrent.hpp"

namespace units {

/// What the words of a layer's weights stand for. Matrices have the rows and columns of
/// quant::CellWeights, and are of real words: x, y, sums of gates.
struct ExactCells {
  quant::Circulant gates;
  quant::Circulant second;         ///< projection, or of a kGruFirst; else of no rows
  std::vector<double> parameters;  ///< as quant::CellWeights'
};

/// Cells of one stream in double precision, and beside each answer a bound on its distance from
/// what words make of the same steps, as long as no word is clipped.
///
/// It is a running error analysis (Wilkinson, Rounding Errors in Algebraic Processes, 1963): every
/// operation adds what its own rounding may be, and carries on what its operands bring, by the
/// magnitudes that the real numbers have in this step. Functions of gates rise, so what they make
/// of the ends of an interval bounds it; they add the greatest distance of their lines. Words bound
/// what they keep. Spectra, transforms and sums of
/// engines add error_bounds() of units/circulant.
class BoundedCells {
 public:
  BoundedCells(const RecurrentConfig& config, ExactCells exact, const quant::CellWeights& weights);

  /// A number and how far words may be from it.
  struct Real {
    double value = 0.0;
    double error = 0.0;
  };

  /// A step: y. `x` are words, config.inputs * config.block.
  std::vector<Real> step(const std::vector<std::int64_t>& x);

 private:
  using Reals = std::vector<Real>;

  struct Function {
    quant::Gate gate = quant::Gate::kSigmoid;
    double error = 0.0;
  };

  Function function(quant::Gate gate, const quant::Lines& lines) const;
  static Real through(const Function& function, Real x);
  Reals product(const CirculantConfig& engine, const quant::Circulant& exact,
                const quant::SpectralWeights& words, const Reals& x, int fraction) const;
  Real rounded(Real value, int fraction) const;
  Real held(Real value, int fraction) const;
  Real parameter(std::size_t index, int fraction) const;
  Real peephole(std::size_t index, Real kept) const;

  Real lstm(const std::vector<Real>& sums, std::size_t first, Real& kept) const;
  Real gru(const std::vector<Real>& sums, std::size_t first, Real& kept) const;
  Real gru_first(const std::vector<Real>& sums, std::size_t first, Real seen, Real& kept) const;
  Real blend(Real z, Real candidate, Real kept) const;

  RecurrentConfig config_;
  ExactCells exact_;
  quant::CellWeights weights_;
  Function gate_, candidate_, output_;
  Reals y_, kept_;
};

}  // namespace units
