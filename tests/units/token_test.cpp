// Samples as tokens and back: what leaves is what came, frame by frame, however it was timed.
#include <gtest/gtest.h>

#include "units/host/emulate.hpp"

namespace units {
namespace {

struct Beat {
  base::Bits data;
  bool last = false;
};
using Beats = std::vector<Beat>;

// Beats of a side of a stream, whose signals begin with "s_" or "m_".
void record(Beats& beats, const std::string& side, const Values& inputs, const Values& outputs) {
  const auto at = [&](const std::string& name) {
    for (const char* end : {"_i", "_o"})
      for (const Values* values : {&inputs, &outputs})
        if (values->contains(side + name + end)) return values->at(side + name + end);
    return bits_of(0);
  };
  if (at("valid").get(0) && at("ready").get(0)) beats.push_back({at("data"), at("last").get(0)});
}

std::vector<Beats> frames_of(const Beats& beats) {
  std::vector<Beats> frames(1);
  for (const Beat& beat : beats) {
    frames.back().push_back(beat);
    if (beat.last) frames.emplace_back();
  }
  frames.pop_back();
  return frames;
}

constexpr int kTokens = 3;
constexpr StreamEdge kEdge{.lanes = 5, .activation_bits = 4, .beat_lanes = 2};  // three beats
constexpr std::size_t kMap = 9;

TEST(TokenSplit, LetsWholeMapsLeave) {
  const auto model = emulate_token_split(kEdge, kTokens);
  base::Rng rng(7);
  Beats in;
  Beats out;
  std::size_t faults = 0;
  for (int clock = 0; clock < 4000; ++clock) {
    const Values inputs = model->stimulate(rng);
    const Values outputs = model->clock(inputs);
    record(in, "s_", inputs, outputs);
    record(out, "m_", inputs, outputs);
    faults += outputs.at("frame_error_o").get(0);
  }
  std::size_t left = 0;
  std::size_t wrong = 0;
  for (const Beats& frame : frames_of(in)) {
    wrong += frame.size() != kMap;
    for (std::size_t b = 0; b < kMap && left < out.size(); ++b, ++left) {
      EXPECT_EQ(out[left].data, b < frame.size() ? frame[b].data : base::Bits(16)) << left;
      EXPECT_EQ(out[left].last, left % 3 == 2) << left;
    }
  }
  EXPECT_GT(left, 100 * kMap);
  EXPECT_LE(out.size() - left, kMap);  // of the frame that is under way
  EXPECT_GT(wrong, 10U);
  EXPECT_TRUE(faults == wrong || faults == wrong + 1);
}

TEST(TokenJoin, EndsASampleWithItsLastToken) {
  const auto model = emulate_token_join(kTokens);
  base::Rng rng(7);
  std::size_t tokens = 0;
  for (int clock = 0; clock < 2000; ++clock) {
    const Values inputs = model->stimulate(rng);
    const bool ends = model->clock(inputs).at("m_last_o").get(0);
    const bool last = inputs.at("s_last_i").get(0);
    EXPECT_EQ(ends, last && tokens % kTokens == 2) << clock;
    tokens += inputs.at("s_valid_i").get(0) && inputs.at("s_ready_i").get(0) && last;
  }
  EXPECT_GT(tokens, 100U);
}

// A frame of few lanes is a beat, of one byte at the least.
TEST(TokenSplit, TakesAndGivesTheBeatsOfAnEncoder) {
  const auto number = [](const Parameters& parameters, const std::string& name) {
    for (const auto& [key, value] : parameters)
      if (key == name) return std::get<std::int64_t>(value);
    return std::int64_t{-1};
  };
  for (const int lanes : {1, 4, 5})
    for (const int bits : {1, 8, 9})
      for (const int beat_lanes : {1, 4}) {
        const StreamEdge edge{.lanes = lanes, .activation_bits = bits, .beat_lanes = beat_lanes};
        const UnitPtr split = token_split(edge, kTokens);
        const UnitPtr behind = encoder(edge);
        const Port& data = behind->ports()[behind->port("s_data_i")];
        for (const char* name : {"s_data_i", "m_data_o"}) {
          const Port& port = split->ports()[split->port(name)];
          EXPECT_EQ(port.lanes, data.lanes);
          EXPECT_EQ(port.bits, data.bits);
        }
        EXPECT_EQ(number(split->parameters(), "Beats"), (lanes + beat_lanes - 1) / beat_lanes);
        EXPECT_EQ(number(split->parameters(), "DataBits"), beat_lanes * (bits > 8 ? 16 : 8));
      }
}

}  // namespace
}  // namespace units
