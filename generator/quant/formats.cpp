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
  return !signal.quantiser && !signal.dissolved && !signal.merge && !signal.table;
}

// Greatest whole step within a bound, which may be a rounding error below it.
std::int32_t code_within(double bound, double scale, std::int32_t most) {
  if (std::isinf(bound)) return most;
  return static_cast<std::int32_t>(
      std::min<double>(most, std::floor(std::abs(bound) / scale * (1 + 1e-9))));
}

}  // namespace

std::string where(const Signal& signal) {
  return (signal.is_input() ? "input " : "layer ") + base::quoted_name(signal.name);
}

bool is_result(const Draft& draft, SignalId id) {
  return std::ranges::any_of(draft.results,
                             [&](const Result& result) { return result.piece.signal == id; });
}

Observed observe_floats(const nn::Graph& graph, const Draft& draft,
                        const std::vector<nn::Array>& calibration) {
  Observed seen{base::IdVector<SignalId, Seen>(draft.signals.size())};
  std::vector<Tap> taps;
  std::vector<SignalId> ids;
  for (const SignalId id : draft.signals.ids()) {
    if (!needs_values(draft.signals[id])) continue;
    ids.push_back(id);
    taps.push_back(draft.signals[id].tap);
  }
  if (ids.empty()) return seen;
  const bool any = std::ranges::any_of(calibration, [](const nn::Array& samples) {
    return !samples.shape.empty() && nn::element_count(samples.shape) > 0;
  });
  const bool only_results = std::ranges::all_of(
      ids, [&](SignalId id) { return is_result(draft, id) && !draft.signals[id].is_input(); });
  if (!any && only_results) return seen;
  if (!any)
    base::fail(base::Code::kNoCalibration, "the model does not say in which range its values lie",
               fmt::format("value \"{}\"", graph.value(taps[0].value).name),
               "set data.calibration to a file of real inputs");
  auto values = observe(graph, calibration, taps);
  for (std::size_t i = 0; i < ids.size(); ++i) seen.values[ids[i]] = std::move(values[i]);
  return seen;
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

Format input_format(const Signal& signal, const Seen& values, const Options& options) {
  if (signal.quantiser) return model_format(*signal.quantiser, options, where(signal));
  Format format =
      full_format(options.activation_bits, !values.empty() && values.low().minCoeff() < 0);
  format.scale = range_of(values, options.activation_bits, Method::kMax, 100) /
                 static_cast<double>(format.high);
  return format;
}

Format table_format(const Signal& signal, const std::vector<double>& reals, bool is_result,
                    const Options& options) {
  double most = 0;
  double least = 0;
  for (const double real : reals) {
    if (!std::isfinite(real))
      base::fail(base::Code::kNotFinite, "its function of some element is not a finite number",
                 where(signal), "clip its input to where it is finite");
    most = std::max(most, std::abs(real));
    least = std::min(least, real);
  }
  if (signal.quantiser) return model_format(*signal.quantiser, options, where(signal));
  const int bits =
      is_result ? std::max(options.activation_bits, options.output_bits) : options.activation_bits;
  Format format = full_format(bits, least < 0);
  format.scale = most > 0 ? most / static_cast<double>(format.high) : 1.0;
  return format;
}

std::vector<std::int32_t> codes_of(const Signal& signal, const std::vector<double>& reals,
                                   const Format& format) {
  const bool bipolar = signal.quantiser && signal.quantiser->bipolar;
  std::vector<std::int32_t> codes;
  for (const double real : reals) {
    const double code = bipolar ? real >= 0 : std::nearbyint(real / format.scale);
    codes.push_back(static_cast<std::int32_t>(std::clamp<double>(code, format.low, format.high)));
  }
  return codes;
}

Format output_format(const Signal& signal, const Seen& values, bool is_result, const SumFacts& sums,
                     const Options& options) {
  if (signal.quantiser) return model_format(*signal.quantiser, options, where(signal));
  const int bits =
      is_result ? std::max(options.activation_bits, options.output_bits) : options.activation_bits;
  Format format = full_format(bits, signal.low != 0);
  const Method method = is_result ? Method::kMax : options.method;
  const double range = values.empty() ? std::min(sums.greatest, std::max(signal.high, -signal.low))
                                      : range_of(values, bits, method, options.percentile);
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
