// What a model says of its own number formats.
#include <algorithm>

#include "base/bits.hpp"
#include "quant/draft.hpp"
#include "quant/formats.hpp"
#include "quant/quantise.hpp"

namespace quant {

namespace {

// Bits of the integer weights of a term, as a column will take them.
int weight_bits_of(const Term& term, bool signed_input) {
  if (!term.is_integer()) return 0;
  double most = 1;
  for (Eigen::Index c = 0; c < term.weights.cols(); ++c) {
    const bool turned = term.step[c] * term.gain[c] < 0;
    const double high = term.weights.col(c).maxCoeff();
    const double low = -term.weights.col(c).minCoeff();
    most = std::max({most, turned ? low : high, (turned ? high : low) - (signed_input ? 0 : 1)});
  }
  return base::clog2(static_cast<std::uint64_t>(most) + 1) + 1;
}

// The signal that a piece is of, moved or not.
const Signal& signal_of(const Draft& draft, const Piece& piece) {
  const Signal& signal = draft.signals[piece.signal];
  return signal.move ? draft.signals[signal.move->input] : signal;
}

bool is_signed(const Signal& signal) {
  if (!signal.quantiser) return signal.is_input() || signal.low != 0;
  return !signal.quantiser->bipolar && signal.quantiser->low < signal.quantiser->zero;
}

}  // namespace

ModelFormats formats_of(const nn::Graph& graph) {
  const Draft draft = draft_of(graph);
  ModelFormats formats;
  formats.complete = true;
  for (const Signal& signal : draft.signals) {
    if (signal.dissolved) continue;
    if (signal.merge || signal.table || signal.move || signal.cell ||
        (signal.product && signal.product->of_codes))
      continue;
    formats.complete = formats.complete && signal.quantiser.has_value();
    if (signal.quantiser)
      formats.activation_bits = std::max(
          formats.activation_bits, model_format(*signal.quantiser, Options{}, where(signal)).bits);
    if (signal.is_input()) continue;
    int rows = 0;
    for (const Term& term : signal.product->terms) {
      rows += static_cast<int>(term.weights.rows());
      if (term.is_made || term.weights.isIdentity(0)) continue;  // not the model's
      const bool any = std::ranges::any_of(
          term.inputs, [&](const Piece& piece) { return is_signed(signal_of(draft, piece)); });
      formats.weight_bits = std::max(formats.weight_bits, weight_bits_of(term, any));
    }
    formats.rows = std::max(formats.rows, rows);
    formats.cols = std::max(formats.cols, signal.channels());
  }
  return formats;
}

}  // namespace quant
