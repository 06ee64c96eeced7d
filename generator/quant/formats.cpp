#include "quant/formats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/bits.hpp"
#include "base/error.hpp"
#include "base/layout.hpp"

namespace quant {

namespace {

int bits_of(std::int64_t magnitude) {
  return std::max(1, base::clog2(static_cast<std::uint64_t>(magnitude) + 1));
}

bool needs_values(const Signal& signal) {
  const bool of_codes = signal.product && signal.product->of_codes;
  const bool recurrent = signal.cell && !signal.cell->is_dense();
  return !signal.quantiser && !signal.dissolved && !signal.merge && !signal.table && !signal.move &&
         !recurrent && !of_codes;
}

// A table's range is what it makes of the codes, but what reads it has weights to round.
bool is_of_use(const Signal& signal) {
  return needs_values(signal) ||
         (signal.table && !signal.quantiser && !signal.dissolved && signal.tap.value.valid());
}

// Greatest whole step within a bound, which may be a rounding error below it.
std::int32_t code_within(double bound, double scale, std::int32_t most) {
  if (std::isinf(bound)) return most;
  return static_cast<std::int32_t>(
      std::min<double>(most, std::floor(std::abs(bound) / scale * (1 + 1e-9))));
}

// What only holds zeros may have any scale.
double or_one(double range) { return range > 0 ? range : 1.0; }

// Magnitude at which a tensor of `bits` magnitude bits is to saturate.
double range_of(const Observed& seen, int bits, Method method, double percentile) {
  const double greatest = seen.ranges.greatest();
  if (greatest == 0 || method == Method::kMax) return or_one(greatest);
  if (method == Method::kMse)
    return seen.histogram.least_square_clip(greatest, std::ldexp(1.0, bits) - 1);
  const double clip = std::min(greatest, seen.histogram.percentile(percentile));
  return clip > 0 ? clip : greatest;
}

void look_at(const nn::Graph& graph, const std::vector<nn::Array>& calibration,
             const std::vector<SignalId>& ids, const std::vector<Look>& looks, Observations& seen) {
  std::vector<Seen> found = observe(graph, calibration, looks);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    seen[ids[i]].ranges = std::move(found[i].ranges);
    seen[ids[i]].histogram = std::move(found[i].histogram);
  }
}

}  // namespace

std::string where(const Signal& signal) {
  return (signal.is_input() ? "input " : "layer ") + base::quoted_name(signal.name);
}

InputEncoding encoding_of(const Signal& signal) {
  // A sign becomes 1 from 0 on: what is far from 0 saturates, 0 itself rounds up.
  const bool bipolar = signal.quantiser && signal.quantiser->bipolar;
  const double steep = bipolar ? 0x1p20 : 1.0;
  const double lift = bipolar ? 0.75 : 0.0;
  const Eigen::VectorXd gain = steep * signal.encoding.gain;
  const Eigen::VectorXd offset = (steep * signal.encoding.offset).array() + lift;
  return {{gain.begin(), gain.end()}, {offset.begin(), offset.end()}, signal.order};
}

bool is_result(const Draft& draft, SignalId id) {
  return std::ranges::any_of(draft.results,
                             [&](const Result& result) { return result.piece.signal == id; });
}

Observations observe_floats(const nn::Graph& graph, const Draft& draft,
                            const std::vector<nn::Array>& calibration) {
  Observations seen(draft.signals.size());
  std::vector<Look> looks;
  std::vector<SignalId> ids;
  std::vector<SignalId> needed;
  for (const SignalId id : draft.signals.ids()) {
    if (needs_values(draft.signals[id])) needed.push_back(id);
    if (!is_of_use(draft.signals[id])) continue;
    ids.push_back(id);
    looks.push_back({draft.signals[id].tap});
  }
  if (needed.empty()) return seen;
  const bool any = std::ranges::any_of(calibration, [](const nn::Array& samples) {
    return !samples.shape.empty() && nn::element_count(samples.shape) > 0;
  });
  const bool only_results = std::ranges::all_of(
      needed, [&](SignalId id) { return is_result(draft, id) && !draft.signals[id].is_input(); });
  if (!any && only_results) return seen;
  if (!any)
    base::fail(base::Code::kNoCalibration, "the model does not say in which range its values lie",
               fmt::format("value \"{}\"", graph.value(draft.signals[needed[0]].tap.value).name),
               "set data.calibration to a file of real inputs");
  look_at(graph, calibration, ids, looks, seen);
  return seen;
}

void observe_units(const nn::Graph& graph, const Draft& draft,
                   const std::vector<nn::Array>& calibration, Observations& seen) {
  std::vector<Look> looks;
  std::vector<SignalId> ids;
  for (const SignalId id : draft.signals.ids()) {
    if (seen[id].unit.size() == 0) continue;
    ids.push_back(id);
    looks.push_back({draft.signals[id].tap, seen[id].unit});
  }
  if (!ids.empty()) look_at(graph, calibration, ids, looks, seen);
}

Format model_format(const Quantiser& q, const Options& options, const std::string& place) {
  if (q.bipolar) return {1, false, 1.0, 0, 1};
  Format format;
  format.scale = q.step;
  format.low = static_cast<std::int32_t>(q.low - q.zero);
  format.high = static_cast<std::int32_t>(q.high - q.zero);
  format.is_signed = format.low < 0;
  format.bits = bits_of(format.magnitude());
  if (format.bits > options.most_activation_bits)
    base::fail(base::Code::kActivationBits,
               fmt::format("the model's codes from {} to {} have {} bits; a PE's have at most {}",
                           format.low, format.high, format.bits, options.most_activation_bits),
               place,
               fmt::format("quantise the model's activations to {} bits or fewer",
                           options.most_activation_bits));
  return format;
}

Format input_format(const Signal& signal, const Observed& seen, const Options& options) {
  if (signal.quantiser) return model_format(*signal.quantiser, options, where(signal));
  const Ranges& ranges = seen.ranges;
  Format format =
      full_format(options.activation_bits, !ranges.empty() && ranges.low.minCoeff() < 0);
  format.scale = or_one(ranges.greatest()) / static_cast<double>(format.high);
  return format;
}

Format table_format(const Signal& signal, const Eigen::ArrayXd& reals, bool is_result,
                    const Options& options) {
  if (!reals.allFinite())
    base::fail(base::Code::kNotFinite, "its function of some element is not a finite number",
               where(signal), "clip its input to where it is finite");
  const double most = reals.abs().maxCoeff();
  if (signal.quantiser) return model_format(*signal.quantiser, options, where(signal));
  const int own = options.activation_bits + signal.more_bits;
  const int bits = is_result ? std::max(own, options.output_bits) : own;
  Format format = full_format(std::min(bits, options.most_activation_bits), reals.minCoeff() < 0);
  format.scale = most > 0 ? most / static_cast<double>(format.high) : 1.0;
  return format;
}

std::vector<std::int32_t> codes_of(const Signal& signal, const Eigen::ArrayXd& reals,
                                   const Format& format) {
  const bool bipolar = signal.quantiser && signal.quantiser->bipolar;
  std::vector<std::int32_t> codes;
  for (const double real : reals) {
    const double code = bipolar ? real >= 0 : std::nearbyint(real / format.scale);
    codes.push_back(static_cast<std::int32_t>(std::clamp<double>(code, format.low, format.high)));
  }
  return codes;
}

Format output_format(const Signal& signal, const Observed& seen, bool is_result,
                     const SumFacts& sums, const Options& options) {
  if (signal.quantiser) return model_format(*signal.quantiser, options, where(signal));
  const int bits =
      is_result ? std::max(options.activation_bits, options.output_bits) : options.activation_bits;
  Format format = full_format(bits, signal.low != 0);
  const Method method = is_result ? Method::kMax : options.method;
  const double range = seen.ranges.empty()
                           ? std::min(sums.greatest, std::max(signal.high, -signal.low))
                           : range_of(seen, bits, method, options.percentile);
  format.scale = std::max(range / static_cast<double>(format.high), sums.finest);
  format.high = code_within(signal.high, format.scale, format.high);
  if (format.is_signed) format.low = -code_within(signal.low, format.scale, -format.low);
  if (format.high == 0)
    base::fail(base::Code::kThresholdTooSmall,
               fmt::format("its weights force a step of {:.4g}, and it is clipped to {:.4g}",
                           format.scale, signal.high),
               where(signal), "raise pe.weight_bits, or clip less");
  return format;
}

}  // namespace quant
