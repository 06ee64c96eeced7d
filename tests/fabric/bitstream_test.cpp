#include "fabric/bitstream.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/rng.hpp"

namespace fabric {
namespace {

using testing::HasSubstr;

constexpr Architecture kSmall{.columns = 2,
                              .rows = 3,
                              .lut_inputs = 4,
                              .luts = 2,
                              .clb_inputs = 5,
                              .io_slots = 2,
                              .channel_width = 12};

struct Fabric {
  explicit Fabric(const Architecture& architecture) : graph(architecture), layout(graph) {}
  Graph graph;
  Layout layout;
};

Configuration random_bits(const Layout& layout, std::uint64_t seed) {
  base::Rng rng(seed);
  Configuration bits(layout);
  for (int frame = 0; frame < layout.frames(); ++frame)
    if (rng.below(4) != 0)
      for (int bit = 0; bit < layout.bits(frame); ++bit)
        bits.set_bit({frame, bit, 1}, 0, rng.below(3) == 0);
  return bits;
}

TEST(Layout, GivesEveryBitToOneField) {
  const Fabric one(kSmall);
  std::set<std::pair<int, int>> taken;
  const auto take = [&](const Field& field) {
    for (int i = 0; i < field.bits; ++i)
      EXPECT_TRUE(taken.emplace(field.frame, field.first + i).second);
  };
  for (std::size_t node = 0; node < one.graph.size(); ++node)
    take(one.layout.multiplexer(NodeId(node)));
  for (int y = 1; y <= 3; ++y)
    for (int x = 1; x <= 2; ++x)
      for (int lut = 0; lut < 2; ++lut) {
        take(one.layout.table(x, y, lut));
        for (int input = 0; input < 4; ++input) take(one.layout.choice(x, y, lut, input));
        take(one.layout.flip_flop(x, y, lut));
      }
  int bits = 0;
  for (int frame = 0; frame < one.layout.frames(); ++frame) bits += one.layout.bits(frame);
  EXPECT_EQ(static_cast<int>(taken.size()), bits);
  EXPECT_EQ(one.layout.frames(), 4 * 5);
}

TEST(Fanins, AreWhatTheGraphDrives) {
  const Graph graph(kSmall);
  const Fanins fanins(graph);
  std::size_t edges = 0;
  for (std::size_t node = 0; node < graph.size(); ++node) {
    const auto inputs = fanins.of(NodeId(node));
    EXPECT_TRUE(std::ranges::is_sorted(inputs));
    for (const NodeId from : inputs) {
      const auto wires = graph.wires(from);
      const auto pins = graph.inputs(from);
      EXPECT_EQ(std::ranges::count(wires, NodeId(node)) + std::ranges::count(pins, NodeId(node)),
                1);
      ++edges;
    }
  }
  EXPECT_EQ(edges, graph.edges());
}

TEST(Bitstream, DecodesToWhatWasEncoded) {
  const Fabric one(kSmall);
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const Configuration bits = random_bits(one.layout, seed);
    const std::string bytes = encode(bits, kSmall);
    EXPECT_EQ(decode(bytes, "x", one.graph, one.layout), bits);
    EXPECT_EQ(encode(decode(bytes, "x", one.graph, one.layout), kSmall), bytes);
  }
  const Configuration none(one.layout);
  EXPECT_EQ(encode(none, kSmall).size(), 20U);
  EXPECT_EQ(decode(encode(none, kSmall), "x", one.graph, one.layout), none);
}

std::string fault_of(const std::string& bytes, const Fabric& one) {
  try {
    decode(bytes, "load.bin", one.graph, one.layout);
  } catch (const base::Error& error) {
    EXPECT_EQ(error.faults()[0].code, base::Code::kFileUnreadable);
    EXPECT_EQ(error.faults()[0].where, "load.bin");
    return error.faults()[0].what;
  }
  return "";
}

TEST(Bitstream, EveryFlippedBitIsFound) {
  const Fabric one(kSmall);
  const std::string bytes = encode(random_bits(one.layout, 1), kSmall);
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    std::string bad = bytes;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ 1 << bit % 8);
    ASSERT_NE(fault_of(bad, one), "") << bit;
  }
}

TEST(Bitstream, EveryTruncationIsFound) {
  const Fabric one(kSmall);
  const std::string bytes = encode(random_bits(one.layout, 2), kSmall);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    ASSERT_NE(fault_of(bytes.substr(0, size), one), "") << size;
  EXPECT_NE(fault_of(bytes + "FPSA", one), "");
}

// Words of a bitstream whose CRC is right, so that what comes behind it is looked at.
std::string sealed(const std::vector<std::uint32_t>& words) {
  std::string bytes = "FPSA";
  const auto put = [&bytes](std::uint32_t word) {
    for (int i = 0; i < 4; ++i) bytes += static_cast<char>(word >> 8 * i & 0xFF);
  };
  for (const std::uint32_t word : words) put(word);
  put(static_cast<std::uint32_t>(
      ::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size())));
  return bytes;
}

TEST(Bitstream, NonsenseWithARightCrcIsRefused) {
  const Fabric one(kSmall);
  const std::uint32_t mine = fingerprint(kSmall);
  const auto bits = static_cast<std::uint32_t>(one.layout.bits(5));
  ASSERT_GT(bits % 32, 0U);
  std::vector<std::uint32_t> frame = {5, bits};
  frame.resize(2 + (bits + 31) / 32, 1);
  const auto stream = [&](std::uint32_t frames, std::vector<std::vector<std::uint32_t>> parts) {
    std::vector<std::uint32_t> words = {1, mine, frames};
    for (const auto& part : parts) words.insert(words.end(), part.begin(), part.end());
    return sealed(words);
  };
  EXPECT_EQ(fault_of(stream(1, {frame}), one), "");
  EXPECT_THAT(fault_of("GPSA", one), HasSubstr("does not begin with FPSA"));
  EXPECT_THAT(fault_of(sealed({2, mine, 0}), one), HasSubstr("of version 2"));
  EXPECT_THAT(fault_of(stream(2, {frame, frame}), one), HasSubstr("comes twice"));
  EXPECT_THAT(fault_of(stream(1, {{99, 1, 1}}), one), HasSubstr("has no frame 99"));
  EXPECT_THAT(fault_of(stream(1, {{5, bits + 1, 1}}), one), HasSubstr("has not"));
  EXPECT_THAT(fault_of(stream(2, {frame}), one), HasSubstr("truncated"));
  EXPECT_THAT(fault_of(stream(0xFFFFFFFF, {}), one), HasSubstr("truncated"));
  EXPECT_THAT(fault_of(stream(0, {frame}), one), HasSubstr("more follows"));
  frame.back() = 1U << 31;
  EXPECT_THAT(fault_of(stream(1, {frame}), one), HasSubstr("bits beyond its end"));
}

TEST(Bitstream, OfAnotherFabricIsRefused) {
  const Fabric one(kSmall);
  const std::string bytes = encode(random_bits(one.layout, 3), kSmall);
  for (const auto change : std::initializer_list<void (*)(Architecture&)>{
           [](Architecture& a) { a.columns = 3; }, [](Architecture& a) { a.lut_inputs = 5; },
           [](Architecture& a) { a.channel_width = 14; },
           [](Architecture& a) { a.pattern = Pattern::kDisjoint; },
           [](Architecture& a) { a.fc_in_percent = 50; }}) {
    Architecture other = kSmall;
    change(other);
    EXPECT_NE(fingerprint(other), fingerprint(kSmall));
    EXPECT_THAT(fault_of(bytes, Fabric(other)), HasSubstr("of another fabric"));
  }
  Architecture slower = kSmall;
  slower.delays.wire_resistance = 999;
  EXPECT_EQ(fingerprint(slower), fingerprint(kSmall));
}

// Hard tiles that differ inside alone make other fabrics.
TEST(Bitstream, OfOtherHardTilesIsRefused) {
  const auto with = [](const std::string& content) {
    Architecture architecture = kSmall;
    architecture.hard = {{"pe", "clk_i", {{"in"}, {"out", 1, false}}, {2}, 0, content}};
    return architecture;
  };
  const Fabric narrow(with("6 bits")), wide(with("8 bits"));
  const std::string bytes = encode(random_bits(narrow.layout, 4), narrow.graph.architecture());
  EXPECT_EQ(fault_of(bytes, narrow), "");
  EXPECT_THAT(fault_of(bytes, wide), HasSubstr("of another fabric"));
}

TEST(Bitstream, AsTextNamesWhatIsOn) {
  const Fabric one(kSmall);
  Configuration bits(one.layout);
  const NodeId wire = one.graph.wire(NodeKind::kHorizontal, 1, 1, 2);
  bits.set(one.layout.multiplexer(wire), 1);
  bits.set_bit(one.layout.table(2, 3, 1), 5, true);
  bits.set(one.layout.choice(2, 3, 1, 0), 3);
  bits.set(one.layout.choice(2, 3, 1, 1), 7);
  bits.set(one.layout.flip_flop(2, 3, 1), 3);
  const std::string text = to_text(bits, one.graph, one.layout);
  EXPECT_THAT(text, HasSubstr("track 2 = 1\n"));
  EXPECT_THAT(text, HasSubstr("(2, 3) lut 1 table 0000000000100000\n"));
  EXPECT_THAT(text, HasSubstr("(2, 3) lut 1 in 0 = input 2\n"));
  EXPECT_THAT(text, HasSubstr("(2, 3) lut 1 in 1 = lut 1\n"));
  EXPECT_THAT(text, HasSubstr("(2, 3) lut 1 flip-flop 1 initial 1\n"));
  EXPECT_EQ(std::ranges::count(text, '\n'), 6);
}

}  // namespace
}  // namespace fabric
