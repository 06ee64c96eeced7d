// The registers of the host, by the clock: an AXI4-Lite subordinate that takes one write and one
// read at a time.
#include <algorithm>
#include <optional>

#include "units/host/emulate.hpp"

namespace units {

namespace {

// A channel of a master: what is offered stays until it is taken.
struct Offer {
  bool valid = false;
  std::uint64_t payload = 0;
};

class Csr final : public Clocked {
 public:
  explicit Csr(const Registers& registers) : registers_(registers) {}

  Values stimulate(base::Rng& rng) override {
    offer(aw_, rng, address(rng));
    offer(ar_, rng, address(rng));
    offer(w_, rng, data(rng));
    if (rng.below(200) == 0) busy_often_ = !busy_often_;
    Values inputs{{"s_awvalid_i", bits_of(aw_.valid)},
                  {"s_awaddr_i", bits_of(aw_.payload, 12)},
                  {"s_awprot_i", random_bits(3, rng)},
                  {"s_wvalid_i", bits_of(w_.valid)},
                  {"s_wdata_i", bits_of(w_.payload & 0xffffffff, 32)},
                  {"s_wstrb_i", bits_of(w_.payload >> 32, 4)},
                  {"s_bready_i", random_bits(1, rng)},
                  {"s_arvalid_i", bits_of(ar_.valid)},
                  {"s_araddr_i", bits_of(ar_.payload, 12)},
                  {"s_arprot_i", random_bits(3, rng)},
                  {"s_rready_i", random_bits(1, rng)},
                  {"busy_i", bits_of(busy_often_ && rng.below(4) != 0)},
                  {"ceilings_i", random_bits(registers_.ceiling_bits, rng)}};
    for (const char* event : {"window_i", "captured_i", "frame_error_i", "range_error_i"})
      inputs[event] = bits_of(rng.below(6) == 0);
    return inputs;
  }

  Values clock(const Values& inputs) override {
    Values outputs{{"s_awready_o", bits_of(awake_ && !write_address_)},
                   {"s_wready_o", bits_of(awake_ && !write_data_)},
                   {"s_bvalid_o", bits_of(write_answer_.has_value())},
                   {"s_arready_o", bits_of(awake_ && !read_address_)},
                   {"s_rvalid_o", bits_of(read_answer_.has_value())},
                   {"ready_o", bits_of(loading_ == 0)},
                   {"load_we_o", load_enable()}};
    if (write_answer_) outputs["s_bresp_o"] = bits_of(*write_answer_ ? kOkay : kError, 2);
    if (read_answer_) {
      outputs["s_rresp_o"] = bits_of(read_answer_->second ? kOkay : kError, 2);
      outputs["s_rdata_o"] = bits_of(read_answer_->first, 32);
    }
    if (load_) {
      outputs["load_addr_o"] = bits_of(load_->first, 22);
      outputs["load_data_o"] = bits_of(load_->second, 32);
    }
    edge(inputs);
    return outputs;
  }

 private:
  static constexpr std::uint64_t kOkay = 0;
  static constexpr std::uint64_t kError = 2;

  static void offer(Offer& channel, base::Rng& rng, std::uint64_t payload) {
    if (!channel.valid && rng.below(2) == 0) channel = {true, payload};
  }
  // A register mostly; sometimes any address.
  static std::uint64_t address(base::Rng& rng) {
    return rng.below(12) == 0 ? rng.below(4096) : 4 * rng.below(20);
  }
  // Strobes above the data: mostly all. Small numbers are units, bits and addresses.
  std::uint64_t data(base::Rng& rng) const {
    const std::uint64_t strobes = rng.below(8) == 0 ? rng.below(16) : 15;
    const auto units = static_cast<std::uint64_t>(registers_.units);
    return strobes << 32 | (rng.below(2) == 0 ? rng.below(units + 2) : rng.below(1ull << 32));
  }
  static bool bit(const Values& inputs, const char* port) { return inputs.at(port).get(0); }

  base::Bits load_enable() const {
    base::Bits enable(static_cast<std::size_t>(registers_.units));
    if (loading_ == 2) enable.set(static_cast<std::size_t>(loaded_unit_), true);
    return enable;
  }

  void edge(const Values& inputs) {
    const bool busy = bit(inputs, "busy_i");
    const bool writes = write_address_ && write_data_ && !write_answer_;
    const bool reads = read_address_ && !read_answer_;
    if (write_answer_ && bit(inputs, "s_bready_i")) write_answer_.reset();
    if (read_answer_ && bit(inputs, "s_rready_i")) read_answer_.reset();
    if (reads) read_answer_ = read(*read_address_, busy);
    loading_ = std::max(0, loading_ - 1);
    bool clears = false;
    std::uint64_t forgets = 0;
    if (writes) write_answer_ = write(busy, clears, forgets);
    count(inputs, clears, forgets);
    take(writes, reads);
    awake_ = true;
  }

  // What the master offers is taken into an empty place; what has been worked off leaves its own.
  void take(bool writes, bool reads) {
    const auto move = [&](Offer& from, std::optional<std::uint64_t>& to, bool done) {
      if (!to && from.valid && awake_) {
        to = from.payload;
        from.valid = false;
      } else if (done) {
        to.reset();
      }
    };
    move(aw_, write_address_, writes);
    move(w_, write_data_, writes);
    move(ar_, read_address_, reads);
  }

  bool write(bool busy, bool& clears, std::uint64_t& forgets) {
    const std::uint64_t value = *write_data_ & 0xffffffff;
    if (*write_data_ >> 32 != 15) return false;
    switch (*write_address_) {
      case 0x10:
        clears = value & 1;
        return true;
      case 0x14:
        forgets = value;
        return true;
      case 0x40:
        if (value >= static_cast<std::uint64_t>(registers_.units)) return false;
        unit_ = value;
        return true;
      case 0x44:
        address_ = value & 0x3fffff;
        return true;
      case 0x48:
        if (busy) return false;
        load_ = {address_, value};
        loaded_unit_ = unit_;
        address_ = (address_ + 1) & 0x3fffff;
        loading_ = 2;
        return true;
      default:
        return false;
    }
  }

  // A counter's high word is kept from the read of its low word.
  std::pair<std::uint64_t, bool> read(std::uint64_t at, bool busy) {
    constexpr std::uint64_t kId = 0x46505341;
    constexpr std::uint64_t kVersion = 0x100;
    if (at >= 0x18 && at < 0x38 && at % 4 == 0) {
      Counter& counter = counters_[(at - 0x18) / 8];
      if (at % 8 != 0) return {counter.seen, true};
      counter.seen = counter.value >> 32;
      return {counter.value & 0xffffffff, true};
    }
    switch (at) {
      case 0x00:
        return {kId, true};
      case 0x04:
        return {kVersion, true};
      case 0x08:
        return {registers_.spec_hash, true};
      case 0x0c:
        return {static_cast<std::uint64_t>(registers_.out_lanes) << 16 |
                    static_cast<std::uint64_t>(registers_.in_lanes),
                true};
      case 0x10:
        return {0, true};
      case 0x14:
        return {std::uint64_t{range_error_} << 2 | std::uint64_t{frame_error_} << 1 | busy, true};
      case 0x40:
        return {unit_, true};
      case 0x44:
        return {address_, true};
      default:
        return {0, false};
    }
  }

  void count(const Values& inputs, bool clears, std::uint64_t forgets) {
    const std::uint64_t steps[] = {bit(inputs, "busy_i"), bit(inputs, "window_i"),
                                   bit(inputs, "captured_i"), number_of(inputs.at("ceilings_i"))};
    for (std::size_t i = 0; i < std::size(steps); ++i)
      counters_[i].value = clears ? 0 : counters_[i].value + steps[i];
    frame_error_ = bit(inputs, "frame_error_i") || (frame_error_ && !(forgets & 2));
    range_error_ = bit(inputs, "range_error_i") || (range_error_ && !(forgets & 4));
  }

  struct Counter {
    std::uint64_t value = 0;
    std::uint64_t seen = 0;  // high word at the last read of the low one
  };

  Registers registers_;
  Offer aw_, w_, ar_;
  bool awake_ = false;
  bool busy_often_ = true;
  std::optional<std::uint64_t> write_address_, write_data_, read_address_;
  std::optional<bool> write_answer_;
  std::optional<std::pair<std::uint64_t, bool>> read_answer_;
  Counter counters_[4];  // cycles, windows, samples, ceilings
  bool frame_error_ = false;
  bool range_error_ = false;
  std::uint64_t unit_ = 0;
  std::uint64_t address_ = 0;
  std::optional<std::pair<std::uint64_t, std::uint64_t>> load_;  // address and data, once there are
  std::uint64_t loaded_unit_ = 0;
  int loading_ = 0;  // clocks in which no tick may come
};

}  // namespace

std::unique_ptr<Clocked> emulate_csr(const Registers& registers) {
  return std::make_unique<Csr>(registers);
}

}  // namespace units
