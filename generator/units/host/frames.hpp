// Frames of a stream, for the emulations of what takes them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "units/clocked.hpp"
#include "units/host/host.hpp"

namespace units {

/// Values of a sample or of a beat, a lane each.
using Sample = std::vector<std::int64_t>;

struct Beat {
  Sample lanes;
  bool last = false;
};

/// Bits of a lane in a beat: whole bytes.
int lane_bits(const StreamEdge& edge);
/// Beats that a window's values take.
int beats_of(const StreamEdge& edge);
/// The greatest value of the train.
std::int64_t top_of(const StreamEdge& edge);
/// `lanes` side by side, `bits` each.
base::Bits data_of(const Sample& lanes, int bits);

/// A source of frames of which most have `beats` beats, and most of their values are in range.
class Source {
 public:
  Source(const StreamEdge& edge, int beats) : edge_(edge), right_(beats) {}

  /// What stands at the stream, if anything; a beat stays until it is taken.
  const Beat* offer(base::Rng& rng);
  void taken();
  /// Data of a beat, zeros if there is none.
  base::Bits data_of(const Beat* beat) const;

 private:
  void draw(base::Rng& rng);
  std::int64_t value(base::Rng& rng) const;

  StreamEdge edge_;
  int right_;
  int left_ = 0;  // beats of the frame that have not been drawn
  std::optional<Beat> beat_;
  bool offers_ = false;
};

}  // namespace units
