#include "app/scale_hint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "nn/reference.hpp"
#include "quant/draft.hpp"

namespace app {

namespace {

constexpr double kLeastPixel = 100;
constexpr double kGreatestPixel = 65535;
constexpr std::int64_t kLooked = 64;      // samples
constexpr double kOrdinarySpread = 200;   // of a classifier's outputs
constexpr double kSaturatedShare = 0.25;  // of the values above 0

// The full scale of a camera or a file format: 2^n - 1, 8 bits at least.
double full_scale(double greatest) {
  double top = 255;
  while (top < greatest) top = 2 * top + 1;
  return top;
}

std::vector<nn::Array> first_samples(std::vector<nn::Array> inputs) {
  for (nn::Array& input : inputs) {
    input.shape[0] = std::min(input.shape[0], kLooked);
    input.floats().resize(static_cast<std::size_t>(nn::element_count(input.shape)));
  }
  return inputs;
}

// The middle one of the differences between a sample's greatest and least output.
double median_spread(const nn::Array& outputs, std::int64_t samples) {
  const std::vector<double> values =
      outputs.visit([](const auto& list) { return std::vector<double>(list.begin(), list.end()); });
  const auto width = static_cast<std::ptrdiff_t>(values.size()) / samples;
  std::vector<double> spreads;
  for (auto row = values.begin(); row != values.end(); row += width) {
    const auto [least, most] = std::minmax_element(row, row + width);
    spreads.push_back(*most - *least);
  }
  const auto middle = spreads.begin() + static_cast<std::ptrdiff_t>(spreads.size() / 2);
  std::ranges::nth_element(spreads, middle);
  return *middle;
}

std::string spread_evidence(const nn::Graph& graph, const quant::Signal& last,
                            const std::vector<nn::Array>& inputs) {
  if (last.count < 2) return {};
  const nn::Array outputs = nn::run_all(graph, inputs).at(last.tap.value.index());
  const double spread = median_spread(outputs, inputs.front().shape[0]);
  if (!(spread > kOrdinarySpread)) return {};
  return fmt::format("the outputs differ by {:.0f}, which is unusual for a classifier", spread);
}

std::string saturation_evidence(const quant::Signal& input, const nn::Array& inputs) {
  const double end =
      input.quantiser->step * static_cast<double>(input.quantiser->high - input.quantiser->zero);
  std::size_t above = 0;
  std::size_t beyond = 0;
  for (const float x : inputs.floats()) {
    above += x > 0;
    beyond += x > 0 && input.encoding.gain[0] * x + input.encoding.offset[0] > end;
  }
  const double share =
      static_cast<double>(beyond) / static_cast<double>(std::max<std::size_t>(1, above));
  if (share < kSaturatedShare) return {};
  return fmt::format("{:.0f} % of those above 0 lie beyond {:.4g}, where the model's input ends",
                     100 * share, end);
}

}  // namespace

std::optional<PixelFinding> pixel_finding(const nn::Graph& graph,
                                          const std::vector<nn::Array>& inputs, std::size_t which) {
  const std::vector<float>& values = inputs[which].floats();
  const bool whole =
      std::ranges::all_of(values, [](float x) { return x >= 0 && x == std::floor(x); });
  const double greatest = values.empty() ? 0 : *std::ranges::max_element(values);
  if (!whole || greatest < kLeastPixel || greatest > kGreatestPixel) return {};
  const quant::Draft draft = quant::draft_of(graph);
  const quant::Signal& input = draft.signals[draft.inputs[which]];
  const quant::Signal& last = draft.signals[draft.results.front().piece.signal];
  const std::vector<nn::Array> first = first_samples(inputs);
  return PixelFinding{greatest, 1 / full_scale(greatest),
                      input.quantiser && !input.quantiser->bipolar
                          ? saturation_evidence(input, first[which])
                          : spread_evidence(graph, last, first)};
}

}  // namespace app
