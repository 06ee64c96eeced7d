// Values and windows of the memory block, from the rules of trains alone.
#include <algorithm>

#include "units/smb/smb.hpp"

namespace units {

namespace {

std::int64_t ceiling(int bits) { return (std::int64_t{1} << bits) - 1; }

std::int64_t word_of(const base::Bits& bus, std::size_t lane, int bits) {
  std::int64_t value = 0;
  for (int b = bits - 1; b >= 0; --b)
    value =
        2 * value + bus.get(lane * static_cast<std::size_t>(bits) + static_cast<std::size_t>(b));
  return value;
}

// A binary train is a number in base two; of a rate train the spikes count.
std::int64_t train_of(const BusWindow& window, std::size_t lane, const SmbSide& side, int bits) {
  std::int64_t value = 0;
  for (const base::Bits& bus : window)
    value = (side.code == BusCode::kBinary ? 2 * value : value) + bus.get(lane);
  return std::min(value, ceiling(bits));
}

// Whether the train of `value` spikes at `tick` of a window.
bool spikes(std::int64_t value, int tick, const SmbSide& side) {
  if (side.code == BusCode::kBinary) return (value >> (side.bits - 1 - tick)) & 1;
  std::int64_t turn = 0;
  for (int b = 0; b < side.bits; ++b) turn = 2 * turn + ((tick >> b) & 1);
  return turn < value;
}

std::int64_t merged(Merge merge, std::int64_t old, std::int64_t fresh, int bits) {
  if (merge == Merge::kMax) return std::max(old, fresh);
  return merge == Merge::kAdd ? std::min(old + fresh, ceiling(bits)) : fresh;
}

}  // namespace

std::int64_t value_of(const BusWindow& window, std::size_t lane, const SmbSide& side,
                      int value_bits) {
  return side.code == BusCode::kWords ? word_of(window[0], lane, value_bits)
                                      : train_of(window, lane, side, value_bits);
}

BusWindow window_of(const std::vector<std::int64_t>& values, const SmbSide& side, int value_bits) {
  const bool words = side.code == BusCode::kWords;
  const auto bits = static_cast<std::size_t>(words ? value_bits : 1);
  BusWindow window(static_cast<std::size_t>(window_ticks(side)), base::Bits(values.size() * bits));
  for (std::size_t t = 0; t < window.size(); ++t)
    for (std::size_t i = 0; i < window[t].size(); ++i)
      window[t].set(i, words ? (values[i / bits] >> (i % bits)) & 1
                             : spikes(values[i], static_cast<int>(t), side));
  return window;
}

BusWindow window_at(const Trains& trains, std::size_t index, std::size_t ticks) {
  BusWindow window(ticks, base::Bits(static_cast<std::size_t>(trains.lanes())));
  for (std::size_t t = 0; t < ticks; ++t)
    std::ranges::copy(trains.tick(index * ticks + t), window[t].words().begin());
  return window;
}

void put_window(const BusWindow& window, std::size_t index, Trains& trains) {
  for (std::size_t t = 0; t < window.size(); ++t)
    std::ranges::copy(window[t].words(), trains.tick(index * window.size() + t).begin());
}

void SmbEmulator::write(const BusWindow& window, bool first, bool done) {
  const bool starts = first || config_.merge == Merge::kStore || open_.empty();
  open_.resize(static_cast<std::size_t>(config_.lanes));
  for (std::size_t lane = 0; lane < open_.size(); ++lane) {
    const std::int64_t value = value_of(window, lane, config_.write, config_.value_bits);
    open_[lane] = starts ? value : merged(config_.merge, open_[lane], value, config_.value_bits);
  }
  if (!done && config_.merge != Merge::kStore) return;
  tokens_.push_back(std::move(open_));
  open_.clear();
}

Trains through(const SmbConfig& config, const Trains& written) {
  const auto in = static_cast<std::size_t>(window_ticks(config.write));
  const auto out = static_cast<std::size_t>(window_ticks(config.read));
  const std::size_t windows = written.ticks() / in;
  Trains read(config.lanes, windows * out);
  SmbEmulator smb(config);
  for (std::size_t w = 0; w < windows; ++w) {
    smb.write(window_at(written, w, in));
    put_window(smb.read(), w, read);
  }
  return read;
}

BusWindow SmbEmulator::read() {
  const std::vector<std::int64_t> token = std::move(tokens_.front());
  tokens_.pop_front();
  return window_of(token, config_.read, config_.value_bits);
}

}  // namespace units
