#include "quant/rescale.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "quant/operands.hpp"

namespace quant {

namespace {

// What is left of the noise where units are worth it; a layer's cost a second look at all samples.
constexpr double kMostOfInput = 0.5;
constexpr double kMostOfLayer = 0.8;

// Where a product reads a signal: rows from `row` of a term are elements of `piece`.
struct Use {
  Term* term;
  OpenProduct* product;
  Eigen::Index row;
  Piece piece;
};

// Elements x become (x - zero) / unit.
struct Move {
  Eigen::VectorXd zero;
  Eigen::VectorXd unit;
};

// A signal as it would be after a move.
struct Moved {
  SignalId id;
  const Move* move;
  Ranges ranges;
  double step;
};

bool is_plain(const OpenProduct& product) {
  return product.window.is_point() && product.groups == 1;
}

Ranges moved(Ranges ranges, const Move& move) {
  for (Eigen::VectorXd* value : {&ranges.low, &ranges.high, &ranges.mean})
    *value = (*value - move.zero).cwiseQuotient(move.unit);
  ranges.variance = ranges.variance.cwiseQuotient(move.unit.cwiseAbs2());
  return ranges;
}

// Greatest magnitude of a weight that reads the element.
Eigen::VectorXd weights_on(const std::vector<Use>& uses, Eigen::Index count) {
  Eigen::VectorXd most = Eigen::VectorXd::Zero(count);
  for (const Use& use : uses) {
    auto part = most.segment(use.piece.first, use.piece.count);
    for (Eigen::Index c = 0; c < use.term->weights.cols(); ++c)
      part = part.cwiseMax(std::abs(use.term->factor(c)) *
                           use.term->weights.col(c).segment(use.row, use.piece.count).cwiseAbs());
  }
  return most;
}

// sqrt(reach / weights). Elements that never differ from 0, or that nobody reads, take a unit that
// makes the other side as great as the greatest of all.
Eigen::VectorXd units_of(const Eigen::VectorXd& reach, const Eigen::VectorXd& weights) {
  const double most = std::sqrt(reach.cwiseProduct(weights).maxCoeff());
  Eigen::VectorXd units = Eigen::VectorXd::Ones(reach.size());
  for (Eigen::Index i = 0; most > 0 && i < units.size(); ++i) {
    if (weights[i] > 0)
      units[i] = reach[i] > 0 ? std::sqrt(reach[i] / weights[i]) : most / weights[i];
    else if (reach[i] > 0)
      units[i] = reach[i] / most;
  }
  return units;
}

// What reads the signal takes the move back.
void give_back(const Use& use, const Move& move) {
  const Eigen::Index rows = use.term->weights.rows();
  Affine back{Eigen::VectorXd::Ones(rows), Eigen::VectorXd::Zero(rows)};
  back.gain.segment(use.row, use.piece.count) = move.unit.segment(use.piece.first, use.piece.count);
  back.offset.segment(use.row, use.piece.count) =
      move.zero.segment(use.piece.first, use.piece.count);
  absorb(back, *use.term, use.product->offset);
}

class Rescaling {
 public:
  Rescaling(Draft& draft, Observations& seen, const Options& options)
      : draft_(draft),
        seen_(seen),
        steps_(std::ldexp(1.0, options.activation_bits) - 1),
        weight_steps_(std::ldexp(1.0, options.weight_bits - 1) - 1),
        uses_(draft.signals.size()),
        stays_(draft.signals.size()) {
    for (Signal& signal : draft_.signals) {
      if (signal.product) add_uses(*signal.product);
      if (signal.merge) stays_[signal.merge->input.signal] = true;
      if (signal.table) stays_[signal.table->input.signal] = true;
      if (signal.move) stays_[signal.move->input] = true;
      if (signal.cell) stays_[signal.cell->input.signal] = true;
    }
    for (const Result& result : draft_.results) stays_[result.piece.signal] = true;
  }

  void run() {
    for (std::size_t n = draft_.signals.size(); n-- > 0;)
      if (may_move(SignalId(n))) rescale(SignalId(n));
  }

 private:
  void add_uses(OpenProduct& product) {
    for (Term& term : product.terms) {
      Eigen::Index row = 0;
      for (const Piece& piece : term.inputs) {
        uses_[piece.signal].push_back({&term, &product, row, piece});
        row += piece.count;
        // The model's own integer weights take no factor a row, kernels none a position.
        const bool takes = !term.is_integer() || term.weights.isIdentity(0);
        if (!takes || !is_plain(product)) stays_[piece.signal] = true;
      }
    }
  }

  bool may_move(SignalId id) const {
    const Signal& signal = draft_.signals[id];
    if (signal.dissolved || signal.quantiser || signal.table || signal.cell ||
        seen_[id].ranges.empty() || stays_[id] || uses_[id].empty())
      return false;
    return signal.is_input() || commutes(id);
  }

  // What a layer computes before its sums are real takes a factor an element.
  bool commutes(SignalId id) const {
    const Signal& signal = draft_.signals[id];
    const bool unbounded = (signal.low == 0 || std::isinf(signal.low)) && std::isinf(signal.high);
    const auto is_real = [](const Term& term) { return !term.is_integer(); };
    return unbounded && is_plain(*signal.product) &&
           std::ranges::all_of(signal.product->terms, is_real) &&
           std::ranges::all_of(uses_[id], [&](const Use& use) { return is_real(*use.term); });
  }

  void rescale(SignalId id) {
    const bool is_input = draft_.signals[id].is_input();
    const Ranges& ranges = seen_[id].ranges;
    const Eigen::Index count = ranges.low.size();
    Move move{Eigen::VectorXd::Zero(count), Eigen::VectorXd::Ones(count)};
    const double before = noise_after(id, move);
    if (is_input) move.zero = ranges.low;
    const Eigen::VectorXd reach = (ranges.high - move.zero).cwiseMax(move.zero - ranges.low);
    move.unit = units_of(reach, weights_on(uses_[id], count));
    if (reach.maxCoeff() > 0 &&
        noise_after(id, move) < (is_input ? kMostOfInput : kMostOfLayer) * before)
      apply(id, move);
  }

  void apply(SignalId id, const Move& move) {
    Signal& signal = draft_.signals[id];
    if (signal.is_input()) {
      signal.encoding.then({move.unit.cwiseInverse(), -move.zero.cwiseQuotient(move.unit)});
    } else {
      for (Term& term : signal.product->terms) term.gain.array() /= move.unit.array();
      signal.product->offset.array() /= move.unit.array();
      seen_[id].unit = move.unit;
    }
    seen_[id].ranges = moved(std::move(seen_[id].ranges), move);
    for (const Use& use : uses_[id]) give_back(use, move);
  }

  // Variance that rounding adds to all sums that read the signal after a move, but for a factor.
  double noise_after(SignalId id, const Move& move) const {
    Moved there{id, &move, moved(seen_[id].ranges, move), 0.0};
    there.step = std::max(there.ranges.greatest() / steps_, finest_step(id, move));
    std::vector<const OpenProduct*> readers;
    for (const Use& use : uses_[id])
      if (std::ranges::find(readers, use.product) == readers.end()) readers.push_back(use.product);
    double noise = 0;
    for (const OpenProduct* reader : readers) noise += noise_of(*reader, there);
    return noise;
  }

  // Inputs and weights are rounded evenly over a step: an input's is that of its tensor, a weight's
  // is set by the greatest of its column, in steps of the inputs.
  double noise_of(const OpenProduct& product, const Moved& there) const {
    double power = 0;  // of the inputs in steps, their means off: the bias takes those
    double of_inputs = 0;
    Eigen::ArrayXd most = Eigen::ArrayXd::Zero(product.cols());
    for (const Term& term : product.terms) {
      power += power_of(term, there);
      const Eigen::ArrayXd steps = row_steps(term, &there);
      for (Eigen::Index c = 0; c < most.size(); ++c) {
        const double factor = std::abs(term.factor(c));
        const auto worth = steps * term.weights.col(c).array();
        of_inputs += factor * factor * worth.square().sum();
        most[c] = std::max(most[c], factor * worth.abs().maxCoeff());
      }
    }
    return of_inputs + power * most.square().sum() / (weight_steps_ * weight_steps_);
  }

  // The finest step that a layer's weights allow after the move: SumFacts::finest.
  double finest_step(SignalId id, const Move& move) const {
    if (draft_.signals[id].is_input()) return 0.0;
    double finest = 0;
    for (const Term& term : draft_.signals[id].product->terms) {
      const Eigen::ArrayXd steps = row_steps(term, nullptr);
      for (Eigen::Index c = 0; c < term.weights.cols(); ++c)
        finest = std::max(finest, std::abs(term.factor(c)) / move.unit[c] *
                                      (steps * term.weights.col(c).array()).abs().maxCoeff());
    }
    return finest / weight_steps_;
  }

  // What a step of each row's input is worth, in the units that its weights are of now.
  Eigen::ArrayXd row_steps(const Term& term, const Moved* there) const {
    Eigen::ArrayXd steps(term.weights.rows());
    Eigen::Index row = 0;
    for (const Piece& piece : term.inputs) {
      auto part = steps.segment(row, piece.count);
      if (there != nullptr && piece.signal == there->id)
        part = there->step * there->move->unit.segment(piece.first, piece.count).array();
      else
        part.setConstant(step_of(piece.signal));
      row += piece.count;
    }
    return steps;
  }

  // Variance of the term's inputs in steps; what was not seen adds nothing.
  double power_of(const Term& term, const Moved& there) const {
    double power = 0;
    for (const Piece& piece : term.inputs) {
      const bool is_there = piece.signal == there.id;
      const Ranges& ranges = is_there ? there.ranges : seen_[piece.signal].ranges;
      const double step = is_there ? there.step : step_of(piece.signal);
      if (ranges.empty() || step == 0) continue;
      power += ranges.variance.segment(piece.first, piece.count).sum() / (step * step);
    }
    return power;
  }

  double step_of(SignalId id) const {
    const Signal& signal = draft_.signals[id];
    if (signal.quantiser) return signal.quantiser->bipolar ? 1.0 : signal.quantiser->step;
    if (signal.merge) return step_of(signal.merge->input.signal);
    if (signal.move) return step_of(signal.move->input);
    return seen_[id].ranges.greatest() / steps_;
  }

  Draft& draft_;
  Observations& seen_;
  double steps_;
  double weight_steps_;
  base::IdVector<SignalId, std::vector<Use>> uses_;
  base::IdVector<SignalId, bool> stays_;
};

}  // namespace

void rescale(Draft& draft, Observations& seen, const Options& options) {
  Rescaling(draft, seen, options).run();
}

}  // namespace quant
