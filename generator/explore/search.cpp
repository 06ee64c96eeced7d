#include "explore/search.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <tuple>

namespace explore {

namespace {

// The greatest of ascending `choices` that is at most `block`, or the least of all.
int at_most(const std::vector<int>& choices, int block) {
  const auto above = std::ranges::upper_bound(choices, block);
  return above == choices.begin() ? choices.front() : *std::prev(above);
}

class Search {
 public:
  Search(const Choices& choices, double least, const Accuracy& accuracy)
      : choices_(choices), least_(least), accuracy_(accuracy) {}

  std::vector<Trial> take() {
    const std::optional<Trial> best = uniform();
    if (best && choices_.size() > 1) refine(*best);
    return std::move(trials_);
  }

 private:
  Trial trial(const Blocks& blocks) {
    const auto made = std::ranges::find(trials_, blocks, &Trial::blocks);
    if (made != trials_.end()) return *made;
    trials_.push_back({blocks, accuracy_(blocks)});
    return trials_.back();
  }

  // The trial of the largest blocks that reaches the limit.
  std::optional<Trial> uniform() {
    std::vector<int> all;
    for (const std::vector<int>& own : choices_) all.insert(all.end(), own.begin(), own.end());
    std::ranges::sort(all, std::greater<>());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    std::optional<Trial> best;
    for (const int block : all) {
      Blocks blocks;
      for (const std::vector<int>& own : choices_) blocks.push_back(at_most(own, block));
      const Trial made = trial(blocks);
      if (!best && made.accuracy >= least_) best = made;
    }
    return best;
  }

  // `blocks` with the next larger one of `layer`.
  std::optional<Blocks> raised(Blocks blocks, std::size_t layer) const {
    const std::vector<int>& own = choices_[layer];
    const auto next = std::ranges::upper_bound(own, blocks[layer]);
    if (next == own.end()) return std::nullopt;
    blocks[layer] = *next;
    return blocks;
  }

  void refine(Trial at) {
    std::vector<bool> barred(choices_.size(), false);
    for (;;) {
      std::optional<Trial> best;
      for (std::size_t layer = 0; layer < choices_.size(); ++layer) {
        const std::optional<Blocks> blocks =
            barred[layer] ? std::nullopt : raised(at.blocks, layer);
        if (!blocks) continue;
        const Trial made = trial(*blocks);
        barred[layer] = made.accuracy < least_;
        if (!barred[layer] && (!best || made.accuracy > best->accuracy)) best = made;
      }
      if (!best) return;
      at = *best;
    }
  }

  const Choices& choices_;
  double least_;
  const Accuracy& accuracy_;
  std::vector<Trial> trials_;
};

bool is_better(const Figures& a, const Figures& b) {
  return a != b && a.accuracy >= b.accuracy && a.clocks <= b.clocks &&
         a.multipliers <= b.multipliers && a.memory_bits <= b.memory_bits;
}

}  // namespace

Choices choices_of(const std::vector<int>& sizes, const std::vector<int>& blocks) {
  Choices choices;
  for (const int size : sizes) {
    std::vector<int> own;
    for (int block : blocks) {
      while (size % block != 0) block /= 2;
      own.push_back(block);
    }
    std::ranges::sort(own);
    own.erase(std::unique(own.begin(), own.end()), own.end());
    choices.push_back(std::move(own));
  }
  return choices;
}

std::vector<Trial> try_blocks(const Choices& choices, double least, const Accuracy& accuracy) {
  return Search(choices, least, accuracy).take();
}

std::size_t most_trials(const Choices& choices) {
  std::size_t uniform = 0;
  std::size_t steps = 0;
  for (const std::vector<int>& own : choices) {
    uniform += own.size();
    steps += own.size() - 1;
  }
  // Each step up tries every layer at most once.
  return uniform + (choices.size() > 1 ? (steps + 1) * choices.size() : 0);
}

std::vector<bool> pareto_front(const std::vector<Figures>& designs) {
  std::vector<bool> front;
  for (auto one = designs.begin(); one != designs.end(); ++one)
    front.push_back(std::none_of(designs.begin(), designs.end(),
                                 [&](const Figures& other) { return is_better(other, *one); }) &&
                    std::find(designs.begin(), one, *one) == one);
  return front;
}

bool is_preferred(const Figures& a, const Figures& b) {
  return std::tuple(a.clocks, a.multipliers, a.memory_bits, -a.accuracy) <
         std::tuple(b.clocks, b.multipliers, b.memory_bits, -b.accuracy);
}

}  // namespace explore
