// The PE's registers, tick by tick. Rules: contracts of the neurons in rtl/README.md.
#include <algorithm>
#include <bit>

#include "units/pe/pe.hpp"

namespace units {

namespace {

std::vector<std::int32_t> crossbar_rows(const PeConfig& config, const PeContent& content) {
  std::vector<std::int32_t> rows;
  rows.reserve(static_cast<std::size_t>(config.rows) *
               static_cast<std::size_t>(config.crossbar_cols()));
  for (int r = 0; r < config.rows; ++r) {
    for (int c = 0; c < config.cols; ++c)
      rows.push_back(config.is_paired() ? std::max<std::int32_t>(content.weights(r, c), 0)
                                        : content.weights(r, c));
    if (!config.is_paired()) continue;
    for (int c = 0; c < config.cols; ++c) rows.push_back(std::max(-content.weights(r, c), 0));
  }
  return rows;
}

}  // namespace

PeEmulator::PeEmulator(const PeConfig& config, const PeContent& content)
    : config_(config),
      content_(content),
      rows_(crossbar_rows(config, content)),
      membrane_(static_cast<std::size_t>(config.cols), 0),
      second_(static_cast<std::size_t>(config.cols), 0),
      debt_(static_cast<std::size_t>(config.cols), 0),
      window_(window_ticks(config.train, config.activation_bits)) {}

std::vector<std::int32_t> PeEmulator::sums(std::span<const std::uint64_t> spikes,
                                           std::span<const std::int32_t> above) const {
  const auto columns = static_cast<std::size_t>(config_.crossbar_cols());
  std::vector<std::int32_t> sums(columns, 0);
  if (!above.empty()) std::copy(above.begin(), above.end(), sums.begin());
  for (std::size_t w = 0; w < spikes.size(); ++w) {
    for (std::uint64_t rest = spikes[w]; rest != 0; rest &= rest - 1) {
      const std::size_t row = w * 64 + static_cast<std::size_t>(std::countr_zero(rest));
      const std::int32_t* weights = &rows_[row * columns];
      for (std::size_t c = 0; c < columns; ++c) sums[c] += weights[c];
    }
  }
  return sums;
}

void PeEmulator::step(std::span<const std::int32_t> sums, bool win,
                      std::span<std::uint64_t> spikes_out) {
  std::fill(spikes_out.begin(), spikes_out.end(), 0);
  if (win) position_ = 0;
  const auto cols = static_cast<std::size_t>(config_.cols);
  for (std::size_t c = 0; c < cols; ++c) {
    bool spike = false;
    if (config_.is_paired())
      spike = step_paired(c, sums[c], sums[cols + c], win);
    else if (config_.neuron == config::Neuron::kSigned)
      spike = step_signed(c, sums[c], win);
    else if (config_.train == config::Train::kBinary)
      spike = step_exact_binary(c, sums[c], win);
    else
      spike = step_exact_rate(c, sums[c], win);
    spikes_out[c / 64] |= std::uint64_t{spike} << (c % 64);
  }
  position_ = (position_ + 1) % window_;
}

// What an exact neuron divides: the sum of the window before, no more than leaves the column's top.
std::int64_t PeEmulator::dividend_of(std::size_t c) const {
  const std::int64_t sum = std::max<std::int64_t>(membrane_[c], 0);
  if (!config_.has_tops) return sum;
  return std::min(sum, (content_.top[c] + 1) * content_.threshold[c] - 1);
}

// Whether the quotient that leaves `rest` beside a last threshold lay halfway between two values:
// the offset holds half a threshold, so such a sum divides evenly.
bool PeEmulator::is_tie(std::size_t c, std::int64_t rest) const {
  return config_.half_even && rest == 0 && content_.threshold[c] % 2 == 0;
}

// Horner over the window's bits, most significant first; the offset's low n-1 bits enter one a tick
// in the place that doubling leaves free. Beside it the restoring division of the window before.
bool PeEmulator::step_exact_binary(std::size_t c, std::int64_t sum, bool win) {
  const int low_bits = config_.activation_bits - 1;
  std::int64_t& remainder = second_[c];
  const std::int64_t dividend = win ? dividend_of(c) : remainder;
  const std::int64_t divisor = content_.threshold[c] << low_bits;
  const bool bit = dividend >= divisor;
  const bool cleared = position_ == low_bits && is_tie(c, dividend - divisor);
  // Once the remainder is two divisors or more, every further bit is one: clamping keeps that so.
  remainder = std::min(2 * (bit ? dividend - divisor : dividend), 2 * divisor);
  const std::int64_t offset = content_.offset[c];
  const std::int64_t doubled =
      win ? offset >> low_bits : 2 * membrane_[c] + ((offset >> (low_bits - position_)) & 1);
  membrane_[c] = doubled + sum;
  return bit && !cleared;
}

// h = offset + sum over the window; in the next one a spike a tick while a threshold is left, but
// not on the last tick: at most 2^n - 1 spikes. Spikes at even positions make the count odd.
bool PeEmulator::step_exact_rate(std::size_t c, std::int64_t sum, bool win) {
  std::int64_t& remainder = second_[c];
  if (win) remainder = dividend_of(c);
  const bool fires = remainder >= content_.threshold[c] && position_ != window_ - 1;
  if (fires) remainder -= content_.threshold[c];
  membrane_[c] = (win ? content_.offset[c] : membrane_[c]) + sum;
  return fires && !(position_ % 2 == 0 && is_tie(c, remainder));
}

// The part of a bias that the coming tick of a window adds: even shares, the remainder spread by a
// bit-reversed counter. Added all at once it would fire spikes that a falling membrane cannot take
// back.
std::int64_t PeEmulator::bias_share(std::int64_t bias) const {
  int turn = 0;
  for (int b = 0; b < config_.activation_bits; ++b)
    turn |= ((position_ >> b) & 1) << (config_.activation_bits - 1 - b);
  const std::int64_t rest = bias & ((std::int64_t{1} << config_.activation_bits) - 1);
  return (bias >> config_.activation_bits) + (turn < rest ? 1 : 0);
}

bool PeEmulator::step_signed(std::size_t c, std::int64_t sum, bool win) {
  std::int64_t& membrane = membrane_[c];
  const std::int64_t threshold = content_.threshold[c];
  membrane = (win ? threshold / 2 : membrane) + sum + bias_share(content_.offset[c]);
  if (membrane < threshold) return false;
  membrane -= threshold;
  return true;
}

bool PeEmulator::step_paired(std::size_t c, std::int64_t plus, std::int64_t minus, bool win) {
  const std::int64_t threshold = content_.threshold[c];
  const std::int64_t share = bias_share(content_.offset[c]);
  membrane_[c] = (win ? threshold / 2 : membrane_[c]) + plus + std::max<std::int64_t>(share, 0);
  second_[c] = (win ? 0 : second_[c]) + minus + std::max<std::int64_t>(-share, 0);
  if (win) debt_[c] = 0;
  const bool up = membrane_[c] >= content_.threshold[c];
  const bool down = second_[c] >= content_.threshold[c];
  if (up) membrane_[c] -= content_.threshold[c];
  if (down) second_[c] -= content_.threshold[c];
  if (up == down) return false;
  if (down) {
    ++debt_[c];
    return false;
  }
  if (debt_[c] == 0) return true;
  --debt_[c];
  return false;
}

}  // namespace units
