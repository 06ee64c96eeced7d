// Layers of words in a network, recurrent cells and dense ones: codes in, codes out, words between.
#pragma once

#include <Eigen/Core>
#include <map>
#include <memory>
#include <string>

#include "quant/affine.hpp"
#include "quant/cell.hpp"
#include "quant/tensor.hpp"

namespace quant {

/// Cells as a model has them. Rows of matrices are gates in the order of CellKind, each of `cells`
/// rows: of a kGru z, r, and the candidate's; columns are features. A kDense has outputs for cells
/// and no matrix of the state; columns are features, of several steps step by step.
struct RealCells {
  CellKind kind = CellKind::kLstm;
  Gate gate = Gate::kSigmoid;
  Gate candidate = Gate::kTanh;
  Gate output = Gate::kTanh;
  Eigen::MatrixXd of_input;       ///< gates * cells x inputs
  Eigen::MatrixXd of_state;       ///< gates * cells x cells
  Eigen::VectorXd bias;           ///< gates * cells, those of both products
  Eigen::VectorXd of_state_bias;  ///< of a kGru's candidate's product with the state, not in `bias`
  Eigen::VectorXd peepholes;      ///< of i, f and o, each of `cells`; empty: none

  Eigen::Index cells() const {
    return kind == CellKind::kDense ? of_input.rows() : of_state.cols();
  }
  Eigen::Index inputs() const { return of_input.cols(); }
};

/// Cells of inputs x that are those of `cells` of before(x), a factor and an offset a feature.
void absorb(const Affine& before, RealCells& cells);

/// What a model's cells are to become.
struct CellOptions {
  /// k, a power of two, 1 .. 128: of recurrent layers (halved until it divides the number of
  /// cells).
  int block = 1;
  int bits = 16;  ///< of words, 8 .. 18
  /// Of layers that have their own, by name; dense ones that are named become layers of words.
  std::map<std::string, int> blocks{};

  /// The options of the layer `name`, whose block is `block`.
  CellOptions of(const std::string& name) const;
};

/// Cells that read and answer codes. A code q that comes is the word q * 2^in_shift; a word that
/// goes is the code rounded(word, out_shift), halves up, clipped to its tensor's.
struct CellLayer {
  CellRule rule;  ///< of a kDense `gates`, `bits` and `rounding` alone count
  int block = 1;
  int inputs = 1;  ///< features of a step
  int cells = 1;   ///< of its answer
  int taps = 1;    ///< steps that a dense layer answers at once: one, or all of a map
  int in_shift = 0;
  int out_shift = 0;
  CellWeights weights;
  double circulant_error = 0.0;  ///< of the model's matrices, relative to them: circulant_error()

  bool is_dense() const { return rule.kind == CellKind::kDense; }
  int input_blocks() const { return (inputs + block - 1) / block; }  ///< of a step
  int cell_blocks() const { return (cells + block - 1) / block; }
  bool operator==(const CellLayer& other) const;
};

/// The layer whose inputs have the format `from`, and whose answers have `out_bits` bits beside
/// their signs. Throws, naming `where`, kActivationBits if words have no bit for the
/// sign of `from`, and kWeightRange for weights so large that words of them have no bits left.
CellLayer cell_layer(const RealCells& real, const Format& from, int out_bits,
                     const CellOptions& options, const std::string& where);

/// Steps that a dense layer answers at once: the positions of a map in one window, or one window.
int steps_at_once(const Window& window);

/// The dense layer of `real`, of `taps` steps at once, whose inputs have the format `from` and
/// whose answers have `to`, all codes of its bits. Rows and columns fill their last blocks up.
/// Throws as cell_layer() does, kActivationBits for bits of `to` as well.
CellLayer dense_layer(const RealCells& real, int taps, const Format& from, const Format& to,
                      const CellOptions& options, const std::string& where);

/// The format of the answers of recurrent cells.
Format answer_format(const CellLayer& layer, int out_bits);

/// What was clipped on the way.
struct CellClips {
  std::int64_t gates = 0, cell = 0, projection = 0;
  std::int64_t all() const { return gates + cell + projection; }
};

/// Golden level 1 of a sequence, a row a step, from a state of zeros: a row an answer.
IntegerBatch answers(const CellLayer& layer, const Format& to, const IntegerBatch& steps,
                     CellClips& clips);

}  // namespace quant
