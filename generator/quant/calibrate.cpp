#include "quant/calibrate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "nn/op_support.hpp"
#include "nn/reference.hpp"

namespace quant {

namespace {

constexpr std::int64_t kBatch = 1024;                // samples run at once: bounds the memory
constexpr std::size_t kKept = std::size_t{1} << 17;  // values of a tap
constexpr int kCandidates = 100;                     // clips that kMse tries

// Rows of the input's shape that the data fill, and the elements of one.
struct Rows {
  std::int64_t count = 0;
  std::int64_t elements = 1;
  std::int64_t batch = 1;  // rows that the model wants at once; nn::run_all() fills the last
};

Rows rows_of(const nn::Value& input, const nn::Array& samples) {
  const auto fail = [&] {
    base::fail(base::Code::kCalibrationShape,
               fmt::format("calibration data of shape {} do not fit input \"{}\" of shape {}",
                           nn::to_string(samples.shape), input.name, nn::to_string(input.shape)),
               "data.calibration", "give samples with as many elements as the model's input");
  };
  Rows rows;
  if (input.shape.empty() || samples.shape.empty()) fail();
  for (std::size_t i = 1; i < input.shape.size(); ++i) {
    const bool known = input.shape[i] != nn::kUnknown;
    if (!known && i >= samples.shape.size()) fail();
    rows.elements *= known ? input.shape[i] : samples.shape[i];
  }
  const std::int64_t total = nn::element_count(samples.shape);
  rows.batch = std::max<std::int64_t>(1, input.shape[0]);
  if (rows.elements <= 0 || total % rows.elements != 0) fail();
  rows.count = total / rows.elements;
  const std::int64_t sample = total / samples.shape[0];
  const std::int64_t together = rows.elements * rows.batch;
  if (rows.count == 0 || (sample % rows.elements != 0) ||
      (sample != rows.elements && together % sample != 0))
    fail();
  return rows;
}

nn::Array part(const nn::Value& input, const nn::Array& samples, const Rows& rows,
               std::int64_t first, std::int64_t count) {
  nn::Shape shape = input.shape;
  shape[0] = count;
  for (std::size_t i = 1; i < shape.size(); ++i)
    if (shape[i] == nn::kUnknown) shape[i] = samples.shape[i];
  std::vector<float> values(static_cast<std::size_t>(count * rows.elements));
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<float>(samples.at(static_cast<std::size_t>(first * rows.elements) + i));
  return nn::Array::of_floats(std::move(shape), std::move(values));
}

// Adds the elements of the tap, of `samples` samples.
void append(Seen& seen, const nn::Array& more, std::int64_t samples, const Tap& tap,
            const nn::Value& value) {
  const std::size_t count = more.size();
  const std::size_t stride = count / static_cast<std::size_t>(samples);
  const auto first = static_cast<std::size_t>(tap.first);
  const std::size_t taken = std::min(static_cast<std::size_t>(tap.count), stride - first);
  for (std::size_t start = 0; start < count; start += stride)
    for (std::size_t i = start + first; i < start + first + taken; ++i) {
      const double x = more.at(i);
      if (!std::isfinite(x))
        base::fail(base::Code::kNotFinite, "calibration meets a value that is not a finite number",
                   fmt::format("value \"{}\"", value.name),
                   "look in data.calibration for values that are no numbers, or far too large");
      seen.add(static_cast<float>(x));
    }
}

double percentile_of(std::span<const float> values, double percentile) {
  std::vector<float> magnitudes(values.size());
  std::ranges::transform(values, magnitudes.begin(), [](float x) { return std::abs(x); });
  // Less a trifle: 99.9 % of 1000 is 999, though not in binary.
  const double place =
      std::ceil(percentile / 100.0 * static_cast<double>(values.size()) - 1e-6) - 1;
  const auto nth = magnitudes.begin() + static_cast<std::ptrdiff_t>(std::max(0.0, place));
  std::ranges::nth_element(magnitudes, nth);
  return *nth;
}

double square_error(std::span<const float> values, double clip, double steps) {
  const double scale = clip / steps;
  double sum = 0;
  for (const float value : values) {
    const double x = std::abs(value);
    const double error = x - scale * std::min(steps, std::floor(x / scale + 0.5));
    sum += error * error;
  }
  return sum;
}

double least_square_clip(const Seen& seen, int bits) {
  const double most = seen.greatest();
  const double steps = std::ldexp(1.0, bits) - 1;
  double best = most;
  double least = square_error(seen.kept(), most, steps);
  for (int i = kCandidates - 1; i > 0; --i) {
    const double clip = most * i / kCandidates;
    const double error = square_error(seen.kept(), clip, steps);
    if (error < least) {
      least = error;
      best = clip;
    }
  }
  return best;
}

}  // namespace

Seen::Seen(std::size_t total, int count)
    : stride_(std::max<std::size_t>(1, (total + kKept - 1) / kKept)),
      low_(Eigen::VectorXd::Constant(count, std::numeric_limits<double>::infinity())),
      high_(-low_) {
  kept_.reserve(total / stride_ + 1);
}

Seen::Seen(std::span<const float> values, int count) : Seen(values.size(), count) {
  for (const float value : values) add(value);
}

void Seen::add(float value) {
  const auto element = static_cast<Eigen::Index>(taken_) % low_.size();
  low_[element] = std::min<double>(low_[element], value);
  high_[element] = std::max<double>(high_[element], value);
  if (taken_++ % stride_ == 0) kept_.push_back(value);
}

double Seen::greatest() const {
  return empty() ? 0.0 : std::max(high_.maxCoeff(), -low_.minCoeff());
}

std::vector<Seen> observe(const nn::Graph& graph, const std::vector<nn::Array>& samples,
                          const std::vector<Tap>& taps) {
  if (samples.size() != graph.inputs.size())
    base::fail(base::Code::kCalibrationShape,
               fmt::format("calibration data for {} inputs; the model has {}", samples.size(),
                           graph.inputs.size()),
               "data.calibration", "give samples of every input");
  std::vector<Rows> rows;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    rows.push_back(rows_of(graph.value(graph.inputs[i]), samples[i]));
    if (rows.back().count != rows.front().count)
      base::fail(base::Code::kCalibrationShape, "the inputs bring different numbers of samples",
                 "data.calibration", "give as many samples of every input");
  }
  const std::int64_t step =
      std::max<std::int64_t>(1, kBatch / rows.front().batch) * rows.front().batch;
  std::vector<Seen> result;
  for (const Tap& tap : taps)
    result.emplace_back(static_cast<std::size_t>(rows.front().count * tap.count), tap.count);
  for (std::int64_t first = 0; first < rows.front().count; first += step) {
    const std::int64_t count = std::min(step, rows.front().count - first);
    std::vector<nn::Array> batch;
    for (std::size_t i = 0; i < samples.size(); ++i)
      batch.push_back(
          nn::convert(part(graph.value(graph.inputs[i]), samples[i], rows[i], first, count),
                      graph.value(graph.inputs[i]).dtype));
    const auto values = nn::run_all(graph, batch);
    for (std::size_t i = 0; i < taps.size(); ++i)
      append(result[i], values[taps[i].value.index()], count, taps[i], graph.value(taps[i].value));
  }
  return result;
}

Features features_of(const Seen& seen) {
  Features features{seen.low(), seen.high() - seen.low(), seen.greatest(), 0.0};
  std::vector<double> spans;
  for (const double span : features.span)
    if (span > 0) spans.push_back(span);
  if (spans.empty()) return features;
  std::ranges::nth_element(spans, spans.begin() + static_cast<std::ptrdiff_t>(spans.size() / 2));
  features.middle = spans[spans.size() / 2];
  const double widest = features.span.maxCoeff();
  for (double& span : features.span)
    if (span == 0) span = widest;
  return features;
}

double range_of(const Seen& seen, int bits, Method method, double percentile) {
  if (seen.greatest() == 0) return 1.0;
  if (method == Method::kMse) return least_square_clip(seen, bits);
  const double most =
      method == Method::kPercentile ? percentile_of(seen.kept(), percentile) : seen.greatest();
  return most > 0 ? most : seen.greatest();
}

}  // namespace quant
