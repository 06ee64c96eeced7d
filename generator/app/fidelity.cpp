#include "app/fidelity.hpp"

#include <algorithm>
#include <cmath>

#include "core/integer.hpp"
#include "nn/reference.hpp"
#include "quant/batch.hpp"
#include "quant/draft.hpp"

namespace app {

namespace {

constexpr std::int64_t kLooked = 128;  // samples: enough for a ratio of powers

std::vector<nn::Array> first_samples(std::vector<nn::Array> samples) {
  for (nn::Array& input : samples) {
    input.shape[0] = std::min(input.shape[0], kLooked);
    const auto size = static_cast<std::size_t>(nn::element_count(input.shape));
    input.visit([size](auto& data) { data.resize(size); });
  }
  return samples;
}

// What the float network makes of a value at the end of `signal`.
double formatted(double x, const quant::Signal& signal) {
  if (!signal.quantiser) return x;
  const quant::Quantiser& q = *signal.quantiser;
  const double code = std::nearbyint(x / q.step) + static_cast<double>(q.zero);
  return q.step * (std::clamp(code, static_cast<double>(q.low), static_cast<double>(q.high)) -
                   static_cast<double>(q.zero));
}

double decibels(const nn::Array& real, const quant::Signal& from, const quant::IntegerBatch& codes,
                const quant::Tensor& tensor) {
  const auto stride = static_cast<Eigen::Index>(real.size()) / codes.rows();
  const auto step = [&](Eigen::Index e) {
    const double unit = tensor.unit.empty() ? 1.0 : tensor.unit[static_cast<std::size_t>(e)];
    return unit * tensor.format.scale / from.output_gain;
  };
  double signal = 0;
  double noise = 0;
  for (Eigen::Index s = 0; s < codes.rows(); ++s)
    for (Eigen::Index e = 0; e < codes.cols(); ++e) {
      const double x =
          formatted(real.at(static_cast<std::size_t>(s * stride + from.tap.first + e)), from);
      signal += x * x;
      const double lost = x - step(e) * codes(s, e);
      noise += lost * lost;
    }
  constexpr double kMost = 200;  // no noise at all
  return noise > 0 && signal > 0 ? std::min(kMost, 10 * std::log10(signal / noise)) : kMost;
}

}  // namespace

std::map<std::string, double> sqnr_of(const nn::Graph& graph, const quant::Network& network,
                                      const std::vector<nn::Array>& samples) {
  const std::vector<nn::Array> first = first_samples(samples);
  const quant::Draft draft = quant::draft_of(graph);
  const std::vector<nn::Array> real = nn::run_all(graph, first);
  const auto integer = core::run_integer(network, quant::encode_inputs(network, first));
  std::map<std::string, quant::TensorId> tensors;
  for (const quant::Layer& layer : network.layers) tensors[layer.name] = layer.output;
  std::map<std::string, double> found;
  for (const quant::Signal& signal : draft.signals) {
    const auto tensor = tensors.find(signal.name);
    if (signal.is_input() || signal.dissolved || signal.merge || tensor == tensors.end()) continue;
    if (signal.quantiser && signal.quantiser->bipolar) continue;
    if (!signal.tap.value.valid()) continue;  // the graph does not have it
    const quant::IntegerBatch& codes = integer.tensors[tensor->second];
    if (codes.cols() != signal.count || signal.tap.count != signal.count) continue;
    found[signal.name] =
        decibels(real[signal.tap.value.index()], signal, codes, network.tensors[tensor->second]);
  }
  return found;
}

}  // namespace app
