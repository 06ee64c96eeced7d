#include "quant/calibrate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/error.hpp"
#include "nn/op_support.hpp"
#include "nn/reference.hpp"

namespace quant {

namespace {

// Values that are looked at of the samples that run at once, and how many those may be: it bounds
// the memory, and a matrix is not read for every few of them.
constexpr std::int64_t kValues = std::int64_t{1} << 22;
constexpr std::int64_t kMostSamples = 512;
constexpr int kCandidates = 100;  // clips that are tried

// Rows of the input's shape that the data fill, and the elements of one.
struct Rows {
  std::int64_t count = 0;
  std::int64_t elements = 1;
  std::int64_t batch = 1;  // rows that the model wants at once; the interpreter fills the last
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

// The input's rows of all inputs, which bring as many each.
std::vector<Rows> rows_of(const nn::Graph& graph, const std::vector<nn::Array>& samples) {
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
  return rows;
}

// see(tap, its elements of one sample), for all taps and `count` rows of the inputs. Rows are
// samples, unless samples are columns: then several make one, and the tap is all of it.
template <class F>
void show(const nn::Graph& graph, const std::vector<Tap>& taps,
          const std::vector<nn::Array>& values, std::int64_t count, F&& see) {
  for (std::size_t t = 0; t < taps.size(); ++t) {
    const std::size_t row = values[t].size() / static_cast<std::size_t>(count);
    const auto first = static_cast<std::size_t>(taps[t].first);
    const auto elements = static_cast<std::size_t>(taps[t].count);
    const std::size_t stride = row >= first + elements ? row : elements;
    Eigen::VectorXd x(taps[t].count);
    for (std::size_t at = first; at + elements <= values[t].size(); at += stride) {
      values[t].visit([&](const auto& list) {
        for (std::size_t i = 0; i < elements; ++i)
          x[static_cast<Eigen::Index>(i)] = static_cast<double>(list[at + i]);
      });
      if (!x.allFinite())
        base::fail(base::Code::kNotFinite, "calibration meets a value that is not a finite number",
                   fmt::format("value \"{}\"", graph.value(taps[t].value).name),
                   "look in data.calibration for values that are no numbers, or far too large");
      see(t, x);
    }
  }
}

// The same for all samples, a few at a time.
template <class F>
void stream(const nn::Graph& graph, const std::vector<nn::Array>& samples,
            const std::vector<Tap>& taps, F&& see) {
  const std::vector<Rows> rows = rows_of(graph, samples);
  std::vector<nn::ValueId> values;
  std::int64_t elements = 1;
  for (const Tap& tap : taps) {
    values.push_back(tap.value);
    elements += tap.count;
  }
  const std::int64_t batch = rows.front().batch;
  const std::int64_t together = std::clamp<std::int64_t>(kValues / elements, 1, kMostSamples);
  const std::int64_t step = std::max<std::int64_t>(1, together / batch) * batch;
  for (std::int64_t first = 0; first < rows.front().count; first += step) {
    const std::int64_t count = std::min(step, rows.front().count - first);
    std::vector<nn::Array> inputs;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const nn::Value& input = graph.value(graph.inputs[i]);
      inputs.push_back(nn::convert(part(input, samples[i], rows[i], first, count), input.dtype));
    }
    show(graph, taps, nn::run_to(graph, inputs, values), count, see);
  }
}

}  // namespace

double Ranges::greatest() const {
  return empty() ? 0.0 : std::max(high.maxCoeff(), -low.minCoeff());
}

void Histogram::add(double magnitude) {
  if (magnitude == 0) {
    ++zeros_;
    return;
  }
  if (bins_.empty()) {
    bins_.resize(kBins, 0);
    width_ = std::max(magnitude / (kBins - 1), std::numeric_limits<double>::min());
  }
  for (; magnitude >= kBins * width_; width_ *= 2) {
    for (std::size_t i = 0; i < kBins / 2; ++i) bins_[i] = bins_[2 * i] + bins_[2 * i + 1];
    std::fill(bins_.begin() + kBins / 2, bins_.end(), 0);
  }
  ++bins_[static_cast<std::size_t>(magnitude / width_)];
}

std::int64_t Histogram::count() const {
  return std::accumulate(bins_.begin(), bins_.end(), zeros_);
}

double Histogram::percentile(double percentile) const {
  // Less a trifle: 99.9 % of 1000 is 999, though not in binary.
  const double wanted = std::ceil(percentile / 100.0 * static_cast<double>(count()) - 1e-6);
  std::int64_t below = zeros_;
  std::size_t bin = 0;
  for (; bin < bins_.size() && static_cast<double>(below) < wanted; ++bin) below += bins_[bin];
  return static_cast<double>(bin) * width_;
}

double Histogram::square_error(double clip, double steps) const {
  const double scale = clip / steps;
  double sum = 0;
  for (std::size_t i = 0; i < bins_.size(); ++i) {
    if (bins_[i] == 0) continue;
    const double x = (static_cast<double>(i) + 0.5) * width_;
    const double error = x - scale * std::min(steps, std::floor(x / scale + 0.5));
    sum += static_cast<double>(bins_[i]) * error * error;
  }
  return sum;
}

double Histogram::least_square_clip(double greatest, double steps) const {
  double best = greatest;
  double least = square_error(greatest, steps);
  for (int i = kCandidates - 1; i > 0; --i) {
    const double clip = greatest * i / kCandidates;
    const double error = square_error(clip, steps);
    if (error < least) {
      least = error;
      best = clip;
    }
  }
  return best;
}

std::vector<Seen> observe(const nn::Graph& graph, const std::vector<nn::Array>& samples,
                          const std::vector<Look>& looks) {
  std::vector<Seen> result(looks.size());
  std::vector<double> count(looks.size(), 0.0);
  std::vector<Tap> taps;
  for (const Look& look : looks) taps.push_back(look.tap);
  stream(graph, samples, taps, [&](std::size_t at, Eigen::VectorXd& x) {
    if (looks[at].unit.size() > 0) x.array() /= looks[at].unit.array();
    Ranges& ranges = result[at].ranges;
    if (ranges.empty()) ranges = {x, x, 0 * x, 0 * x};
    ranges.low = ranges.low.cwiseMin(x);
    ranges.high = ranges.high.cwiseMax(x);
    const Eigen::VectorXd off = x - ranges.mean;
    ranges.mean += off / ++count[at];
    ranges.variance += off.cwiseProduct(x - ranges.mean);  // their sum, until all are seen
    for (const double value : x) result[at].histogram.add(std::abs(value));
  });
  for (std::size_t at = 0; at < looks.size(); ++at) result[at].ranges.variance /= count[at];
  return result;
}

}  // namespace quant
