// Phase I: which blocks the weights of a model's layers bear. Phase II's choice: what no other
// design is better than in everything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace explore {

/// Of a model's layers, in order.
using Blocks = std::vector<int>;

/// A model with these blocks, and the share of samples that it classes rightly.
struct Trial {
  Blocks blocks;
  double accuracy = 0.0;
};

/// What makes a trial; called once for the same blocks.
using Accuracy = std::function<double(const Blocks&)>;

/// The blocks that each layer can have, ascending.
using Choices = std::vector<std::vector<int>>;

/// Of each layer those of `blocks` that divide its `sizes` entry, which is its number of cells: a
/// power of two that does not is the greatest that does and that is less. Ascending, each once.
Choices choices_of(const std::vector<int>& sizes, const std::vector<int>& blocks);

/// All trials, in the order in which they were made. First uniform ones, from large blocks to
/// small: all layers have the same, or the greatest choice below it. All are made, though the first
/// that reaches `least` would do, since what lies below and above it belongs to the picture. Then,
/// of several layers, from the largest uniform blocks that reach `least`: each layer in turn with
/// its next larger choice; of those that still reach `least` the one of the greatest accuracy (the
/// first of equals) stays, and so on until none does. A layer that once fell short is not tried
/// again.
std::vector<Trial> try_blocks(const Choices& choices, double least, const Accuracy& accuracy);

/// The most trials that try_blocks() can make.
std::size_t most_trials(const Choices& choices);

/// What a design is judged by.
struct Figures {
  double accuracy = 0.0;
  std::int64_t clocks = 0;
  std::int64_t multipliers = 0;
  std::int64_t memory_bits = 0;
  bool operator==(const Figures&) const = default;
};

/// Which of `designs` no other is better than: as good in all figures and better in one. Of equal
/// ones the first.
std::vector<bool> pareto_front(const std::vector<Figures>& designs);

/// Whether `a` is to be built rather than `b`: fewer clocks, then fewer multipliers, then fewer
/// bits of memory, then more accurate.
bool is_preferred(const Figures& a, const Figures& b);

}  // namespace explore
