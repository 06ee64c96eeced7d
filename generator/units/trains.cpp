#include "units/trains.hpp"

#include <algorithm>

namespace units {

namespace {

int bit_reverse(int value, int bits) {
  int reversed = 0;
  for (int i = 0; i < bits; ++i) reversed |= ((value >> i) & 1) << (bits - 1 - i);
  return reversed;
}

}  // namespace

int window_ticks(config::Train train, int activation_bits) {
  return train == config::Train::kBinary ? activation_bits : 1 << activation_bits;
}

int neuron_latency(config::Neuron neuron, config::Train train, int activation_bits) {
  return neuron == config::Neuron::kExact ? window_ticks(train, activation_bits) + 1 : 1;
}

void Trains::merge(std::size_t tick, int at, const Trains& from, std::size_t from_tick, int first,
                   int count) {
  const std::uint64_t* source = &from.bits_[from_tick * from.words_];
  std::uint64_t* target = &bits_[tick * words_];
  while (count > 0) {
    // The longest run that stays within one word on both sides.
    const int run = std::min({count, 64 - first % 64, 64 - at % 64});
    const std::uint64_t mask = run == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << run) - 1;
    target[at / 64] |= ((source[first / 64] >> (first % 64)) & mask) << (at % 64);
    first += run;
    at += run;
    count -= run;
  }
}

quant::IntegerBatch to_lanes(const quant::IntegerBatch& values, bool is_signed) {
  if (!is_signed) return values;
  quant::IntegerBatch lanes(values.rows(), 2 * values.cols());
  lanes << values.cwiseMax(0), (-values).cwiseMax(0);
  return lanes;
}

quant::IntegerBatch from_lanes(const quant::IntegerBatch& lanes, bool is_signed) {
  if (!is_signed) return lanes;
  const Eigen::Index elements = lanes.cols() / 2;
  return lanes.leftCols(elements) - lanes.rightCols(elements);
}

Trains encode(const quant::IntegerBatch& lanes, config::Train train, int activation_bits) {
  const int window = window_ticks(train, activation_bits);
  const int count = static_cast<int>(lanes.cols());
  Trains trains(count, static_cast<std::size_t>(lanes.rows() * window));
  for (Eigen::Index sample = 0; sample < lanes.rows(); ++sample) {
    for (int t = 0; t < window; ++t) {
      const auto tick = static_cast<std::size_t>(sample * window + t);
      const int level = bit_reverse(t, activation_bits);
      for (int lane = 0; lane < count; ++lane) {
        const int x = lanes(sample, lane);
        const bool spike =
            train == config::Train::kBinary ? (x >> (activation_bits - 1 - t)) & 1 : level < x;
        if (spike) trains.set(tick, lane);
      }
    }
  }
  return trains;
}

quant::IntegerBatch decode(const Trains& trains, config::Train train, int activation_bits) {
  const auto window = static_cast<std::size_t>(window_ticks(train, activation_bits));
  const int highest = (1 << activation_bits) - 1;
  quant::IntegerBatch values(static_cast<Eigen::Index>(trains.ticks() / window), trains.lanes());
  for (Eigen::Index sample = 0; sample < values.rows(); ++sample) {
    for (int lane = 0; lane < trains.lanes(); ++lane) {
      int value = 0;
      for (std::size_t t = 0; t < window; ++t) {
        const bool spike = trains.get(static_cast<std::size_t>(sample) * window + t, lane);
        value =
            train == config::Train::kBinary ? 2 * value + spike : std::min(value + spike, highest);
      }
      values(sample, lane) = value;
    }
  }
  return values;
}

}  // namespace units
