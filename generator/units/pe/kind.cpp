#include "units/kind.hpp"

#include "units/pe/bench.hpp"

namespace units {

namespace {

constexpr int kWindows = 12;

// A PE by itself: membrane and thresholds wide enough for any weights, inputs and a bias as large
// again.
PeConfig stand_alone(const config::Pe& spec) {
  PeConfig config;
  config.rows = spec.rows;
  config.cols = spec.cols;
  config.weight_bits = spec.weight_bits;
  config.activation_bits = spec.activation_bits;
  config.crossbar = spec.crossbar;
  config.neuron = spec.neuron;
  config.train = spec.train;
  config.has_tops = spec.top == config::Top::kLoaded;
  config.half_even = spec.rounding == config::Rounding::kHalfEven;
  const std::int64_t bias = membrane_bound(config, 0) - 1;
  // A threshold past twice the largest sum of a tick would keep outputs below half of their range.
  const std::int64_t threshold = (std::int64_t{1} << sum_bits(config, config.rows)) - 1;
  return with_widths(config, bias, threshold);
}

Alone pe_alone(const Settings&, const config::Spec& spec) {
  const PeConfig config = stand_alone(spec.pe);
  const PeContent content = random_content(config, spec.simulate.seed);
  const PeBench bench =
      make_bench(config, content, module_name(config), kWindows, spec.simulate.seed);
  return {structure(config),
          {{"tb_params.vh", bench.parameters},
           {"vectors/load.mem", bench.load},
           {"vectors/stimulus.mem", bench.stimulus},
           {"vectors/expected.mem", bench.expected}},
          {{"rows", config.rows},
           {"cols", config.cols},
           {"weight_bits", config.weight_bits},
           {"activation_bits", config.activation_bits},
           {"accumulator_bits", config.accumulator_bits},
           {"threshold_bits", config.threshold_bits}}};
}

}  // namespace

std::vector<Kind> pe_kinds() {
  return {{.name = "pe",
           .doc = "the spiking PE: a crossbar and its neurons",
           .section = "pe",
           .settings = {},
           .bench = "fpsa_tb_pe",
           .idles = true,
           .alone = pe_alone}};
}

}  // namespace units
