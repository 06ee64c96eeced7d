// Counters and registers of the host, by the clock.
#include <algorithm>
#include <deque>

#include "units/clocked_windows.hpp"
#include "units/host/emulate.hpp"
#include "units/trains.hpp"

namespace units {

namespace {

// Numbers on their way through a pipe of fpsa_sum_pipe's stages; nothing comes out as zero.
class Pipe {
 public:
  explicit Pipe(int inputs, int before = 0) : stages_(static_cast<std::size_t>(before)) {
    for (int left = inputs; stages_.size() == static_cast<std::size_t>(before) || left > 1;
         left = (left + 15) / 16)
      stages_.emplace_back();
  }
  // What comes out in this clock; `in` enters at its edge.
  std::pair<bool, std::uint64_t> clock(std::pair<bool, std::uint64_t> in) {
    const auto out = stages_.front();
    stages_.pop_front();
    stages_.push_back(in);
    return out;
  }

 private:
  std::deque<std::pair<bool, std::uint64_t>> stages_;
};

class SumPipe final : public Clocked {
 public:
  SumPipe(int inputs, int bits, int sum_bits)
      : inputs_(inputs), bits_(bits), sum_bits_(sum_bits), pipe_(inputs) {}

  Values stimulate(base::Rng& rng) override {
    return {{"valid_i", bits_of(rng.below(3) != 0)},
            {"terms_i", random_bits(inputs_ * bits_, rng)}};
  }
  Values clock(const Values& inputs) override {
    std::uint64_t sum = 0;
    inputs.at("terms_i").for_each_set(
        [&](std::size_t i) { sum += std::uint64_t{1} << (i % static_cast<std::size_t>(bits_)); });
    const bool valid = inputs.at("valid_i").get(0);
    const auto [out_valid, out] = pipe_.clock({valid, valid ? sum : 0});
    return {{"valid_o", bits_of(out_valid)}, {"sum_o", bits_of(out, sum_bits_)}};
  }

 private:
  int inputs_;
  int bits_;
  int sum_bits_;
  Pipe pipe_;
};

// Counts by the values: what a window's spikes say is compared with 2^n - 1 at its end.
class CeilingCounter final : public Clocked {
 public:
  CeilingCounter(int lanes, int bits, config::Train train, int count_bits)
      : lanes_(lanes),
        bits_(bits),
        train_(train),
        count_bits_(count_bits),
        windows_(window_ticks(train, bits)),
        values_(static_cast<std::size_t>(lanes), 0),
        missing_(static_cast<std::size_t>(lanes), 0),
        pipe_(lanes, 1) {}

  Values stimulate(base::Rng& rng) override {
    windows_.choose(rng);
    if (windows_.win()) choose_lanes(rng);
    base::Bits spikes(static_cast<std::size_t>(lanes_));
    for (std::size_t l = 0; l < spikes.size(); ++l)
      spikes.set(l, missing_[l] < 0 ? rng.below(2) != 0 : missing_[l] != windows_.position());
    Values inputs = windows_.inputs();
    inputs["spike_i"] = spikes;
    return inputs;
  }

  Values clock(const Values& inputs) override {
    std::pair<bool, std::uint64_t> ended{false, 0};
    if (windows_.tick()) {
      take(inputs.at("spike_i"));
      if (windows_.last() && windows_.live()) ended = {true, at_ceiling()};
    }
    windows_.edge();
    const auto [valid, count] = pipe_.clock(ended);
    return {{"valid_o", bits_of(valid)}, {"count_o", bits_of(count, count_bits_)}};
  }

 private:
  // Random lanes, those that spike at all ticks, and those that miss one.
  void choose_lanes(base::Rng& rng) {
    const int period = window_ticks(train_, bits_);
    for (int& tick : missing_)
      tick = static_cast<int>(rng.below(3) == 0 ? -1 : rng.between(0, 2 * period));
  }
  void take(const base::Bits& spikes) {
    for (std::size_t l = 0; l < values_.size(); ++l) {
      if (windows_.win()) values_[l] = 0;
      values_[l] = (train_ == config::Train::kBinary ? 2 * values_[l] : values_[l]) + spikes.get(l);
    }
  }
  std::uint64_t at_ceiling() const {
    return static_cast<std::uint64_t>(std::ranges::count_if(
        values_, [&](std::int64_t v) { return v >= (std::int64_t{1} << bits_) - 1; }));
  }

  int lanes_;
  int bits_;
  config::Train train_;
  int count_bits_;
  Windows windows_;
  std::vector<std::int64_t> values_;
  std::vector<int> missing_;  // tick at which a lane is silent; -1: at random
  Pipe pipe_;
};

class BusyHold final : public Clocked {
 public:
  Values stimulate(base::Rng& rng) override { return {{"busy_i", bits_of(rng.below(12) == 0)}}; }
  Values clock(const Values& inputs) override {
    const bool busy = inputs.at("busy_i").get(0);
    const Values outputs{{"busy_o", bits_of(busy || left_ > 0)}};
    left_ = busy ? kCycles : std::max(0, left_ - 1);
    return outputs;
  }

 private:
  static constexpr int kCycles = 15;  // what counts take to arrive, as rtl/fpsa_busy_hold.v says
  int left_ = 0;
};

class LoadRank final : public Clocked {
 public:
  Values stimulate(base::Rng& rng) override {
    return {{"load_we_i", random_bits(1, rng)},
            {"load_addr_i", random_bits(22, rng)},
            {"load_data_i", random_bits(32, rng)}};
  }
  Values clock(const Values& inputs) override {
    Values outputs = next_;
    next_ = {{"load_we_o", inputs.at("load_we_i")},
             {"load_addr_o", inputs.at("load_addr_i")},
             {"load_data_o", inputs.at("load_data_i")}};
    return outputs;
  }

 private:
  Values next_{{"load_we_o", bits_of(0)}};
};

}  // namespace

std::unique_ptr<Clocked> emulate_sum_pipe(int inputs, int bits) {
  const int sum_bits = bits + base::clog2(static_cast<std::uint64_t>(inputs));
  return std::make_unique<SumPipe>(inputs, bits, sum_bits);
}

std::unique_ptr<Clocked> emulate_ceiling_counter(int lanes, int activation_bits,
                                                 config::Train train) {
  const int count_bits = base::clog2(static_cast<std::uint64_t>(lanes) + 1);
  return std::make_unique<CeilingCounter>(lanes, activation_bits, train, count_bits);
}

std::unique_ptr<Clocked> emulate_busy_hold() { return std::make_unique<BusyHold>(); }

std::unique_ptr<Clocked> emulate_load_rank() { return std::make_unique<LoadRank>(); }

}  // namespace units
