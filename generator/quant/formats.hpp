// The number formats of a draft's signals.
#pragma once

#include <vector>

#include "quant/calibrate.hpp"
#include "quant/draft.hpp"
#include "quant/network.hpp"
#include "quant/quantise.hpp"

namespace quant {

/// What calibration has seen of a signal's values; nothing where the model has a format.
struct Observed {
  Ranges ranges;
  Histogram histogram;
  /// An element of the tensor is that of the graph divided by this; empty: 1.
  Eigen::VectorXd unit;
};

using Observations = base::IdVector<SignalId, Observed>;

/// What is seen of all signals of `draft` that need it, over `calibration`. Without samples results
/// alone may need it: their range is what their sums can reach. Throws kNoCalibration and what
/// observe() throws.
Observations observe_floats(const nn::Graph& graph, const Draft& draft,
                            const std::vector<nn::Array>& calibration);

/// Looks again at those that have units now.
void observe_units(const nn::Graph& graph, const Draft& draft,
                   const std::vector<nn::Array>& calibration, Observations& seen);

/// The format of the model's codes, zero point off. Throws kActivationBits, naming `where`, if it
/// has more than `options` allow.
Format model_format(const Quantiser& quantiser, const Options& options, const std::string& where);

/// Format of an input: the model's, or by its greatest magnitude.
Format input_format(const Signal& signal, const Observed& seen, const Options& options);

/// What a layer's product can give: the finest step of its output that its weights allow, and the
/// greatest magnitude.
struct SumFacts {
  double finest = 0.0;
  double greatest = 0.0;
};

/// Format of a layer's output, by `values` or, if there are none, by what its sums can reach.
/// Throws kThresholdTooSmall if the finest step is above the signal's bound.
Format output_format(const Signal& signal, const Observed& seen, bool is_result,
                     const SumFacts& sums, const Options& options);

/// Format of a table's output, of what it gives. Throws kNotFinite.
Format table_format(const Signal& signal, const Eigen::ArrayXd& reals, bool is_result,
                    const Options& options);

/// The codes of `reals` in `format`, by the signal's own quantiser if it has one.
std::vector<std::int32_t> codes_of(const Signal& signal, const Eigen::ArrayXd& reals,
                                   const Format& format);

/// What the host makes of an input before it sends it.
InputEncoding encoding_of(const Signal& signal);

/// Whether `id` is, or is part of, a result.
bool is_result(const Draft& draft, SignalId id);

/// "layer "name"": how errors name a signal.
std::string where(const Signal& signal);

}  // namespace quant
