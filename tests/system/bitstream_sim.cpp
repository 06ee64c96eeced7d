// Bitstreams of a small fabric through the hardware that loads them: read back word by word,
// damaged in every way, interrupted. What is to become of a stream, a model here says.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "base/files.hpp"
#include "base/rng.hpp"
#include "fabric/bitstream.hpp"
#include "flow/bench.hpp"
#include "rig.hpp"

namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::uint32_t>;

constexpr fabric::Architecture kSmall{.columns = 2,
                                      .rows = 3,
                                      .lut_inputs = 4,
                                      .luts = 2,
                                      .clb_inputs = 5,
                                      .io_slots = 2,
                                      .channel_width = 12};
constexpr std::uint32_t kMagic = 0x41535046;

struct Fabric {
  Fabric() : graph(kSmall), layout(graph) {}
  fabric::Graph graph;
  fabric::Layout layout;
};

const Fabric& small() {
  static const Fabric fabric;
  return fabric;
}

// Of every frame with a chance of `percent` in 100, some bits.
fabric::Configuration random_bits(std::uint64_t seed, int percent) {
  base::Rng rng(seed);
  fabric::Configuration bits(small().layout);
  for (int frame = 0; frame < bits.frames(); ++frame)
    if (static_cast<int>(rng.below(100)) < percent)
      for (int bit = 0; bit < small().layout.bits(frame); ++bit)
        bits.set_bit({frame, bit, 1}, 0, rng.below(3) == 0);
  return bits;
}

Words words_of(const std::string& bytes) {
  Words words(bytes.size() / 4);
  for (std::size_t i = 0; i < 4 * words.size(); ++i)
    words[i / 4] |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << i % 4 * 8;
  return words;
}

Words stream_of(const fabric::Configuration& bits) {
  return words_of(fabric::encode(bits, kSmall));
}

std::uint32_t crc_of(const Words& words) {
  std::string bytes;
  for (const std::uint32_t word : words)
    for (int i = 0; i < 4; ++i) bytes += static_cast<char>(word >> 8 * i & 0xFF);
  return static_cast<std::uint32_t>(
      ::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

// With a right CRC behind it.
Words sealed(Words words) {
  words.push_back(crc_of(words));
  return words;
}

enum Fault {
  kNone,
  kBadMagic,
  kBadVersion,
  kBadFingerprint,
  kBadCount,
  kBadAddress,
  kBadOrder,
  kBadBits,
  kBadTail,
  kBadCrc,
  kTrailing
};

// What becomes of a load of all of `words`: takes them one by one, each with what it must be.
class Outcome {
 public:
  explicit Outcome(const Words& words) : words_(words) {
    if (next(kBadMagic, [](std::uint32_t word) { return word == kMagic; }) &&
        next(kBadVersion, [](std::uint32_t word) { return word == 1; }) &&
        next(kBadFingerprint,
             [](std::uint32_t word) { return word == fabric::fingerprint(kSmall); }) &&
        next(kBadCount, [](std::uint32_t word) { return word <= limit(); }) &&
        read_frames(words_[3]) && next(kBadCrc, [this](std::uint32_t word) {
          return word == crc_of({words_.begin(), words_.begin() + static_cast<long>(at_)});
        })) {
      active = at_ == words_.size();
      if (!active) fault = kTrailing;
    }
    busy = !active && fault == kNone;
  }

  bool active = false, busy = false;
  Fault fault = kNone;

 private:
  static std::uint32_t limit() { return static_cast<std::uint32_t>(small().layout.frames()); }

  template <class Right>
  bool next(Fault otherwise, Right right) {
    if (at_ == words_.size()) return false;
    if (!right(words_[at_])) {
      fault = otherwise;
      return false;
    }
    ++at_;
    return true;
  }

  bool read_frames(std::uint32_t frames) {
    std::int64_t above = -1;
    for (; frames > 0; --frames) {
      if (!next(kBadAddress, [](std::uint32_t word) { return word < limit(); })) return false;
      if (words_[at_ - 1] <= above) {
        fault = kBadOrder;
        return false;
      }
      above = words_[at_ - 1];
      if (!next(kBadBits, [](std::uint32_t word) { return word > 0 && word <= 1U << 21; }))
        return false;
      if (!read_words(words_[at_ - 1])) return false;
    }
    return true;
  }

  bool read_words(std::uint32_t bits) {
    for (; bits > 32; bits -= 32)
      if (!next(kNone, [](std::uint32_t) { return true; })) return false;
    return next(kBadTail, [bits](std::uint32_t word) { return std::uint64_t{word} >> bits == 0; });
  }

  const Words& words_;
  std::size_t at_ = 0;
};

// Accesses to the port, as tests/rtl/fpsa_config_script_tb.v plays them.
class Script {
 public:
  void write(unsigned address, std::uint32_t data) { add(1, address, data); }
  void refuse_write(unsigned address, std::uint32_t data) { add(2, address, data); }
  void read(unsigned address, std::uint32_t data) { add(3, address, data); }
  void refuse_read(unsigned address) { add(4, address, 0); }
  void any(bool is) { add(5, 0, is); }
  void refuse_strobes(unsigned address, std::uint32_t data) { add(6, address, data); }

  void start() { write(0, 1); }
  void status(bool active, bool busy, Fault fault) {
    add(7, 0, active);
    read(0, static_cast<std::uint32_t>(fault) << 4 | (busy ? 2U : 0U) | (active ? 1U : 0U));
  }
  void words(const Words& all) {
    for (const std::uint32_t word : all) write(4, word);
  }

  // All of a stream, and what becomes of it.
  void load(const Words& all) {
    start();
    status(false, true, kNone);
    any(false);
    words(all);
    const Outcome outcome(all);
    status(outcome.active, outcome.busy, outcome.fault);
    if (outcome.fault != kNone) any(false);
  }

  void holds(const fabric::Configuration& bits) {
    for (int frame = 0; frame < bits.frames(); ++frame) {
      write(8, static_cast<std::uint32_t>(frame));
      const int size = small().layout.bits(frame);
      for (int word = 0; word <= size / 32 + 1; ++word) {
        write(0xc, static_cast<std::uint32_t>(word));
        const int count = std::clamp(size - 32 * word, 0, 32);
        read(0x10, count == 0 ? 0 : bits.value({frame, 32 * word, count}));
      }
    }
  }

  std::string text() const {
    std::string all;
    for (const std::string& line : lines_) all += line + "\n";
    return all + "000000000000\n";
  }
  std::size_t size() const { return lines_.size(); }

 private:
  void add(int what, unsigned address, std::uint32_t data) {
    lines_.push_back(fmt::format("{:x}{:03x}{:08x}", what, address, data));
  }
  std::vector<std::string> lines_;
};

// The frames of the fabric on one bus; those without bits are not there.
std::string frames_module() {
  std::string text =
      "module config_frames (\n  input  wire        clk_i,\n  input  wire        clear_i,\n  input "
      " wire [15:0] frame_i,\n  input  wire [15:0] word_i,\n"
      "  input  wire        write_i,\n  input  wire [31:0] data_i,\n  output wire [31:0] read_o,\n"
      "  output wire        any_o\n);\n  wire [31:0] read_0 = 32'd0;\n  wire any_0 = 1'b0;\n";
  int count = 0;
  for (int frame = 0; frame < small().layout.frames(); ++frame) {
    const int bits = small().layout.bits(frame);
    if (bits == 0) continue;
    text += fmt::format(
        "  wire [31:0] read_{1};\n  wire [{2}:0] bits_{1};\n  wire any_{1} = any_{0} | "
        "(|bits_{1});\n"
        "  fpsa_frame #(.Bits({3})) u_{1} (.clk_i(clk_i), .clear_i(clear_i),\n"
        "    .address_i(16'd{4}), .frame_i(frame_i), .word_i(word_i), .write_i(write_i),\n"
        "    .data_i(data_i), .read_i(read_{0}), .read_o(read_{1}), .bits_o(bits_{1}));\n",
        count, count + 1, bits - 1, bits, frame);
    ++count;
  }
  return text +
         fmt::format("  assign read_o = read_{0};\n  assign any_o = any_{0};\nendmodule\n", count);
}

void expect_pass(const Script& script, const std::string& name, config::Simulator simulator) {
  const fs::path source = FPSA_SOURCE_DIR;
  const fs::path folder = test::fresh_folder("bitstream_" + name);
  base::write_file(folder / "script.mem", script.text());
  base::write_file(folder / "config_frames.v", frames_module());
  flow::BenchRequest request{.directory = folder,
                             .simulator = simulator,
                             .name = "rtl",
                             .top = "fpsa_config_script_tb",
                             .parameters = {}};
  request.sources = {source / "tests" / "rtl" / "fpsa_config_script_tb.v", "config_frames.v"};
  request.libraries = {source / "rtl", source / "tests" / "rtl"};
  request.parameters = {{"Frames", std::to_string(small().layout.frames())},
                        {"Fingerprint", fmt::format("32'h{:x}", fabric::fingerprint(kSmall))},
                        {"Accesses", std::to_string(script.size())}};
  EXPECT_NO_THROW(flow::require_pass(flow::run_bench(request)));
}

constexpr auto kIcarus = config::Simulator::kIcarus;
constexpr auto kVerilator = config::Simulator::kVerilator;

Script every_configuration() {
  Script script;
  script.status(false, false, kNone);
  script.read(0x14, fabric::fingerprint(kSmall));
  script.holds(fabric::Configuration(small().layout));
  for (const int percent : {75, 100, 0, 30, 75, 10}) {
    const auto bits = random_bits(static_cast<std::uint64_t>(percent), percent);
    script.load(stream_of(bits));
    script.holds(bits);
    script.status(true, false, kNone);
  }
  return script;
}

TEST(BitstreamLoader, ReadsBackWhatItLoads) {
  expect_pass(every_configuration(), "all_icarus", kIcarus);
  expect_pass(every_configuration(), "all_verilator", kVerilator);
}

TEST(BitstreamLoader, NoticesEveryFlippedBit) {
  const auto bits = random_bits(7, 10);
  const Words good = stream_of(bits);
  ASSERT_GT(good[3], 1U);
  Script script;
  for (std::size_t bit = 0; bit < 32 * good.size(); ++bit) {
    Words bad = good;
    bad[bit / 32] ^= 1U << bit % 32;
    EXPECT_FALSE(Outcome(bad).active);
    script.load(bad);
  }
  script.load(good);
  script.holds(bits);
  expect_pass(script, "flips", kIcarus);
}

TEST(BitstreamLoader, WaitsForWhatIsCutOff) {
  const Words good = stream_of(random_bits(2, 50));
  Script script;
  for (std::size_t size = 0; size < good.size(); ++size) {
    const Words part(good.begin(), good.begin() + static_cast<long>(size));
    EXPECT_TRUE(Outcome(part).busy);
    script.load(part);
    script.refuse_read(0x10);
  }
  script.load(good);
  script.holds(random_bits(2, 50));
  expect_pass(script, "cut", kIcarus);
}

TEST(BitstreamLoader, RefusesNonsenseWithARightCrc) {
  const std::uint32_t mine = fabric::fingerprint(kSmall);
  const auto frames = static_cast<std::uint32_t>(small().layout.frames());
  const std::vector<std::pair<Words, Fault>> cases = {
      {{kMagic, 1, mine, 0}, kNone},
      {{kMagic + 1, 1, mine, 0}, kBadMagic},
      {{kMagic, 2, mine, 0}, kBadVersion},
      {{kMagic, 1, mine ^ 1, 0}, kBadFingerprint},
      {{kMagic, 1, mine, frames + 1}, kBadCount},
      {{kMagic, 1, mine, 1, frames, 1, 1}, kBadAddress},
      {{kMagic, 1, mine, 1, 65536 + 3, 1, 1}, kBadAddress},
      {{kMagic, 1, mine, 1, frames - 1, 1, 1}, kNone},
      {{kMagic, 1, mine, 2, 5, 1, 1, 5, 1, 1}, kBadOrder},
      {{kMagic, 1, mine, 2, 5, 1, 1, 4, 1, 1}, kBadOrder},
      {{kMagic, 1, mine, 2, 0, 1, 1, 0, 1, 1}, kBadOrder},
      {{kMagic, 1, mine, 2, 0, 1, 1, 1, 32, 0x80000000}, kNone},
      {{kMagic, 1, mine, 1, 5, 0}, kBadBits},
      {{kMagic, 1, mine, 1, 5, (1U << 21) + 1}, kBadBits},
      {{kMagic, 1, mine, 1, 5, 1, 2}, kBadTail},
      {{kMagic, 1, mine, 1, 5, 33, 0xffffffff, 2}, kBadTail},
      {{kMagic, 1, mine, 1, 5, 63, 0xffffffff, 0x80000000}, kBadTail},
      {{kMagic, 1, mine, 1, 5, 63, 0xffffffff, 0x7fffffff}, kNone},
      {{kMagic, 1, mine, 0, 1}, kBadCrc}};
  Script script;
  for (const auto& [words, fault] : cases) {
    EXPECT_EQ(Outcome(sealed(words)).fault, fault);
    script.load(sealed(words));
    script.words({kMagic, 0, 1});  // change the first fault no more
    script.status(false, false, fault == kNone ? kTrailing : fault);
    script.any(false);
  }
  expect_pass(script, "nonsense", kIcarus);
}

TEST(BitstreamLoader, RefusesAnotherFabric) {
  fabric::Architecture other = kSmall;
  other.channel_width = 14;
  const fabric::Graph graph(other);
  const fabric::Configuration none{fabric::Layout(graph)};
  const auto bits = random_bits(4, 75);
  Script script;
  script.load(stream_of(bits));
  script.holds(bits);
  script.load(words_of(fabric::encode(none, other)));
  script.status(false, false, kBadFingerprint);
  script.holds(fabric::Configuration(small().layout));
  expect_pass(script, "foreign", kIcarus);
}

TEST(BitstreamLoader, BeginsAnewAtAnyWord) {
  const Words first = stream_of(random_bits(5, 75));
  const auto bits = random_bits(6, 40);
  Script script;
  script.write(4, kMagic);  // before the first load
  script.status(false, false, kTrailing);
  for (std::size_t size = 0; size <= first.size(); size += 7) {
    script.start();
    script.words({first.begin(), first.begin() + static_cast<long>(size)});
    script.load(stream_of(bits));
    script.holds(bits);
  }
  expect_pass(script, "anew", kIcarus);
}

TEST(ConfigPort, AnswersWhatItDoesNotDoWithAnError) {
  const auto bits = random_bits(8, 75);
  const Words stream = stream_of(bits);
  const auto frames = static_cast<std::uint32_t>(small().layout.frames());
  Script script;
  script.write(8, 3);
  script.write(0xc, 0xffff);
  script.start();
  for (const std::uint32_t word : stream) {
    script.refuse_strobes(4, word);
    script.refuse_strobes(0, 1);
    script.refuse_read(0x10);
    script.write(0, 0xfffffffe);
    script.write(4, word);
  }
  script.status(true, false, kNone);
  script.refuse_write(8, frames);
  script.refuse_write(8, 65536);
  script.refuse_write(0xc, 65536);
  script.refuse_strobes(8, 1);
  script.refuse_strobes(0xc, 1);
  for (const unsigned address : {0x10U, 0x14U, 0x18U, 1U, 0x804U}) script.refuse_write(address, 1);
  for (const unsigned address : {4U, 0x18U, 2U, 0x810U, 0xffcU}) script.refuse_read(address);
  script.read(8, 3);
  script.read(0xc, 0xffff);
  script.read(0x10, 0);
  script.status(true, false, kNone);
  script.holds(bits);
  expect_pass(script, "answers", kIcarus);
}

}  // namespace
