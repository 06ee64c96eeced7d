// The two ends of a network's streams, by the clock.
#include <algorithm>
#include <deque>
#include <optional>

#include "units/clocked_windows.hpp"
#include "units/host/emulate.hpp"
#include "units/host/frames.hpp"
#include "units/trains.hpp"

namespace units {

namespace {

class Encoder final : public Clocked {
 public:
  explicit Encoder(const StreamEdge& edge)
      : edge_(edge),
        windows_(window_ticks(edge.train, edge.activation_bits)),
        source_(edge, beats_of(edge)),
        spikes_(static_cast<std::size_t>(edge.lanes)) {}

  Values stimulate(base::Rng& rng) override {
    windows_.choose(rng, waiting_.has_value());
    beat_ = source_.offer(rng);
    Values inputs = windows_.inputs();
    inputs["s_valid_i"] = bits_of(beat_ != nullptr);
    inputs["s_data_i"] = source_.data_of(beat_);
    inputs["s_last_i"] = bits_of(beat_ && beat_->last);
    return inputs;
  }

  Values clock(const Values&) override {
    const bool ready = awake_ && (dropping_ || !waiting_);
    Values outputs{{"s_ready_o", bits_of(ready)}, {"sample_valid_o", bits_of(waiting_.has_value())},
                   {"win_o", bits_of(win_)},      {"live_o", bits_of(live_)},
                   {"spike_o", spikes_},          {"frame_error_o", bits_of(0)},
                   {"range_error_o", bits_of(0)}};
    play();
    if (ready && beat_) {
      take(*beat_, outputs);
      source_.taken();
    }
    awake_ = true;
    return outputs;
  }

 private:
  // The window that starts with a tick plays the sample that waited, or silence.
  void play() {
    if (windows_.tick()) {
      if (windows_.win()) {
        playing_ = windows_.live() ? *waiting_ : Sample(static_cast<std::size_t>(edge_.lanes), 0);
        if (windows_.live()) waiting_.reset();
        live_ = windows_.live();
      }
      win_ = windows_.win();
      show(windows_.position());
    }
    windows_.edge();
  }
  void show(int tick) {
    quant::IntegerBatch values(1, edge_.lanes);
    for (int l = 0; l < edge_.lanes; ++l)
      values(l) = static_cast<std::int32_t>(playing_[static_cast<std::size_t>(l)]);
    const Trains trains = encode(values, edge_.train, edge_.activation_bits);
    for (int l = 0; l < edge_.lanes; ++l)
      spikes_.set(static_cast<std::size_t>(l), trains.get(static_cast<std::size_t>(tick), l));
  }

  // A frame is a sample if its last beat is the one that completes it; else it is dropped whole.
  void take(const Beat& beat, Values& outputs) {
    if (dropping_) {
      dropping_ = !beat.last;
      return;
    }
    for (const std::int64_t value : beat.lanes) {
      if (gathered_.size() == static_cast<std::size_t>(edge_.lanes)) break;
      if (value > top_of(edge_)) outputs["range_error_o"] = bits_of(1);
      gathered_.push_back(std::min(value, top_of(edge_)));
    }
    const bool complete = gathered_.size() == static_cast<std::size_t>(edge_.lanes);
    if (complete && beat.last) waiting_ = gathered_;
    if (complete != beat.last) outputs["frame_error_o"] = bits_of(1);
    dropping_ = complete && !beat.last;
    if (complete || beat.last) gathered_.clear();
  }

  StreamEdge edge_;
  Windows windows_;
  Source source_;
  const Beat* beat_ = nullptr;  // at the stream in this clock
  bool awake_ = false;          // the first clock after reset takes nothing
  bool dropping_ = false;       // until a frame's last beat
  Sample gathered_;
  std::optional<Sample> waiting_;
  Sample playing_;
  base::Bits spikes_;
  bool win_ = false;
  bool live_ = false;
};

class Decoder final : public Clocked {
 public:
  explicit Decoder(const StreamEdge& edge)
      : edge_(edge),
        windows_(window_ticks(edge.train, edge.activation_bits)),
        values_(static_cast<std::size_t>(edge.lanes), 0) {}

  Values stimulate(base::Rng& rng) override {
    windows_.choose(rng, true, true);
    if (!ready()) windows_.choose(rng, true, false);
    takes_ = rng.below(takes_seldom_ ? 8 : 2) == 0;
    if (rng.below(100) == 0) takes_seldom_ = !takes_seldom_;
    Values inputs = windows_.inputs();
    inputs["spike_i"] = random_bits(edge_.lanes, rng);
    inputs["m_ready_i"] = bits_of(takes_);
    return inputs;
  }

  Values clock(const Values& inputs) override {
    const bool valid = !samples_.empty();
    Values outputs{{"ready_o", bits_of(ready())},
                   {"m_valid_o", bits_of(valid)},
                   {"captured_o", bits_of(captured_)}};
    if (valid) show(outputs);
    const bool ended = windows_.tick() && windows_.last() && windows_.live();
    if (windows_.tick()) take(inputs.at("spike_i"));
    windows_.edge();
    if (valid && takes_) next_beat();
    if (ended) samples_.push_back(values_);
    captured_ = ended;
    return outputs;
  }

 private:
  static constexpr std::size_t kDepth = 2;

  // No tick may complete a sample for which there is no room.
  bool ready() const { return !(windows_.last() && windows_.live() && samples_.size() == kDepth); }
  void show(Values& outputs) const {
    Sample lanes(static_cast<std::size_t>(edge_.beat_lanes), 0);
    for (std::size_t l = 0; l < lanes.size(); ++l) {
      const std::size_t at = static_cast<std::size_t>(beat_) * lanes.size() + l;
      if (at < samples_.front().size()) lanes[l] = samples_.front()[at];
    }
    outputs["m_data_o"] = data_of(lanes, lane_bits(edge_));
    outputs["m_last_o"] = bits_of(beat_ + 1 == beats_of(edge_));
  }
  void next_beat() {
    if (++beat_ < beats_of(edge_)) return;
    beat_ = 0;
    samples_.pop_front();
  }
  void take(const base::Bits& spikes) {
    for (std::size_t l = 0; l < values_.size(); ++l) {
      if (windows_.win()) values_[l] = 0;
      values_[l] = edge_.train == config::Train::kBinary
                       ? 2 * values_[l] + spikes.get(l)
                       : std::min<std::int64_t>(values_[l] + spikes.get(l), top_of(edge_));
    }
  }

  StreamEdge edge_;
  Windows windows_;
  Sample values_;  // of the running window
  std::deque<Sample> samples_;
  int beat_ = 0;
  bool captured_ = false;
  bool takes_ = false;
  bool takes_seldom_ = false;
};

}  // namespace

std::unique_ptr<Clocked> emulate_encoder(const StreamEdge& edge) {
  return std::make_unique<Encoder>(edge);
}

std::unique_ptr<Clocked> emulate_decoder(const StreamEdge& edge) {
  return std::make_unique<Decoder>(edge);
}

}  // namespace units
