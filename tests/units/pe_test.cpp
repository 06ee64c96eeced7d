#include "units/pe/pe.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/bits.hpp"
#include "base/error.hpp"
#include "base/rng.hpp"
#include "printed_config.hpp"

namespace units {
namespace {

struct Case {
  PeConfig config;
  PeContent content;
  quant::IntegerBatch inputs;
};

Case random_case(base::Rng& rng, config::Neuron neuron, config::Train train) {
  Case c;
  c.config.rows = static_cast<int>(rng.between(1, 90));
  c.config.cols = static_cast<int>(rng.between(1, 70));
  c.config.weight_bits = static_cast<int>(rng.between(2, 9));
  c.config.activation_bits =
      static_cast<int>(rng.between(1, train == config::Train::kRate ? 6 : 9));
  c.config.neuron = neuron;
  c.config.train = train;
  const std::int64_t weight = (std::int64_t{1} << (c.config.weight_bits - 1)) - 1;
  c.content.weights.resize(c.config.rows, c.config.cols);
  for (Eigen::Index i = 0; i < c.content.weights.size(); ++i)
    c.content.weights(i) = static_cast<std::int32_t>(rng.between(-weight, weight));
  const std::int64_t spread = c.config.rows * weight + 1;
  for (int col = 0; col < c.config.cols; ++col) {
    c.content.threshold.push_back(rng.between(1, spread));
    c.content.offset.push_back(rng.between(-spread, spread));
  }
  c.config = with_widths(c.config, spread, spread);
  c.inputs.resize(5, c.config.rows);
  for (Eigen::Index i = 0; i < c.inputs.size(); ++i)
    c.inputs(i) =
        static_cast<std::int32_t>(rng.below(std::uint64_t{1} << c.config.activation_bits));
  return c;
}

// Streams all windows through the emulator, and one more for the exact neurons' answers.
Trains stream(const Case& c, int lag) {
  const int window = window_ticks(c.config.train, c.config.activation_bits);
  const Trains in = encode(c.inputs, c.config.train, c.config.activation_bits);
  const auto ticks = in.ticks();
  Trains out(c.config.cols, ticks);
  PeEmulator pe(c.config, c.content);
  const std::vector<std::uint64_t> silent(in.tick(0).size(), 0);
  Trains spikes(c.config.cols, 1);
  for (std::size_t t = 0; t < ticks + static_cast<std::size_t>(lag); ++t) {
    const auto sums = pe.sums(t < ticks ? in.tick(t) : std::span<const std::uint64_t>(silent));
    pe.step(sums, t % static_cast<std::size_t>(window) == 0, spikes.tick(0));
    if (t >= static_cast<std::size_t>(lag))
      out.merge(t - static_cast<std::size_t>(lag), 0, spikes, 0, 0, c.config.cols);
  }
  return out;
}

// What an exact neuron owes, in plain integers: nothing of it is shared with the emulator.
struct Exact {
  std::int64_t value = 0;
  bool tie = false;
  bool clamped = false;
};

Exact exact_value(const Case& c, int sample, int col) {
  const auto column = static_cast<std::size_t>(col);
  const std::int64_t theta = c.content.threshold[column];
  std::int64_t sum = c.content.offset[column] - theta / 2;
  for (int r = 0; r < c.config.rows; ++r)
    sum += std::int64_t{c.content.weights(r, col)} * c.inputs(sample, r);
  if (sum < 0) return {.value = 0, .clamped = true};
  const std::int64_t top =
      c.config.has_tops ? c.content.top[column] : (std::int64_t{1} << c.config.activation_bits) - 1;
  Exact exact{.value = sum / theta, .tie = 2 * (sum % theta) == theta};
  const bool up =
      exact.tie ? !c.config.half_even || exact.value % 2 == 1 : 2 * (sum % theta) > theta;
  if (up) ++exact.value;
  exact.clamped = exact.value > top;
  exact.value = std::min(exact.value, top);
  return exact;
}

class ExactNeurons : public ::testing::TestWithParam<config::Train> {};

// Thresholds of few units, so that many sums lie halfway, and tops of every height.
void draw_codes(Case& c, base::Rng& rng) {
  c.config.has_tops = rng.below(2) == 1;
  c.config.half_even = rng.below(2) == 1;
  const std::int64_t highest = (std::int64_t{1} << c.config.activation_bits) - 1;
  for (int col = 0; col < c.config.cols; ++col) {
    if (rng.below(2)) c.content.threshold[static_cast<std::size_t>(col)] = rng.between(1, 4);
    if (c.config.has_tops) c.content.top.push_back(rng.between(0, highest));
  }
}

TEST_P(ExactNeurons, EqualsTheIntegerRule) {
  base::Rng rng(7);
  for (int trial = 0; trial < 60; ++trial) {
    const Case c = random_case(rng, config::Neuron::kExact, GetParam());
    const int window = window_ticks(c.config.train, c.config.activation_bits);
    const quant::IntegerBatch out =
        decode(stream(c, window), c.config.train, c.config.activation_bits);
    for (int s = 0; s < c.inputs.rows(); ++s)
      for (int col = 0; col < c.config.cols; ++col)
        ASSERT_EQ(out(s, col), exact_value(c, s, col).value)
            << "trial " << trial << " column " << col;
  }
}

TEST_P(ExactNeurons, EndsAtItsTopAndRoundsTiesToEven) {
  base::Rng rng(11);
  int ties = 0;
  int clamped = 0;
  int values = 0;
  for (int trial = 0; trial < 120; ++trial) {
    Case c = random_case(rng, config::Neuron::kExact, GetParam());
    draw_codes(c, rng);
    const int window = window_ticks(c.config.train, c.config.activation_bits);
    const quant::IntegerBatch out =
        decode(stream(c, window), c.config.train, c.config.activation_bits);
    for (int s = 0; s < c.inputs.rows(); ++s)
      for (int col = 0; col < c.config.cols; ++col) {
        const Exact exact = exact_value(c, s, col);
        ASSERT_EQ(out(s, col), exact.value) << "trial " << trial << " column " << col;
        ties += exact.tie && !exact.clamped;
        clamped += exact.clamped && exact.value > 0;
        ++values;
      }
  }
  EXPECT_GT(ties, values / 200);
  EXPECT_GT(clamped, values / 10);
}

TEST(ExactNeuron, OfASignedTensorRoundsItsHalvesAlike) {
  // y(S) - y(-S) at theta = 4: sums 2 and 10 lie halfway between two codes, 6 between 1 and 2.
  for (const auto& [sum, even] :
       std::vector<std::pair<int, int>>{{2, 0}, {6, 2}, {10, 2}, {-6, -2}}) {
    Case c{{.rows = 1, .cols = 2, .weight_bits = 6, .activation_bits = 4, .half_even = true},
           {quant::WeightMatrix(1, 2), {2, 2}, {4, 4}, {}},
           quant::IntegerBatch::Constant(1, 1, 1)};
    c.content.weights << sum, -sum;
    c.config = with_widths(c.config, 2, 4);
    const quant::IntegerBatch out = decode(stream(c, 4), c.config.train, 4);
    EXPECT_EQ(out(0, 0) - out(0, 1), even) << sum;
  }
}

INSTANTIATE_TEST_SUITE_P(Trains, ExactNeurons,
                         ::testing::Values(config::Train::kBinary, config::Train::kRate));

TEST(SignedNeuron, FiresOncePerThresholdOfARisingMembrane) {
  // One row of weight 3, threshold 2: 3 a tick, so a spike every tick and the rest is kept.
  Case c{{.rows = 1,
          .cols = 1,
          .weight_bits = 4,
          .activation_bits = 2,
          .neuron = config::Neuron::kSigned,
          .train = config::Train::kRate},
         {quant::WeightMatrix::Constant(1, 1, 3), {1}, {2}, {}},
         quant::IntegerBatch::Constant(1, 1, 3)};
  c.config = with_widths(c.config, 1, 2);
  const Trains out = stream(c, 0);
  // Input 3 of 4 ticks (bit-reversed counter 0, 2, 1, 3): spikes at ticks 0, 1, 2.
  for (std::size_t t = 0; t < 4; ++t) EXPECT_TRUE(out.get(t, 0)) << t;
}

TEST(PairedNeuron, NegativeSpikesCancelLaterPositiveOnes) {
  Case c{{.rows = 2,
          .cols = 1,
          .weight_bits = 4,
          .activation_bits = 2,
          .neuron = config::Neuron::kPaired,
          .train = config::Train::kRate},
         {quant::WeightMatrix(2, 1), {0}, {2}, {}},
         quant::IntegerBatch(1, 2)};
  c.content.weights << 2, -2;
  c.inputs << 3, 1;  // + at ticks 0, 1, 2; - at tick 0 only
  c.config = with_widths(c.config, 0, 2);
  const Trains out = stream(c, 0);
  EXPECT_FALSE(out.get(0, 0));
  EXPECT_TRUE(out.get(1, 0));
  EXPECT_TRUE(out.get(2, 0));
  EXPECT_FALSE(out.get(3, 0));
}

TEST(PeLoad, WordsPackTheLowestColumnFirst) {
  PeConfig config{.rows = 1, .cols = 5, .weight_bits = 8, .activation_bits = 6};
  config = with_widths(config, 10, 10);
  PeContent content{quant::WeightMatrix(1, 5), {1, 2, 3, 4, -5}, {6, 7, 8, 9, 10}, {}};
  content.weights << 1, -1, 127, -127, 5;
  const std::vector<LoadWord> words = load_words(config, content);
  ASSERT_EQ(words.size(), 2u + 5u + 5u);
  EXPECT_EQ(words[0].data, 0x817fff01u);
  EXPECT_EQ(words[1].data, 0x00000005u);
  EXPECT_EQ(words[2].address, 1u << 20);
  EXPECT_EQ(words[6].data, 0xfffffffbu);
  EXPECT_EQ(words[6].address, (1u << 20) + 8);
  EXPECT_EQ(words[11].address, (2u << 20) + 8);
}

TEST(PeLoad, TopsComeLast) {
  PeConfig config{.rows = 1, .cols = 2, .weight_bits = 8, .activation_bits = 6, .has_tops = true};
  config = with_widths(config, 10, 10);
  const PeContent content{quant::WeightMatrix::Constant(1, 2, 1), {1, 2}, {3, 4}, {63, 5}};
  const std::vector<LoadWord> words = load_words(config, content);
  ASSERT_EQ(words.size(), 1u + 2u + 2u + 2u);
  EXPECT_EQ(words[5].address, 3u << 20);
  EXPECT_EQ(words[5].data, 63u);
  EXPECT_EQ(words[6].address, (3u << 20) + 2);
  EXPECT_EQ(words[6].data, 5u);
  EXPECT_EQ(memory_images(config, content).tops, "3f\n05\n");
}

TEST(PeLoad, ARowOfWeightsStartsAtAPowerOfTwo) {
  const PeConfig config{.rows = 2, .cols = 9, .weight_bits = 8, .activation_bits = 6};
  const PeContent content{quant::WeightMatrix::Constant(2, 9, 1), {}, {}, {}};
  std::vector<std::uint32_t> addresses;
  for (const LoadWord& word : load_words(config, content)) addresses.push_back(word.address);
  EXPECT_EQ(addresses, (std::vector<std::uint32_t>{0, 1, 2, 4, 5, 6}));
}

TEST(PeWidths, RefuseSumsPastTheMembrane) {
  PeConfig config{.rows = 1024, .cols = 1, .weight_bits = 16, .activation_bits = 12};
  try {
    with_widths(config, std::int64_t{1} << 61, 1);
    FAIL() << "accepted";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.faults().front().code, base::Code::kDoesNotFit);
  }
}

TEST(PeWidths, RefuseCodesOfNeuronsThatAreNotExact) {
  for (const config::Neuron neuron : {config::Neuron::kSigned, config::Neuron::kPaired})
    for (const bool tops : {false, true}) {
      const PeConfig config{
          .neuron = neuron, .train = config::Train::kRate, .has_tops = tops, .half_even = !tops};
      try {
        with_widths(config, 1, 1);
        FAIL() << "accepted";
      } catch (const base::Error& error) {
        EXPECT_EQ(error.faults().front().code, base::Code::kDoesNotFit);
      }
    }
}

TEST(PeNames, TellNeuronsApart) {
  PeConfig config{.rows = 3, .cols = 2};
  EXPECT_EQ(module_name(config), "fpsa_pe_3x2");
  config.has_tops = true;
  config.half_even = true;
  EXPECT_EQ(module_name(config), "fpsa_pe_3x2_tops_even");
}

TEST(Trains, MergeCopiesAnyRunOfLanes) {
  base::Rng rng(3);
  for (int trial = 0; trial < 200; ++trial) {
    Trains from(200, 1);
    for (int lane = 0; lane < 200; ++lane)
      if (rng.below(2)) from.set(0, lane);
    const int count = static_cast<int>(rng.between(1, 130));
    const int first = static_cast<int>(rng.between(0, 200 - count));
    const int at = static_cast<int>(rng.between(0, 60));
    Trains to(190, 1);
    to.merge(0, at, from, 0, first, count);
    for (int lane = 0; lane < 190; ++lane) {
      const bool inside = lane >= at && lane < at + count;
      ASSERT_EQ(to.get(0, lane), inside && from.get(0, first + lane - at));
    }
  }
}

TEST(Trains, RatePrefixesStayNearEvenSpacing) {
  constexpr int kBits = 6;
  for (int x = 0; x < 64; ++x) {
    const Trains train =
        encode(quant::IntegerBatch::Constant(1, 1, x), config::Train::kRate, kBits);
    int count = 0;
    for (int t = 0; t < 64; ++t) {
      count += train.get(static_cast<std::size_t>(t), 0);
      // A bit-reversed counter is a van der Corput sequence: the worst of 6 bits is 2.11 spikes.
      EXPECT_NEAR(count, x * (t + 1) / 64.0, 2.2) << x;
    }
    EXPECT_EQ(count, x);
  }
}

TEST(Trains, DecodeInvertsEncode) {
  for (const config::Train train : {config::Train::kBinary, config::Train::kRate}) {
    quant::IntegerBatch values(1, 32);
    for (int i = 0; i < 32; ++i) values(0, i) = i;
    EXPECT_EQ(decode(encode(values, train, 5), train, 5), values);
  }
}

TEST(Trains, SignedValuesTravelAsTwoLanes) {
  quant::IntegerBatch values(1, 3);
  values << 5, -7, 0;
  quant::IntegerBatch lanes(1, 6);
  lanes << 5, 0, 0, 0, 7, 0;
  EXPECT_EQ(to_lanes(values, true), lanes);
  EXPECT_EQ(from_lanes(lanes, true), values);
}

}  // namespace
}  // namespace units
