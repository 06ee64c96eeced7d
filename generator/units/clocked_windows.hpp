// Windows as an island gives them to its units: stimuli of those that read marks.
#pragma once

#include "units/clocked.hpp"

namespace units {

/// Ticks at random, windows of `period` ticks without a gap, each live or not.
class Windows {
 public:
  explicit Windows(int period) : period_(period) {}

  /// Chooses the coming clock: whether it is a tick (never if not `may_tick`) and, where a window
  /// starts, whether it is live.
  void choose(base::Rng& rng, bool may_live = true, bool may_tick = true) {
    if (position_ == 0) live_ = may_live && rng.below(4) != 0;
    tick_ = may_tick && rng.below(4) != 0;
  }
  /// The edge of that clock.
  void edge() {
    if (tick_) position_ = (position_ + 1) % period_;
  }

  bool tick() const { return tick_; }
  bool win() const { return position_ == 0; }
  bool live() const { return live_; }
  bool last() const { return position_ == period_ - 1; }
  int position() const { return position_; }  ///< of the coming tick

  /// tick_i, win_i, live_i of the clock.
  Values inputs() const {
    return {{"tick_i", bits_of(tick_)}, {"win_i", bits_of(win())}, {"live_i", bits_of(live_)}};
  }

 private:
  int period_;
  int position_ = 0;
  bool tick_ = false;
  bool live_ = false;
};

}  // namespace units
