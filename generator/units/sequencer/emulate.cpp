#include <algorithm>

#include "units/sequencer/sequencer.hpp"

namespace units {

namespace {

class Sequencer final : public Clocked {
 public:
  Sequencer(int ready, int period, int drain) : ready_(ready), period_(period), drain_(drain) {}

  // A sample that waits goes on waiting until it is taken.
  Values stimulate(base::Rng& rng) override {
    waiting_ = waiting_ || rng.below(static_cast<std::uint64_t>(drain_) + 4) == 0;
    base::Bits ready(static_cast<std::size_t>(ready_));
    const bool stall = rng.below(4) == 0;
    for (std::size_t i = 0; i < ready.size(); ++i) ready.set(i, !stall || rng.below(3) != 0);
    return {{"ready_i", ready}, {"sample_valid_i", bits_of(waiting_)}};
  }

  // A window starts for a sample, or while one is on its way; what has started goes on to its end.
  Values clock(const Values& inputs) override {
    const bool starts = position_ == 0;
    if (starts) live_ = waiting_;
    const bool busy = !starts || waiting_ || in_flight_ > 0;
    bool ready = true;
    for (std::size_t i = 0; i < static_cast<std::size_t>(ready_); ++i)
      ready = ready && inputs.at("ready_i").get(i);
    const bool tick = busy && ready;
    const bool taken = tick && starts && waiting_;
    const Values outputs{{"tick_o", bits_of(tick)},
                         {"win_o", bits_of(starts)},
                         {"live_o", bits_of(live_)},
                         {"sample_pop_o", bits_of(taken)},
                         {"busy_o", bits_of(busy)}};
    if (tick) {
      position_ = (position_ + 1) % period_;
      in_flight_ = taken ? drain_ - 1 : std::max(0, in_flight_ - 1);
    }
    if (taken) waiting_ = false;
    return outputs;
  }

 private:
  int ready_;
  int period_;
  int drain_;
  int position_ = 0;   // of the coming tick
  int in_flight_ = 0;  // ticks until the last sample's result is complete
  bool live_ = false;  // the window that the coming tick is of
  bool waiting_ = false;
};

}  // namespace

std::unique_ptr<Clocked> emulate_sequencer(int ready, int period, int drain) {
  return std::make_unique<Sequencer>(ready, period, drain);
}

}  // namespace units
