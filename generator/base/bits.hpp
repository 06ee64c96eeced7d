// Packed bit vectors: spike trains, one bit a lane, 64 lanes a word.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

namespace base {

/// Bits needed to count from 0 to n - 1: clog2(1) = 0, clog2(256) = 8, clog2(257) = 9. n >= 1.
constexpr int clog2(std::uint64_t n) { return n <= 1 ? 0 : 64 - std::countl_zero(n - 1); }

/// ceil(a / b) for a >= 0, b > 0.
constexpr std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

/// Fixed-size vector of bits; bits past size() are always zero.
class Bits {
 public:
  Bits() = default;
  explicit Bits(std::size_t size) : size_(size), words_((size + 63) / 64, 0) {}

  std::size_t size() const { return size_; }
  bool get(std::size_t i) const { return (words_[i / 64] >> (i % 64)) & 1; }
  void set(std::size_t i, bool value) {
    const std::uint64_t mask = std::uint64_t{1} << (i % 64);
    words_[i / 64] = value ? words_[i / 64] | mask : words_[i / 64] & ~mask;
  }
  const std::vector<std::uint64_t>& words() const { return words_; }
  std::vector<std::uint64_t>& words() { return words_; }
  bool operator==(const Bits&) const = default;

  /// Calls f(index) for every set bit, in rising order.
  template <class F>
  void for_each_set(F&& f) const {
    for (std::size_t w = 0; w < words_.size(); ++w)
      for (std::uint64_t rest = words_[w]; rest != 0; rest &= rest - 1)
        f(w * 64 + static_cast<std::size_t>(std::countr_zero(rest)));
  }

 private:
  std::size_t size_ = 0;
  std::vector<std::uint64_t> words_;
};

}  // namespace base
