#include "units/kind.hpp"

#include <algorithm>
#include <cmath>

#include "units/table/bench.hpp"
#include "units/table/unit.hpp"

namespace units {

namespace {

enum class Function { kRandom, kSigmoid, kTanh, kLeakyRelu, kHardSwish };

constexpr double kReach = 4.0;   // what the greatest code that comes in stands for
constexpr double kLeak = 0.125;  // slope of a leaky ReLU below 0

// Of x, as a part of the greatest magnitude that it has within the reach.
double part_of(Function function, double x) {
  switch (function) {
    case Function::kSigmoid:
      return (1 + std::exp(-kReach)) / (1 + std::exp(-x));
    case Function::kTanh:
      return std::tanh(x) / std::tanh(kReach);
    case Function::kLeakyRelu:
      return (x < 0 ? kLeak * x : x) / kReach;
    default:
      return x * std::clamp(x / 6 + 0.5, 0.0, 1.0) / kReach;
  }
}

// Of a code's place in the table.
double argument_of(const TableConfig& config, std::size_t place) {
  const std::size_t codes = std::size_t{1} << config.input_bits;
  const double x = kReach * static_cast<double>(place % codes) / static_cast<double>(codes - 1);
  return place < codes ? x : -x;
}

std::vector<std::int32_t> values_of(const TableConfig& config, Function function,
                                    std::uint64_t seed) {
  const std::size_t codes = std::size_t{1} << config.input_bits;
  const std::int32_t most = (1 << config.output_bits) - 1;
  const std::int32_t least = config.signed_output ? -most : 0;
  base::Rng rng(seed);
  std::vector<std::int32_t> values(codes * (config.signed_input ? 2 : 1));
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = function == Function::kRandom
                    ? static_cast<std::int32_t>(rng.between(least, most))
                    : std::max(least, static_cast<std::int32_t>(std::lround(
                                          most * part_of(function, argument_of(config, i)))));
  if (config.signed_input) values[codes] = values[0];
  return values;
}

TableConfig config_of(const Settings& settings, std::uint64_t seed) {
  TableConfig config;
  config.channels = settings.at("channels");
  config.train = static_cast<config::Train>(settings.at("train"));
  config.input_bits = settings.at("input_bits");
  config.output_bits = settings.at("output_bits");
  config.activation_bits = std::max(config.input_bits, config.output_bits) + settings.at("zeros");
  config.signed_input = settings.at("input") == 1;
  config.signed_output = settings.at("output") == 1;
  config.values = values_of(config, static_cast<Function>(settings.at("function")), seed);
  return config;
}

// Some windows at least, however long they are.
Alone table_alone(const Settings& settings, const config::Spec& spec) {
  const TableConfig config = config_of(settings, spec.simulate.seed);
  TableModel model(config);
  const int clocks = std::max(3000, 6 * window_ticks(config.train, config.activation_bits));
  return clocked_alone("table", TableUnit(config), settings, model, spec.simulate.seed, clocks);
}

}  // namespace

std::vector<Kind> table_kinds() {
  const std::vector<std::string> signs{"unsigned", "signed"};
  return {{.name = "table",
           .doc = "a function of every channel's value, as an exact table",
           .settings = {{"channels", "of the stream", 16, 1, 1024},
                        {"function",
                         "of codes that reach to 4; random: from the seed",
                         1,
                         0,
                         4,
                         {"random", "sigmoid", "tanh", "leaky_relu", "hard_swish"}},
                        {"train", "how a window carries a value", 0, 0, 1, {"binary", "rate"}},
                        {"input_bits", "of a magnitude that comes in", 6, 1, 10},
                        {"output_bits", "of a magnitude that goes out", 6, 1, 10},
                        {"zeros", "leading zeros of a window", 0, 0, 4},
                        {"input", "codes that come in", 0, 0, 1, signs},
                        {"output", "values that go out", 0, 0, 1, signs}},
           .bench = "fpsa_tb_unit",
           .alone = table_alone}};
}

}  // namespace units
