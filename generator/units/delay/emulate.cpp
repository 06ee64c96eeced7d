#include <deque>

#include "units/clocked_windows.hpp"
#include "units/delay/delay.hpp"

namespace units {

namespace {

class TrainDelay final : public Clocked {
 public:
  TrainDelay(int lanes, int ticks)
      : lanes_(lanes), line_(static_cast<std::size_t>(ticks), bits_of(0, lanes)) {}

  Values stimulate(base::Rng& rng) override {
    return {{"tick_i", bits_of(rng.below(4) != 0)}, {"data_i", random_bits(lanes_, rng)}};
  }
  Values clock(const Values& inputs) override {
    const Values outputs{{"data_o", line_.front()}};
    if (inputs.at("tick_i").get(0)) {
      line_.pop_front();
      line_.push_back(inputs.at("data_i"));
    }
    return outputs;
  }

 private:
  int lanes_;
  std::deque<base::Bits> line_;
};

// Marks as they came in, `ticks` ticks ago.
class MarkDelay final : public Clocked {
 public:
  MarkDelay(int period, int ticks)
      : windows_(period), line_(static_cast<std::size_t>(ticks), {false, false}) {}

  Values stimulate(base::Rng& rng) override {
    windows_.choose(rng);
    return windows_.inputs();
  }
  Values clock(const Values&) override {
    const Values outputs{{"win_o", bits_of(line_.front().first)},
                         {"live_o", bits_of(line_.front().second)}};
    if (windows_.tick()) {
      line_.pop_front();
      line_.emplace_back(windows_.win(), windows_.live());
    }
    windows_.edge();
    return outputs;
  }

 private:
  Windows windows_;
  std::deque<std::pair<bool, bool>> line_;
};

}  // namespace

std::unique_ptr<Clocked> emulate_train_delay(int lanes, int ticks) {
  return std::make_unique<TrainDelay>(lanes, ticks);
}

std::unique_ptr<Clocked> emulate_mark_delay(int period, int ticks) {
  return std::make_unique<MarkDelay>(period, ticks);
}

}  // namespace units
