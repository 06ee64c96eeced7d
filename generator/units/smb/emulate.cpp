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

// Window `index` of `trains`, which are of this many ticks.
BusWindow window_of(const Trains& trains, std::size_t index, std::size_t ticks) {
  BusWindow window(ticks, base::Bits(static_cast<std::size_t>(trains.lanes())));
  for (std::size_t t = 0; t < ticks; ++t)
    std::ranges::copy(trains.tick(index * ticks + t), window[t].words().begin());
  return window;
}

}  // namespace

void SmbEmulator::write(const BusWindow& window, bool first, bool done) {
  const bool starts = first || config_.merge == Merge::kStore || open_.empty();
  open_.resize(static_cast<std::size_t>(config_.lanes));
  for (std::size_t lane = 0; lane < open_.size(); ++lane) {
    const std::int64_t value = config_.write.code == BusCode::kWords
                                   ? word_of(window[0], lane, config_.value_bits)
                                   : train_of(window, lane, config_.write, config_.value_bits);
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
    smb.write(window_of(written, w, in));
    const BusWindow window = smb.read();
    for (std::size_t t = 0; t < out; ++t)
      std::ranges::copy(window[t].words(), read.tick(w * out + t).begin());
  }
  return read;
}

BusWindow SmbEmulator::read() {
  const std::vector<std::int64_t> token = std::move(tokens_.front());
  tokens_.pop_front();
  const auto width = static_cast<std::size_t>(bus_width(config_, config_.read));
  const auto bits = static_cast<std::size_t>(config_.value_bits);
  BusWindow window(static_cast<std::size_t>(window_ticks(config_.read)), base::Bits(width));
  for (std::size_t t = 0; t < window.size(); ++t)
    for (std::size_t i = 0; i < width; ++i)
      window[t].set(i, config_.read.code == BusCode::kWords
                           ? (token[i / bits] >> (i % bits)) & 1
                           : spikes(token[i], static_cast<int>(t), config_.read));
  return window;
}

}  // namespace units
