// What quantise() sees of a graph: products of signals with everything around them folded in, all
// still real numbers.
#pragma once

#include <Eigen/Core>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/id_vector.hpp"
#include "base/strong_id.hpp"
#include "nn/graph.hpp"
#include "quant/affine.hpp"
#include "quant/cell_layer.hpp"
#include "quant/constants.hpp"
#include "quant/sight.hpp"
#include "quant/tensor.hpp"

namespace quant {

using SignalId = base::StrongId<struct SignalTag>;

/// `count` elements of `signal` from `first`.
struct Piece {
  SignalId signal;
  int first = 0;
  int count = 0;
  bool operator==(const Piece&) const = default;
};

/// A summand of a product, gain * (step * (x . weights)), where x are the concatenated inputs.
struct Term {
  std::vector<Piece> inputs;
  Eigen::MatrixXd weights;  ///< rows as quant::Product's x outputs; integers if there are steps,
                            ///< else reals
  Eigen::VectorXd step;     ///< real value of a weight step, an output; empty: weights are reals
  Eigen::VectorXd gain;     ///< an output, any sign
  bool is_made = false;     ///< of weights 1 that no model has

  bool is_integer() const { return step.size() != 0; }
  /// Real value of a unit of the weights of output `c`.
  double factor(Eigen::Index c) const { return is_integer() ? step[c] * gain[c] : gain[c]; }
};

/// sum of the terms + offset, at each window. An output is a channel; several groups have one term.
struct OpenProduct {
  std::vector<Term> terms;
  Eigen::VectorXd offset;  ///< an output; the bias is in it
  Window window{};
  int groups = 1;
  /// Of its inputs' codes, in whole numbers that the tensor has as they are; of one signal in its
  /// steps, of several in none (1). Offsets count greatest codes of the first input.
  bool of_codes = false;
  std::vector<int> parts{};  ///< of codes: what an output's sum is divided by, a mean of elements
                             ///< of the first input; empty: 1

  Eigen::Index cols() const { return offset.size(); }
};

/// The greatest element that each window of each channel meets.
struct OpenMerge {
  Piece input;
  Window window{};
};

/// The maps of another signal, all of them, moved. Nothing makes them: who reads them sees `input`
/// so.
struct OpenMove {
  SignalId input;
  Sight sight;
};

/// A function of each of many elements by itself.
using ElementFunction = std::function<Eigen::ArrayXd(const Eigen::ArrayXd&)>;

/// What becomes of each element of a signal by itself.
struct OpenTable {
  Piece input;
  ElementFunction function;  ///< of the signal's real values
  int depth = 1;             ///< of functions in one another
  /// Of two signals: the function is of the input's codes, and in products of these signals' steps.
  std::vector<SignalId> factors{};

  static constexpr int kMostDepth = 64;  ///< evaluating and freeing them recurses
};

/// What recurrent cells answer to a sequence, or a dense layer to one or all positions of maps: of
/// each of the input's channels, which are features, a map of one column or one row has the steps.
/// If nobody reads another answer than the last, that is all there is.
struct OpenCell {
  Piece input;
  Affine before;  ///< of the features
  Window window;  ///< as Recurrent's
  std::shared_ptr<const RealCells> cells;

  bool is_dense() const { return cells->kind == CellKind::kDense; }
};

/// Elements [first, first + count) of each sample of a value of the graph.
struct Tap {
  nn::ValueId value;
  int first = 0;
  int count = 0;
};

/// What is to become a tensor: t = clip(product, low, high), the same of a table, a merge, or an
/// input of the graph; what cells answer; or a move, which becomes none. A merge and a move have
/// the format of what they are of, and no bounds of their own.
struct Signal {
  static constexpr double kInfinity = std::numeric_limits<double>::infinity();

  std::string name;                      ///< of the node, or of the input
  int count = 0;                         ///< elements
  Pair map{};                            ///< extents of each channel
  std::optional<OpenProduct> product{};  ///< none: an input, or
  std::optional<OpenMerge> merge{};
  std::optional<OpenTable> table{};
  std::optional<OpenMove> move{};
  std::optional<OpenCell> cell{};
  Affine encoding{};         ///< of an input: what the host makes of it before it quantises
  std::vector<int> order{};  ///< of an input: which element of a sample each is, as InputEncoding's
  double low = -kInfinity;   ///< <= 0
  double high = kInfinity;   ///< > 0
  std::optional<Quantiser> quantiser{};  ///< of t, if the model has one
  Tap tap{};                             ///< t before its quantiser: what calibration looks at, if
                                         ///< the graph has it
  int more_bits = 0;                     ///< than other float tensors have
  double output_gain = 1.0;              ///< of a result: real value = output_gain * t, > 0
  bool sealed = false;                   ///< has several readers: nothing joins it any more
  bool dissolved = false;                ///< its product has joined another

  bool is_input() const { return !product && !merge && !table && !move && !cell; }
  Shape shape() const { return {channels(), map.y, map.x}; }
  int channels() const { return count / map.area(); }
  bool is_bounded() const { return low > -kInfinity || high < kInfinity; }
};

/// What the host does with a result.
enum class HostOp { kNone, kArgMax, kMonotone };

/// An output of the graph.
struct Result {
  nn::ValueId value;
  Piece piece;
  HostOp host = HostOp::kNone;
};

/// The graph from its inputs to its outputs.
struct Draft {
  std::string name;
  base::IdVector<SignalId, Signal> signals;  ///< in topological order
  std::vector<SignalId> inputs;              ///< as the graph's
  std::vector<Result> results;               ///< as the graph's outputs
};

/// What becomes of a node.
struct NodeReport {
  enum class Verdict {
    kSupported,
    kRefused,
    kOpen,  ///< it reads what a refused node makes, or nothing but such a node reads it
  };
  Verdict verdict = Verdict::kOpen;
  std::string becomes;  ///< if supported
};

/// A draft as far as it could be made, with what was found on the way.
struct Survey {
  Draft draft;
  base::IdVector<nn::NodeId, NodeReport> nodes;  ///< as the graph's
  std::vector<base::Fault> faults;               ///< all that was refused
};

/// Walks a graph (shapes inferred) node by node with the lowerings of quant/ops/. A refused node
/// does not end the walk: what does not depend on it is looked at as well.
Survey survey_of(const nn::Graph& graph);

/// The draft of a graph. Throws all faults of survey_of(): kCannotLower naming the node and the
/// reason, and what constant_of() and quantiser_of() throw.
Draft draft_of(const nn::Graph& graph);

}  // namespace quant
