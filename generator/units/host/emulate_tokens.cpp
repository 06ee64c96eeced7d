// Samples as tokens and back, by the clock.
#include "units/host/emulate.hpp"
#include "units/host/frames.hpp"

namespace units {

namespace {

// A sink that takes often for a while, then seldom.
class Sink {
 public:
  bool takes(base::Rng& rng) {
    if (rng.below(100) == 0) seldom_ = !seldom_;
    return rng.below(seldom_ ? 8 : 2) == 0;
  }

 private:
  bool seldom_ = false;
};

// For each frame that comes, as many beats leave as a map has.
class TokenSplit final : public Clocked {
 public:
  TokenSplit(const StreamEdge& edge, int tokens)
      : edge_(edge), map_(tokens * beats_of(edge)), source_(edge, map_) {}

  Values stimulate(base::Rng& rng) override {
    beat_ = source_.offer(rng);
    takes_ = sink_.takes(rng);
    return {{"s_valid_i", bits_of(beat_ != nullptr)},
            {"s_data_i", source_.data_of(beat_)},
            {"s_last_i", bits_of(beat_ && beat_->last)},
            {"m_ready_i", bits_of(takes_)}};
  }

  Values clock(const Values&) override {
    const bool excess = came_ >= map_;
    const bool ready = awake_ && !ended_ && (excess || takes_);
    const bool valid = ended_ || (awake_ && beat_ && !excess);
    const bool taken = beat_ && ready;
    Values outputs{{"s_ready_o", bits_of(ready)},
                   {"m_valid_o", bits_of(valid)},
                   {"m_last_o", bits_of((left_ + 1) % beats_of(edge_) == 0)},
                   {"frame_error_o", bits_of(taken && is_fault(*beat_))}};
    if (valid) outputs["m_data_o"] = source_.data_of(ended_ ? nullptr : beat_);
    if (valid && takes_) ++left_;
    if (taken) take();
    if (ended_ && left_ == map_) next_frame();
    awake_ = true;
    return outputs;
  }

 private:
  // The beat at which a frame shows that it is too short, or too long.
  bool is_fault(const Beat& beat) const { return beat.last ? came_ + 1 < map_ : came_ + 1 == map_; }
  void take() {
    ++came_;
    ended_ = beat_->last;
    source_.taken();
  }
  void next_frame() {
    came_ = left_ = 0;
    ended_ = false;
  }

  StreamEdge edge_;
  int map_;  // beats
  Source source_;
  Sink sink_;
  const Beat* beat_ = nullptr;  // at the stream in this clock
  bool takes_ = false;
  bool awake_ = false;  // the first clock after reset takes nothing
  int came_ = 0;        // beats of the frame
  int left_ = 0;        // beats of its map
  bool ended_ = false;  // the frame came to its end before its map
};

class TokenJoin final : public Clocked {
 public:
  explicit TokenJoin(int tokens) : tokens_(tokens) {}

  // A beat stays until it is taken.
  Values stimulate(base::Rng& rng) override {
    if (!valid_) {
      valid_ = rng.below(3) != 0;
      last_ = rng.below(2) != 0;
    }
    takes_ = sink_.takes(rng);
    return {{"s_valid_i", bits_of(valid_)},
            {"s_ready_i", bits_of(takes_)},
            {"s_last_i", bits_of(last_)}};
  }

  Values clock(const Values&) override {
    const bool ends = last_ && (whole_ + 1) % tokens_ == 0;
    if (valid_ && takes_) {
      if (last_) ++whole_;
      valid_ = false;
    }
    return {{"m_last_o", bits_of(ends)}};
  }

 private:
  int tokens_;
  Sink sink_;
  bool valid_ = false;
  bool last_ = false;
  bool takes_ = false;
  int whole_ = 0;  // frames that have left
};

}  // namespace

std::unique_ptr<Clocked> emulate_token_split(const StreamEdge& edge, int tokens) {
  return std::make_unique<TokenSplit>(edge, tokens);
}

std::unique_ptr<Clocked> emulate_token_join(int tokens) {
  return std::make_unique<TokenJoin>(tokens);
}

}  // namespace units
