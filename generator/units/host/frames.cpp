#include "units/host/frames.hpp"

namespace units {

int lane_bits(const StreamEdge& edge) {
  return static_cast<int>(base::ceil_div(edge.activation_bits, 8)) * 8;
}

int beats_of(const StreamEdge& edge) {
  return static_cast<int>(base::ceil_div(edge.lanes, edge.beat_lanes));
}

std::int64_t top_of(const StreamEdge& edge) {
  return (std::int64_t{1} << edge.activation_bits) - 1;
}

base::Bits data_of(const Sample& lanes, int bits) {
  base::Bits data(lanes.size() * static_cast<std::size_t>(bits));
  for (std::size_t i = 0; i < data.size(); ++i)
    data.set(
        i, (lanes[i / static_cast<std::size_t>(bits)] >> (i % static_cast<std::size_t>(bits))) & 1);
  return data;
}

const Beat* Source::offer(base::Rng& rng) {
  if (!beat_) draw(rng);
  offers_ = offers_ || rng.below(3) != 0;
  return offers_ ? &*beat_ : nullptr;
}

void Source::taken() {
  beat_.reset();
  offers_ = false;
}

base::Bits Source::data_of(const Beat* beat) const {
  return units::data_of(beat ? beat->lanes : Sample(static_cast<std::size_t>(edge_.beat_lanes), 0),
                        lane_bits(edge_));
}

void Source::draw(base::Rng& rng) {
  if (left_ == 0)
    left_ = rng.below(6) == 0 ? static_cast<int>(rng.between(1, 2 * right_ + 1)) : right_;
  beat_ = Beat{{}, --left_ == 0};
  for (int l = 0; l < edge_.beat_lanes; ++l) beat_->lanes.push_back(value(rng));
}

std::int64_t Source::value(base::Rng& rng) const {
  const std::int64_t most = (std::int64_t{1} << lane_bits(edge_)) - 1;
  return rng.between(
      0, rng.below(8 * static_cast<std::uint64_t>(edge_.beat_lanes)) == 0 ? most : top_of(edge_));
}

}  // namespace units
