// A design's tokens in time: what its sequencers, channels and streams do in which clock, with
// crossbars that take one clock a tick. It knows no values, no units and no netlist. Runs take time
// by the windows that begin in them, not by islands and clocks.
#pragma once

#include <cstdint>
#include <vector>

namespace map {

/// Islands joined by channels. Times are ticks of an island, counted from the first tick of a
/// window as 0; all lie before its drain or its window ends.
struct TokenFlow {
  struct Island {
    int window = 1;  ///< ticks
    int drain = 1;   ///< ticks until its last result is complete, the first counted as 1
  };
  struct Channel {
    std::size_t from = 0, to = 0;  ///< islands
    int end = 0;                   ///< tick of the writer's window that completes its token
    int late = 0;                  ///< clocks more until the reader may take it
    int freed = 0;                 ///< tick of the reader's window that frees tokens
    /// Tokens that the firings of a sample want to see, and those that they free, firing by firing;
    /// fewer numbers repeat.
    std::vector<int> need{1}, frees{1};
    std::vector<int> takes{
        1};         ///< 0 or 1: whether it takes the token of each of the writer's windows
    int line = 1;   ///< tokens by which memory grows
    int depth = 1;  ///< tokens
  };
  /// A stream from or to the host, both always ready.
  struct Edge {
    std::size_t island = 0;
    int end = 0;     ///< output: tick of the window that completes a token
    int beats = 1;   ///< a token
    int slots = 1;   ///< tokens that wait
    int tokens = 1;  ///< a sample
  };
  std::vector<Island> islands;
  std::vector<Channel> channels;
  Edge input, output;
};

struct Design;
/// The token flow of a design: times from the phases of its links, sizes from its units.
TokenFlow token_flow(const Design& design);

struct Replay {
  bool deadlock = false;
  std::int64_t cycles = 0;          ///< clocks that the design's cycle counter counts
  std::int64_t latency = 0;         ///< from the first window's first clock to the last result
  std::vector<int> most_reserved;   ///< tokens, by channel
  std::vector<std::int64_t> whole;  ///< clock after which a sample's last result is, by sample
};

/// Plays `samples` samples through `flow`. Windows that have begun always end, so what stops does
/// so for ever: then it is a deadlock, and cycles counts up to it.
Replay replay(const TokenFlow& flow, std::int64_t samples);

/// Plays `samples` samples and deepens channels, by their lines, where all stands still because
/// they are full: with the depths that it leaves, no number of samples ends in a deadlock. False if
/// islands stand still for want of tokens.
bool grow_depths(TokenFlow& flow, std::int64_t samples);

/// Clocks from the start of a lone sample's first window until its result is whole.
std::int64_t latency(const TokenFlow& flow);

/// Clocks between two samples once the pace is steady.
double clocks_a_sample(const TokenFlow& flow);

/// Gives each channel the depth that lets samples pass as fast as endless channels do, or nearly:
/// walks the least lines of their map with which nothing stands still and as many more, the same
/// for all, as are enough (or, if that is slow, what endless ones hold of a host that keeps to
/// their pace); others what they then hold at most and no more than the least number that is enough
/// for all. False if even endless channels end in a deadlock.
bool choose_depths(TokenFlow& flow);

}  // namespace map
