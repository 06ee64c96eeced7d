// Spike trains of a bus: one row of packed bits a tick.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "config/spec.hpp"
#include "quant/tensor.hpp"

namespace units {

/// Ticks of a window: n for binary trains, 2^n for rate trains (contracts, section 1).
int window_ticks(config::Train train, int activation_bits);

/// Ticks from the first tick of a window at a PE's input to the first tick of the window that
/// answers it: window + 1 for exact neurons (they answer in the next window), 1 for signed and
/// paired.
int neuron_latency(config::Neuron neuron, config::Train train, int activation_bits);

/// `ticks` rows of `lanes` bits; 64 lanes a word, bits past `lanes` are zero.
class Trains {
 public:
  Trains() = default;
  Trains(int lanes, std::size_t ticks)
      : lanes_(lanes),
        words_(static_cast<std::size_t>(lanes + 63) / 64),
        bits_(words_ * ticks, 0) {}

  int lanes() const { return lanes_; }
  std::size_t ticks() const { return words_ ? bits_.size() / words_ : 0; }
  std::span<const std::uint64_t> tick(std::size_t t) const { return {&bits_[t * words_], words_}; }
  std::span<std::uint64_t> tick(std::size_t t) { return {&bits_[t * words_], words_}; }
  bool get(std::size_t t, int lane) const {
    return (bits_[t * words_ + static_cast<std::size_t>(lane) / 64] >> (lane % 64)) & 1;
  }
  void set(std::size_t t, int lane) {
    bits_[t * words_ + static_cast<std::size_t>(lane) / 64] |= std::uint64_t{1} << (lane % 64);
  }
  /// ORs lanes [first, first + count) of `from`'s tick into this tick, starting at lane `at`.
  void merge(std::size_t tick, int at, const Trains& from, std::size_t from_tick, int first,
             int count);
  bool operator==(const Trains&) const = default;

 private:
  int lanes_ = 0;
  std::size_t words_ = 0;
  std::vector<std::uint64_t> bits_;
};

/// Lanes of signed elements doubled: a row [x] becomes [max(x, 0), max(-x, 0)]; unsigned stay.
quant::IntegerBatch to_lanes(const quant::IntegerBatch& values, bool is_signed);
/// The inverse: x+ - x-.
quant::IntegerBatch from_lanes(const quant::IntegerBatch& lanes, bool is_signed);

/// What an encoding SMB sends: window after window, one sample (row of `lanes`) a window.
/// binary: most significant bit first; rate: spike at tick t iff bitreverse_n(t) < x.
Trains encode(const quant::IntegerBatch& lanes, config::Train train, int activation_bits);

/// What a decoding SMB reads of consecutive windows: shifted-in bits, or spikes counted up to 2^n
/// - 1.
quant::IntegerBatch decode(const Trains& trains, config::Train train, int activation_bits);

}  // namespace units
