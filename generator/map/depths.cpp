// How deep channels have to be.
#include <algorithm>
#include <limits>

#include "map/replay.hpp"

namespace map {

namespace {

int whole_lines(int tokens, int line) { return (tokens + line - 1) / line * line; }

// The least depth with which a channel's reader goes on, in whole lines.
int least(const TokenFlow::Channel& channel) {
  return whole_lines(*std::ranges::max_element(channel.need), channel.line);
}

bool walks(const TokenFlow::Channel& channel) { return channel.need != std::vector{1}; }

// Long enough that the fastest rate shows behind the longest way.
std::int64_t samples_for(const TokenFlow& flow) {
  if (flow.input.tokens > 1 || std::ranges::any_of(flow.channels, walks)) return 3;
  std::int64_t samples = 16;
  for (const TokenFlow::Island& island : flow.islands)
    samples += 2 * (island.drain / island.window + 2);
  return samples;
}

// Tries limits of the channels' depths.
class Depths {
 public:
  explicit Depths(TokenFlow& flow) : flow_(flow), samples_(samples_for(flow)) {}

  bool choose() {
    set_endless();
    const Replay endless = play();
    if (endless.deadlock) return false;
    cycles_ = endless.cycles;
    pace_ = endless.whole.back() - endless.whole[endless.whole.size() - 2];
    if (!lines()) return false;
    most_ = play().most_reserved;
    others();
    return true;
  }

 private:
  static constexpr int kMostLines = 4;  // beyond the least; more are not worth their memory
  static constexpr int kSlow = 64;      // unless a part of this many of the speed is lost

  Replay play() const { return replay(flow_, samples_); }
  bool is_enough() const {
    const Replay limited = play();
    return !limited.deadlock && limited.cycles <= cycles_;
  }

  void set_endless() {
    for (TokenFlow::Channel& channel : flow_.channels)
      channel.depth = std::numeric_limits<int>::max() / 2;
  }

  // The fewest lines for all walks that do not slow the samples down.
  bool lines() {
    if (std::ranges::none_of(flow_.channels, walks)) return true;
    for (TokenFlow::Channel& channel : flow_.channels)
      if (walks(channel)) channel.depth = least(channel);
    if (!grow_depths(flow_, samples_)) return false;
    for (const TokenFlow::Channel& channel : flow_.channels) grown_.push_back(channel.depth);
    add_lines(kMostLines);
    const std::int64_t most = play().cycles;
    if (most > cycles_ + cycles_ / kSlow) {
      hold_all();
      return true;
    }
    cycles_ = std::max(cycles_, most);
    for (int more = 0; more < kMostLines; ++more) {
      add_lines(more);
      if (is_enough()) return true;
    }
    add_lines(kMostLines);
    return true;
  }

  void add_lines(int more) {
    for (std::size_t c = 0; c < grown_.size(); ++c)
      if (TokenFlow::Channel& channel = flow_.channels[c]; walks(channel))
        channel.depth = grown_[c] + more * channel.line;
  }

  // Short lines, of which paths of unequal length keep many: as many as endless channels hold if
  // the host sends no faster than samples pass.
  void hold_all() {
    set_endless();
    const int beats = flow_.input.beats;
    const int taken = flow_.input.slots == 1 ? 1 : 0;  // clocks more a token
    flow_.input.beats = std::max(beats, static_cast<int>(pace_ / flow_.input.tokens) - taken);
    const std::vector<int> held = play().most_reserved;
    flow_.input.beats = beats;
    for (std::size_t c = 0; c < grown_.size(); ++c)
      if (TokenFlow::Channel& channel = flow_.channels[c]; walks(channel))
        channel.depth = std::max(grown_[c], whole_lines(held[c], channel.line));
    cycles_ = std::max(cycles_, play().cycles);
  }

  // The least limit of all other channels.
  void others() {
    int low = 1;
    int high = 1;
    for (std::size_t c = 0; c < most_.size(); ++c)
      if (!walks(flow_.channels[c])) high = std::max(high, most_[c]);
    while (low < high) {
      const int depth = (low + high) / 2;
      limit(depth);
      if (is_enough())
        high = depth;
      else
        low = depth + 1;
    }
    limit(low);
  }

  void limit(int depth) {
    for (std::size_t c = 0; c < most_.size(); ++c)
      if (TokenFlow::Channel& channel = flow_.channels[c]; !walks(channel))
        channel.depth = std::max(std::min(most_[c], depth), least(channel));
  }

  TokenFlow& flow_;
  std::int64_t samples_;
  std::int64_t cycles_ = 0;  // of a run that no channel slows down
  std::int64_t pace_ = 0;    // clocks a sample in it
  std::vector<int> grown_;   // depths with which nothing stands still, the least of walks
  std::vector<int> most_;
};

}  // namespace

// Over the later half, in which nothing starts any more: what is under way at once are as many
// samples as fit in the latency.
double clocks_a_sample(const TokenFlow& flow) {
  const std::int64_t least =
      std::int64_t{flow.input.tokens} * flow.islands[flow.input.island].window;
  const std::int64_t lead = std::max(samples_for(flow), latency(flow) / least + 2);
  const std::vector<std::int64_t> whole = replay(flow, 2 * lead).whole;
  const std::size_t first = whole.size() / 2;
  const std::size_t last = whole.size() - 1;
  return static_cast<double>(whole[last] - whole[first]) / static_cast<double>(last - first);
}

bool choose_depths(TokenFlow& flow) { return flow.channels.empty() || Depths(flow).choose(); }

}  // namespace map
