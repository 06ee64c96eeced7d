// fpsa_smb against a model that knows values and windows only: modes, trains, stalls, simulators.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <optional>

#include "base/files.hpp"
#include "base/rng.hpp"
#include "flow/bench.hpp"
#include "rig.hpp"

namespace {

namespace fs = std::filesystem;

constexpr int kLanes = 5, kDepth = 3, kAddressBits = 2, kActBits = 3, kTicks = 600;
constexpr int kMost = (1 << kActBits) - 1;

enum Mode { kStore, kMax, kAdd };

struct Case {
  Mode mode;
  int train;  // 0 binary, 1 rate
  config::Simulator simulator;
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << c.mode << c.train << config::to_string(c.simulator);
}

using Values = std::vector<int>;

int merged(Mode mode, int old, int fresh) {
  if (mode == kMax) return std::max(old, fresh);
  return mode == kAdd ? std::min(old + fresh, kMost) : fresh;
}

// Tick `at` of the train that the memory plays for `value`.
bool played(int train, int value, int at) {
  if (train == 0) return (value >> (kActBits - 1 - at) & 1) != 0;
  int reversed = 0;
  for (int bit = 0; bit < kActBits; ++bit) reversed |= (at >> bit & 1) << (kActBits - 1 - bit);
  return reversed < value;
}

// A window of spikes for one lane: the bits of a value, or that many ticks at random.
std::vector<bool> random_train(base::Rng& rng, int train, int period, int& value) {
  std::vector<bool> spikes(static_cast<std::size_t>(period));
  value = 0;
  for (auto spike : spikes) {
    spike = rng.below(3) != 0;
    value = train == 0 ? 2 * value + spike : std::min(value + spike, kMost);
  }
  return spikes;
}

// Writes random windows and reads others, in a phase of their own.
class Stimuli {
 public:
  Stimuli(Case c, std::uint64_t seed)
      : case_(c), rng_(seed), period_(c.train == 0 ? kActBits : 1 << kActBits) {}

  void tick() {
    if (time_ % period_ == 0) open_write();
    const int at = (time_ + period_ - 1) % period_;
    const bool read_win = time_ > 0 && at == 0;
    if (read_win) open_read();
    emit(read_win, at);
    if (time_ % period_ == period_ - 1 && write_) store();
    ++time_;
  }

  std::string stimulus, expected;

 private:
  void open_write() {
    write_ = rng_.below(4) != 0;
    address_ = static_cast<int>(rng_.below(kDepth));
    first_ = !memory_[address_] || rng_.below(4) == 0;
    trains_.clear();
    values_.assign(kLanes, 0);
    for (int& value : values_) trains_.push_back(random_train(rng_, case_.train, period_, value));
  }

  void open_read() {
    read_address_ = static_cast<int>(rng_.below(kDepth));
    read_ = memory_[read_address_] && rng_.below(5) != 0;
    plays_ = read_ ? *memory_[read_address_] : Values(kLanes, 0);
  }

  void store() {
    std::optional<Values>& cell = memory_[address_];
    for (int lane = 0; cell && !first_ && lane < kLanes; ++lane)
      values_[lane] = merged(case_.mode, (*cell)[lane], values_[lane]);
    cell = values_;
  }

  void emit(bool read_win, int at) {
    std::uint64_t word = read_win;
    word = word << 1 | read_;
    word = word << kAddressBits | static_cast<std::uint64_t>(read_address_);
    word = word << 1 | first_;
    word = word << 1 | write_;
    word = word << kAddressBits | static_cast<std::uint64_t>(address_);
    word = word << 1 | (time_ % period_ == 0);
    std::uint64_t answer = read_win;
    for (int lane = kLanes - 1; lane >= 0; --lane) {
      word = word << 1 | trains_[lane][time_ % period_];
      answer = answer << 1 | played(case_.train, plays_[lane], at);
    }
    stimulus += fmt::format("{:x}\n", word);
    expected += fmt::format("{:x}\n", answer);
  }

  Case case_;
  base::Rng rng_;
  int period_;
  int time_ = 0;
  bool write_ = false, first_ = false, read_ = false;
  int address_ = 0, read_address_ = 0;
  std::vector<std::vector<bool>> trains_;
  Values values_, plays_ = Values(kLanes, 0);
  std::array<std::optional<Values>, kDepth> memory_;
};

void write_vectors(const Case& c, const fs::path& folder) {
  Stimuli stimuli(c, 7);
  for (int t = 0; t < kTicks; ++t) stimuli.tick();
  fs::create_directories(folder / "tb" / "vectors");
  base::write_file(folder / "tb/vectors/stimulus.mem", stimuli.stimulus);
  base::write_file(folder / "tb/vectors/expected.mem", stimuli.expected);
  base::write_file(folder / "tb/tb_params.vh",
                   fmt::format("`define LANES {}\n`define DEPTH {}\n`define ADDR_BITS {}\n"
                               "`define ACT_BITS {}\n`define TRAIN {}\n`define MODE {}\n"
                               "`define TICKS {}\n",
                               kLanes, kDepth, kAddressBits, kActBits, c.train,
                               static_cast<int>(c.mode), kTicks));
}

class SpikingMemory : public ::testing::TestWithParam<Case> {};

TEST_P(SpikingMemory, PlaysWhatWasMerged) {
  const fs::path folder = test::fresh_folder("smb_" + ::testing::PrintToString(GetParam()));
  write_vectors(GetParam(), folder);
  flow::BenchRequest request{.directory = folder,
                             .simulator = GetParam().simulator,
                             .name = "rtl",
                             .top = "fpsa_tb_smb",
                             .parameters = {}};
  const fs::path source = FPSA_SOURCE_DIR;
  request.sources.push_back(source / "tb/fpsa_tb_smb.v");
  for (const char* leaf : {"smb", "merge", "window_tracker", "train_encoder", "train_decoder"})
    request.sources.push_back(source / "rtl" / fmt::format("fpsa_{}.v", leaf));
  const flow::BenchResult result = flow::run_bench(request);
  EXPECT_EQ(result.verdict, fmt::format("PASS ticks={} compared={}", kTicks, kTicks * (kLanes + 1)))
      << ::testing::PrintToString(result.mismatches);
}

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const Mode mode : {kStore, kMax, kAdd})
    for (const int train : {0, 1})
      for (const auto simulator : {config::Simulator::kIcarus, config::Simulator::kVerilator})
        all.push_back({mode, train, simulator});
  return all;
}

INSTANTIATE_TEST_SUITE_P(All, SpikingMemory, ::testing::ValuesIn(cases()));

}  // namespace
