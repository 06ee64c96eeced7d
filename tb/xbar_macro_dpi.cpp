// The sums of fpsa_xbar_macro_fast.v. A crossbar keeps its weights as rows of 16-bit lanes and adds
// the rows that spike, a block of columns at a time, so that the block's sums stay in registers.
#include <svdpi.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

namespace {

constexpr int kBlock = 128;  ///< columns whose sums fill a few vector registers

struct Shape {
  int rows = 0;
  int cols = 0;
  int weight_bits = 0;
  int frac_bits = 0;
  bool is_signed = false;
  int sum_bits = 0;

  int stored() const { return weight_bits + frac_bits; }
  int lanes() const { return stored() <= 8 ? 4 : 2; }
};

/// Lanes of one 64-byte vector.
template <typename Lane>
struct Vector {
  typedef Lane Type __attribute__((vector_size(64)));
};

class Xbar {
 public:
  explicit Xbar(const Shape& shape) : shape_(shape) {}
  Xbar(const Xbar&) = delete;
  Xbar& operator=(const Xbar&) = delete;
  virtual ~Xbar() = default;

  virtual void load(int row, int group, std::uint32_t word) = 0;
  virtual void sum(const std::uint32_t* spikes, std::uint32_t* sums) = 0;

 protected:
  Shape shape_;
};

/// Lane: an integer that holds every sum, with its fraction.
template <typename Lane>
class XbarOf final : public Xbar {
 public:
  using Row = typename Vector<Lane>::Type;
  static constexpr int kLanes = 64 / sizeof(Lane);
  static constexpr int kRows = kBlock / kLanes;  ///< vectors a block

  explicit XbarOf(const Shape& shape)
      : Xbar(shape),
        blocks_((shape.cols + kBlock - 1) / kBlock),
        weights_(std::size_t(shape.rows) * blocks_ * kRows),
        totals_(std::size_t(blocks_) * kRows),
        active_(shape.rows) {}

  void load(int row, int group, std::uint32_t word) override {
    const int lanes = shape_.lanes();
    const int first = group * lanes;
    for (int lane = 0; lane < std::min(lanes, shape_.cols - first); ++lane) {
      const int shift = 32 - shape_.stored();
      const std::uint32_t top = (word >> (lane * 32 / lanes)) << shift;
      const Lane weight = shape_.is_signed ? Lane(std::int32_t(top) >> shift) : Lane(top >> shift);
      const int col = first + lane;
      weights_[at(row, col / kBlock) + col % kBlock / kLanes][col % kLanes] = weight;
    }
  }

  void sum(const std::uint32_t* spikes, std::uint32_t* sums) override {
    int active = 0;
    for (int word = 0; word < (shape_.rows + 31) / 32; ++word)
      for (std::uint32_t bits = spikes[word]; bits != 0; bits &= bits - 1)
        active_[active++] = word * 32 + std::countr_zero(bits);
    for (int block = 0; block < blocks_; ++block) sum_block(block, active);
    pack(sums);
  }

 private:
  std::size_t at(int row, int block) const {
    return (std::size_t(block) * shape_.rows + row) * kRows;
  }

  void sum_block(int block, int active) {
    const Lane half = Lane((1 << shape_.frac_bits) / 2);
    Row total[kRows];
    for (Row& part : total) part = half - Row{};
    for (int i = 0; i < active; ++i) {
      const Row* row = &weights_[at(active_[i], block)];
      for (int k = 0; k < kRows; ++k) total[k] += row[k];
    }
    for (int k = 0; k < kRows; ++k)
      totals_[std::size_t(block) * kRows + k] = total[k] >> shape_.frac_bits;
  }

  void pack(std::uint32_t* sums) const {
    const Lane* totals = reinterpret_cast<const Lane*>(totals_.data());
    if (shape_.sum_bits == 8 * int(sizeof(Lane))) {
      std::memcpy(sums, totals, std::size_t(shape_.cols) * sizeof(Lane));
      return;
    }
    const std::uint64_t mask = (std::uint64_t{1} << shape_.sum_bits) - 1;
    std::uint64_t buffer = 0;
    int filled = 0;
    for (int col = 0; col < shape_.cols; ++col) {
      buffer |= (std::uint64_t(totals[col]) & mask) << filled;
      filled += shape_.sum_bits;
      if (filled >= 32) {
        *sums++ = std::uint32_t(buffer);
        buffer >>= 32;
        filled -= 32;
      }
    }
    if (filled > 0) *sums = std::uint32_t(buffer);
  }

  int blocks_;
  std::vector<Row> weights_;
  std::vector<Row> totals_;
  std::vector<int> active_;
};

std::unique_ptr<Xbar> make_xbar(const Shape& shape) {
  if (shape.sum_bits + shape.frac_bits <= 16 - !shape.is_signed)
    return std::make_unique<XbarOf<std::int16_t>>(shape);
  return std::make_unique<XbarOf<std::int32_t>>(shape);
}

}  // namespace

extern "C" {

/// The model lives as long as the simulation does: Verilog cannot end it.
void* fpsa_xbar_new(int rows, int cols, int weight_bits, int frac_bits, int is_signed,
                    int sum_bits) {
  return make_xbar({rows, cols, weight_bits, frac_bits, is_signed != 0, sum_bits}).release();
}

void fpsa_xbar_load(void* xbar, int row, int group, int data) {
  static_cast<Xbar*>(xbar)->load(row, group, std::uint32_t(data));
}

/// The version of the weights tells Verilator when to call; it is not needed here.
void fpsa_xbar_sums(void* xbar, int /*version*/, const svOpenArrayHandle spikes,
                    const svOpenArrayHandle sums) {
  static_cast<Xbar*>(xbar)->sum(static_cast<const std::uint32_t*>(svGetArrayPtr(spikes)),
                                static_cast<std::uint32_t*>(svGetArrayPtr(sums)));
}
}
