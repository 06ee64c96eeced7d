// The tokens of a design clock by clock, every island in every clock: the plain form of
// map::replay.
#pragma once

#include <algorithm>
#include <deque>
#include <utility>
#include <vector>

#include "map/replay.hpp"

namespace test {

inline constexpr int kBusyHold = 15;  // clocks that fpsa_busy_hold adds

// Windows under way: each event comes so many ticks after the first, in order.
class Events {
 public:
  void begin(std::int64_t tick, int after) { due_.push_back(tick + after); }
  bool at(std::int64_t tick) const { return !due_.empty() && due_.front() == tick; }
  void end() { due_.pop_front(); }

 private:
  std::deque<std::int64_t> due_;
};

struct IslandState {
  std::vector<std::size_t> reads, writes;  // channels
  std::int64_t ticks = 0;
  int position = 0;
  int drain = 0;
  bool fires = false;  // what holds in this clock
  bool ticking = false;
};

struct ChannelState {
  int used = 0;
  int held = 0;
  int most = 0;
  std::size_t writing = 0;  // the writer's coming window
  std::size_t firing = 0;   // of the reader's, the coming one and the one whose tokens go next
  std::size_t freeing = 0;
  Events writes, frees;
  std::deque<std::int64_t> late;  // clocks at whose edge tokens become visible
};

// One run. A clock is decided from the state at its start, then everything moves at once.
class ClockPlayer {
 public:
  ClockPlayer(const map::TokenFlow& flow, std::int64_t samples)
      : flow_(flow),
        samples_(samples),
        islands_(flow.islands.size()),
        channels_(flow.channels.size()) {
    for (std::size_t c = 0; c < channels_.size(); ++c) {
      islands_[flow.channels[c].from].writes.push_back(c);
      islands_[flow.channels[c].to].reads.push_back(c);
    }
  }

  map::Replay run() {
    map::Replay replay;
    for (;; ++clock_) {
      const bool busy = decide();
      if (!busy && hold_ == 0 && done_ == samples_ * flow_.output.tokens) break;
      replay.cycles += busy || hold_ > 0;
      hold_ = busy ? kBusyHold : std::max(hold_ - 1, 0);
      if (!move() && hold_ == 0 && done_ < samples_ * flow_.output.tokens) {
        replay.deadlock = true;
        break;
      }
    }
    for (const ChannelState& channel : channels_) replay.most_reserved.push_back(channel.most);
    replay.latency = last_result_ - first_window_;
    replay.whole = std::move(whole_);
    return replay;
  }

 private:
  static int at(const std::vector<int>& amounts, std::size_t firing) {
    return amounts[firing % amounts.size()];
  }

  // Whether the window that starts now can: fpsa_sequencer's sample_valid_i.
  bool can_fire(std::size_t island) const {
    for (const std::size_t c : islands_[island].reads)
      if (channels_[c].held < at(flow_.channels[c].need, channels_[c].firing)) return false;
    for (const std::size_t c : islands_[island].writes)
      if (channels_[c].used + at(flow_.channels[c].takes, channels_[c].writing) >
          flow_.channels[c].depth)
        return false;
    return island != flow_.input.island || in_waiting_ > 0;
  }

  // Sets what each island does in this clock; whether any is busy.
  bool decide() {
    bool any = false;
    for (std::size_t i = 0; i < islands_.size(); ++i) {
      IslandState& island = islands_[i];
      const bool can = can_fire(i);
      const bool busy = island.position != 0 || island.drain != 0 || can;
      const bool full = i == flow_.output.island && out_waiting_ == flow_.output.slots &&
                        results_.at(island.ticks);
      island.ticking = busy && !full;
      island.fires = island.ticking && island.position == 0 && can;
      any = any || busy;
    }
    return any;
  }

  // Moves on by a clock; whether anything changed.
  bool move() {
    bool moved = move_streams();
    for (ChannelState& channel : channels_)
      while (!channel.late.empty() && channel.late.front() == clock_) {
        channel.late.pop_front();
        ++channel.held;
        moved = true;
      }
    for (std::size_t i = 0; i < islands_.size(); ++i) {
      if (!islands_[i].ticking) continue;
      moved = true;
      if (islands_[i].fires) begin_window(i);
      pass_events(i);
      pass_tick(i);
    }
    return moved;
  }

  // A beat of either stream; what this clock's ticks add or take is seen from the next one on.
  bool move_streams() {
    const bool in = sent_ < samples_ * flow_.input.tokens && in_waiting_ < flow_.input.slots;
    const bool out = out_waiting_ > 0;
    if (in && ++in_beat_ == flow_.input.beats) {
      in_beat_ = 0;
      ++sent_;
      ++in_waiting_;
    }
    if (out && ++out_beat_ == flow_.output.beats) {
      out_beat_ = 0;
      ++done_;
      --out_waiting_;
    }
    return in || out;
  }

  void begin_window(std::size_t island) {
    const std::int64_t tick = islands_[island].ticks;
    if (island == flow_.input.island && first_window_ < 0) first_window_ = clock_;
    for (const std::size_t c : islands_[island].writes) {
      if (at(flow_.channels[c].takes, channels_[c].writing++) == 0) continue;
      channels_[c].most = std::max(channels_[c].most, ++channels_[c].used);
      channels_[c].writes.begin(tick, flow_.channels[c].end);
    }
    for (const std::size_t c : islands_[island].reads) {
      channels_[c].frees.begin(tick, flow_.channels[c].freed);
      ++channels_[c].firing;
    }
    if (island == flow_.input.island) --in_waiting_;
    if (island == flow_.output.island) results_.begin(tick, flow_.output.end);
  }

  // What the island's coming tick completes.
  void pass_events(std::size_t island) {
    const std::int64_t tick = islands_[island].ticks;
    for (const std::size_t c : islands_[island].writes)
      if (channels_[c].writes.at(tick)) write(channels_[c], flow_.channels[c].late);
    for (const std::size_t c : islands_[island].reads) {
      if (!channels_[c].frees.at(tick)) continue;
      channels_[c].frees.end();
      const int frees = at(flow_.channels[c].frees, channels_[c].freeing++);
      channels_[c].held -= frees;
      channels_[c].used -= frees;
    }
    if (island == flow_.output.island && results_.at(tick)) {
      results_.end();
      ++out_waiting_;
      last_result_ = clock_ + 1;
      if (++results_whole_ % flow_.output.tokens == 0) whole_.push_back(last_result_);
    }
  }

  void write(ChannelState& channel, int late) {
    channel.writes.end();
    if (late == 0)
      ++channel.held;
    else
      channel.late.push_back(clock_ + late);
  }

  void pass_tick(std::size_t index) {
    IslandState& island = islands_[index];
    const map::TokenFlow::Island& shape = flow_.islands[index];
    island.drain = island.fires ? shape.drain - 1 : std::max(island.drain - 1, 0);
    island.position = (island.position + 1) % shape.window;
    ++island.ticks;
  }

  const map::TokenFlow& flow_;
  const std::int64_t samples_;
  std::vector<IslandState> islands_;
  std::vector<ChannelState> channels_;
  Events results_;  // of the output's island
  std::int64_t clock_ = 0;
  std::int64_t first_window_ = -1, last_result_ = 0, results_whole_ = 0;
  std::vector<std::int64_t> whole_;
  int hold_ = 0;
  std::int64_t sent_ = 0, done_ = 0;
  int in_beat_ = 0, out_beat_ = 0;
  int in_waiting_ = 0, out_waiting_ = 0;
};

inline map::Replay clock_replay(const map::TokenFlow& flow, std::int64_t samples) {
  return ClockPlayer(flow, samples).run();
}

}  // namespace test
