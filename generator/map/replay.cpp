#include "map/replay.hpp"

#include <algorithm>
#include <bit>
#include <optional>
#include <utility>

namespace map {

namespace {

constexpr int kBusyHold = 15;  // clocks that fpsa_busy_hold adds

// What a window that has begun does to channels, some ticks later.
struct Change {
  enum class Kind { kWritten, kShown, kFreed } kind;
  std::size_t channel;
};

// What is to come, by the time that is left until then: a ring that turns with time.
class Calendar {
 public:
  struct Moment {
    std::vector<std::size_t> starts;  // islands that look whether they can begin a window
    std::vector<Change> changes;
    bool result = false;
  };

  explicit Calendar(int farthest) : ring_(std::bit_ceil(static_cast<unsigned>(farthest) + 1)) {}

  std::int64_t time() const { return now_; }
  Moment& after(int ticks) {
    return ring_[static_cast<std::size_t>(now_ + ticks) & (ring_.size() - 1)];
  }
  Moment& now() { return after(0); }
  void start(std::size_t island, int ticks) {
    after(ticks).starts.push_back(island);
    ++pending_;
  }
  void change(Change change, int ticks) {
    after(ticks).changes.push_back(change);
    ++pending_;
  }
  bool is_empty() const { return pending_ == 0; }
  void pass() {
    Moment& past = now();
    pending_ -= past.starts.size() + past.changes.size();
    past.starts.clear();
    past.changes.clear();
    past.result = false;
    ++now_;
  }

 private:
  std::vector<Moment> ring_;  // as many as a power of two
  std::int64_t now_ = 0;
  std::size_t pending_ = 0;
};

int farthest(const TokenFlow& flow) {
  int most = flow.output.end;
  for (const TokenFlow::Island& island : flow.islands) most = std::max(most, island.window);
  for (const TokenFlow::Channel& channel : flow.channels)
    most = std::max({most, channel.end, channel.late, channel.freed});
  return most;
}

struct IslandState {
  std::vector<std::size_t> reads, writes;  // channels
  std::int64_t drained = 0;  // its clock, from which on nothing of its windows is under way
  bool asleep = false;       // until something that it waits for changes
  bool busy = false;
};

// The amounts that firings want, one after the other, again and again.
class Amounts {
 public:
  explicit Amounts(const std::vector<int>& list) : list_(&list) {}
  int next() const { return (*list_)[at_]; }
  void pass() { at_ = at_ + 1 == list_->size() ? 0 : at_ + 1; }

 private:
  const std::vector<int>* list_;
  std::size_t at_ = 0;
};

struct ChannelState {
  explicit ChannelState(const TokenFlow::Channel& channel)
      : depth(channel.depth), need(channel.need), frees(channel.frees), takes(channel.takes) {}

  int depth;
  int used = 0;
  int held = 0;
  int most = 0;
  Amounts need, frees, takes;
};

// One run, an event at a time. A clock is decided from the state at its start: first islands begin
// windows, each of which changes only what no other looks at; then the changes come that all see in
// the next clock. The output's island has a calendar of its own, which stands while its result has
// no room.
class Player {
 public:
  Player(const TokenFlow& flow, std::int64_t samples)
      : flow_(flow),
        tokens_in_(samples * flow.input.tokens),
        tokens_out_(samples * flow.output.tokens),
        clocks_(farthest(flow)),
        out_clocks_(farthest(flow)),
        islands_(flow.islands.size()),
        channels_(flow.channels.begin(), flow.channels.end()) {
    for (std::size_t c = 0; c < channels_.size(); ++c) {
      islands_[flow.channels[c].from].writes.push_back(c);
      islands_[flow.channels[c].to].reads.push_back(c);
    }
    for (std::size_t i = 0; i < islands_.size(); ++i) calendar(i).start(i, 0);
  }

  Replay run() {
    play();
    replay_.deadlock = done_ < tokens_out_;
    for (const ChannelState& channel : channels_) replay_.most_reserved.push_back(channel.most);
    return std::move(replay_);
  }

  // Where all stands still, a channel of those that wait for each other in a ring grows.
  bool grow(TokenFlow& flow) {
    for (play(); done_ < tokens_out_; play()) {
      const std::optional<std::size_t> full = full_in_ring();
      if (!full) return false;
      channels_[*full].depth += flow_.channels[*full].line;
      wake(flow_.channels[*full].from);
    }
    for (std::size_t c = 0; c < channels_.size(); ++c) flow.channels[c].depth = channels_[c].depth;
    return true;
  }

 private:
  // What an island waits for: a token of a channel, or room in it.
  struct Wait {
    std::size_t channel;
    bool for_room;
  };

  void play() {
    while (pass_clock()) {
    }
  }

  std::optional<Wait> wait_of(std::size_t island) const {
    for (const std::size_t c : islands_[island].reads)
      if (channels_[c].held < channels_[c].need.next()) return Wait{c, false};
    for (const std::size_t c : islands_[island].writes)
      if (channels_[c].used + channels_[c].takes.next() > channels_[c].depth) return Wait{c, true};
    return {};
  }

  std::size_t other_side(const Wait& wait) const {
    const TokenFlow::Channel& channel = flow_.channels[wait.channel];
    return wait.for_room ? channel.to : channel.from;
  }

  // The ring that is met on the way from the output, each island waiting for the next: its full
  // channel of the shortest lines.
  std::optional<std::size_t> full_in_ring() const {
    std::size_t island = flow_.output.island;
    for (std::size_t i = 0; i < islands_.size(); ++i) {
      const std::optional<Wait> wait = wait_of(island);
      if (!wait) return {};
      island = other_side(*wait);
    }
    std::optional<std::size_t> full;
    const std::size_t first = island;
    do {
      const Wait wait = *wait_of(island);
      const bool shorter = !full || flow_.channels[wait.channel].line < flow_.channels[*full].line;
      if (wait.for_room && shorter) full = wait.channel;
      island = other_side(wait);
    } while (island != first);
    return full;
  }

  Calendar& calendar(std::size_t island) {
    return island == flow_.output.island ? out_clocks_ : clocks_;
  }

  // False if nothing is left to come.
  bool pass_clock() {
    const bool is_full = out_waiting_ == flow_.output.slots && out_clocks_.now().result;
    const bool takes = sent_ < tokens_in_ && in_waiting_ < flow_.input.slots;
    const bool gives = out_waiting_ > 0;
    begin_windows(clocks_);
    if (!is_full) begin_windows(out_clocks_);
    replay_.cycles += busy_ > 0 || hold_ > 0;
    hold_ = busy_ > 0 ? kBusyHold : std::max(hold_ - 1, 0);
    if (takes) take_beat();
    if (gives) give_beat();
    change(clocks_);
    if (!is_full) change(out_clocks_);
    clocks_.pass();
    if (!is_full) out_clocks_.pass();
    ++clock_;
    return takes || gives || hold_ > 0 || !clocks_.is_empty() || !out_clocks_.is_empty();
  }

  void take_beat() {
    if (++in_beat_ < flow_.input.beats) return;
    in_beat_ = 0;
    ++sent_;
    ++in_waiting_;
    wake(flow_.input.island);
  }

  void give_beat() {
    if (++out_beat_ < flow_.output.beats) return;
    out_beat_ = 0;
    ++done_;
    --out_waiting_;
  }

  void change(Calendar& calendar) {
    for (const Change& change : calendar.now().changes) happen(change);
    if (!calendar.now().result) return;
    ++out_waiting_;
    replay_.latency = clock_ + 1 - first_window_;
    if (++results_ % flow_.output.tokens == 0) replay_.whole.push_back(clock_ + 1);
  }

  void free_tokens(ChannelState& channel, std::size_t writer) {
    const int freed = channel.frees.next();
    channel.frees.pass();
    channel.held -= freed;
    channel.used -= freed;
    if (freed > 0) wake(writer);
  }

  void happen(const Change& change) {
    ChannelState& channel = channels_[change.channel];
    const TokenFlow::Channel& shape = flow_.channels[change.channel];
    if (change.kind == Change::Kind::kFreed) {
      free_tokens(channel, shape.from);
    } else if (change.kind == Change::Kind::kWritten && shape.late > 0) {
      clocks_.change({Change::Kind::kShown, change.channel}, shape.late);
    } else {
      ++channel.held;
      wake(shape.to);
    }
  }

  // In the next clock the island looks again, unless a window of it is under way.
  void wake(std::size_t island) {
    if (!islands_[island].asleep) return;
    islands_[island].asleep = false;
    calendar(island).start(island, 1);
  }

  void begin_windows(Calendar& calendar) {
    for (const std::size_t island : calendar.now().starts) begin_window(island, calendar);
  }

  // A window with a token, without one while earlier ones drain, or none.
  void begin_window(std::size_t index, Calendar& calendar) {
    IslandState& island = islands_[index];
    const bool fires = can_fire(index);
    if (fires) fire(index, calendar);
    const bool is_busy = fires || island.drained > calendar.time();
    busy_ += static_cast<int>(is_busy) - static_cast<int>(island.busy);
    island.busy = is_busy;
    island.asleep = !is_busy;
    if (is_busy) calendar.start(index, flow_.islands[index].window);
  }

  // fpsa_sequencer's sample_valid_i.
  bool can_fire(std::size_t island) const {
    return (island != flow_.input.island || in_waiting_ > 0) && !wait_of(island);
  }

  void fire(std::size_t index, Calendar& calendar) {
    islands_[index].drained = calendar.time() + flow_.islands[index].drain;
    for (const std::size_t c : islands_[index].writes) {
      const bool taken = channels_[c].takes.next() != 0;
      channels_[c].takes.pass();
      if (!taken) continue;
      channels_[c].most = std::max(channels_[c].most, ++channels_[c].used);
      calendar.change({Change::Kind::kWritten, c}, flow_.channels[c].end);
    }
    for (const std::size_t c : islands_[index].reads) {
      channels_[c].need.pass();
      calendar.change({Change::Kind::kFreed, c}, flow_.channels[c].freed);
    }
    if (index == flow_.input.island) {
      --in_waiting_;
      if (first_window_ < 0) first_window_ = clock_;
    }
    if (index == flow_.output.island) calendar.after(flow_.output.end).result = true;
  }

  const TokenFlow& flow_;
  const std::int64_t tokens_in_, tokens_out_;
  Calendar clocks_, out_clocks_;
  std::vector<IslandState> islands_;
  std::vector<ChannelState> channels_;
  Replay replay_;
  std::int64_t clock_ = 0, first_window_ = -1;
  std::int64_t sent_ = 0, results_ = 0, done_ = 0;
  int in_beat_ = 0, out_beat_ = 0;
  int in_waiting_ = 0, out_waiting_ = 0;
  int busy_ = 0;  // islands
  int hold_ = 0;
};

}  // namespace

Replay replay(const TokenFlow& flow, std::int64_t samples) { return Player(flow, samples).run(); }

bool grow_depths(TokenFlow& flow, std::int64_t samples) { return Player(flow, samples).grow(flow); }

std::int64_t latency(const TokenFlow& flow) { return replay(flow, 1).latency; }

}  // namespace map
