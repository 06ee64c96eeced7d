// The C++ bench under Verilator on the toy network, sound and broken in each way that it must
// notice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "fixtures.hpp"
#include "flow/json.hpp"
#include "flow/tool.hpp"
#include "flow/verilator.hpp"
#include "toy.hpp"

namespace {

namespace fs = std::filesystem;
using base::Code;
using flow::Verdict;
using flow_test::fault_of;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::size_t kSamples = 20;

// What load unit 0 of the toy does; see fpsa_toy_top.v.
enum class Mode { kSound, kWrongBit, kHang, kExtraBeat, kNoTlast, kLostWindow, kCounter, kDrop };

class ToyBench : public testing::Test {
 protected:
  ToyBench() {
    flow_test::make_toy(run_, kSamples);
    request_.directory = run_;
    request_.seed = 4;
    request_.timeout = 1000;
  }

  void bench_line(const std::string& line) {
    const fs::path file = run_ / "tb" / "bench.txt";
    base::write_file(file, base::read_file(file) + line + "\n");
  }

  // Breaks the toy through its load port, so that one model serves every test.
  void set_mode(Mode mode) {
    base::write_file(run_ / "tb" / "mode.txt",
                     "000000000000000" + std::to_string(static_cast<int>(mode)) + "\n");
    bench_line("load 0 mode.txt");
  }

  flow::SimulationResult simulate() { return flow::simulate_verilator(request_); }

  const fs::path run_ = fs::path(FPSA_BINARY_DIR) / "tests" / "toy_run";
  flow::SimulationRequest request_;
};

TEST_F(ToyBench, SoundDesignPasses) {
  std::vector<std::size_t> progress;
  request_.progress = [&](const std::string& what, std::size_t done, std::size_t total) {
    if (what != "samples") return;
    EXPECT_EQ(total, kSamples);
    progress.push_back(done);
  };
  bench_line("ceilings 0");
  bench_line("windows 20");
  const flow::SimulationResult result = simulate();
  EXPECT_EQ(result.verdict, Verdict::kPass);
  EXPECT_EQ(result.samples, kSamples);
  EXPECT_EQ(result.outputs_compared, 200u);
  ASSERT_EQ(result.layers.size(), 2u);
  EXPECT_EQ(result.layers[0].name, "first");
  EXPECT_EQ(result.layers[1].compared, 200u);
  EXPECT_EQ(result.layers[1].mismatches, 0u);
  // A window is three ticks, a tick two clocks, and windows follow without a gap.
  EXPECT_DOUBLE_EQ(result.cycles_per_sample.value(), 6.0);
  EXPECT_THAT(result.faults, IsEmpty());
  EXPECT_EQ(result.counters->samples, kSamples);
  EXPECT_EQ(progress.back(), kSamples);
  EXPECT_NO_THROW(flow::require_match(result));
}

// The second bus carries the first one's lanes in another order: their wires toggle equally often,
// and as often as the trains that were predicted say.
TEST_F(ToyBench, ActivityIsThatOfTheTrains) {
  const flow::SimulationResult result = simulate();
  const std::string trains = flow_test::toy_trains(flow_test::toy_samples(kSamples));
  std::uint64_t transitions = 0;
  unsigned before = 0;
  for (std::size_t at = 0; at < trains.size(); at += 2) {
    const unsigned row =
        static_cast<unsigned char>(trains[at]) | static_cast<unsigned char>(trains[at + 1]) << 8;
    if (at > 0) transitions += std::popcount(row ^ before);
    before = row;
  }
  // Before the first and after the last window the buses carry what registers happened to hold.
  for (const flow::LayerResult& layer : result.layers) {
    EXPECT_GE(layer.transitions, transitions);
    EXPECT_LE(layer.transitions, transitions + 4 * flow_test::kToyLanes);
    EXPECT_GT(layer.activity, 0.0);
    EXPECT_LT(layer.activity, 0.5) << "a tick is every other clock";
  }
}

TEST_F(ToyBench, StallsAndPausesLoseNothing) {
  for (const double backpressure : {0.0, 0.3, 0.9})
    for (const double idle : {0.0, 0.5, 0.9})
      for (const std::uint64_t seed : {1, 2}) {
        request_.backpressure = backpressure;
        request_.idle = idle;
        request_.seed = seed;
        const flow::SimulationResult result = simulate();
        EXPECT_EQ(result.verdict, Verdict::kPass) << backpressure << " " << idle << " " << seed;
        EXPECT_EQ(result.samples, kSamples);
      }
}

TEST_F(ToyBench, SameSeedSameRun) {
  request_.backpressure = 0.5;
  request_.idle = 0.5;
  flow::SimulationResult first = simulate();
  flow::SimulationResult second = simulate();
  first.seconds = second.seconds = 0;
  EXPECT_EQ(first, second);
  request_.seed = 5;
  EXPECT_NE(simulate().cycles, first.cycles);
}

TEST_F(ToyBench, FewerSamples) {
  request_.samples = 5;
  const flow::SimulationResult result = simulate();
  EXPECT_EQ(result.verdict, Verdict::kPass);
  EXPECT_EQ(result.samples, 5u);
}

TEST_F(ToyBench, FirstDifferenceIsNamedWordForWord) {
  set_mode(Mode::kWrongBit);
  const flow::SimulationResult result = simulate();
  EXPECT_EQ(result.verdict, Verdict::kMismatch);
  ASSERT_TRUE(result.first_mismatch);
  EXPECT_EQ(result.first_mismatch->layer, "second");
  EXPECT_EQ(result.first_mismatch->element, 7u);
  EXPECT_EQ(result.first_mismatch->sample, 2u);
  EXPECT_EQ(result.first_mismatch->tick, 1u);
  // 5 is 101; the middle bit inverted makes 111.
  EXPECT_EQ(result.first_mismatch->text,
            "layer second, element 7, sample 2, tick 1: expected bit 0 (value 5), the design has 1 "
            "(value 7)");
  EXPECT_EQ(result.layers[0].mismatches, 0u);
  EXPECT_EQ(result.layers[1].mismatches, 1u);
  EXPECT_EQ(result.output_mismatches, 1u);
  const base::Fault fault = fault_of([&] { flow::require_match(result); });
  EXPECT_EQ(fault.code, Code::kMismatch);
  EXPECT_EQ(fault.where, result.first_mismatch->text);
  const nlohmann::json json = result;
  EXPECT_EQ(json.at("verdict"), "mismatch");
  EXPECT_EQ(json.at("first_mismatch").at("actual_value"), 7);
}

TEST_F(ToyBench, WrongPredictionOfTheOutputAlone) {
  std::string outputs = base::read_file(run_ / "tb" / "vectors" / "expected_out.bin");
  outputs[2 * flow_test::kToyLanes + 7] = 4;
  base::write_file(run_ / "tb" / "vectors" / "expected_out.bin", outputs);
  const flow::SimulationResult result = simulate();
  ASSERT_TRUE(result.first_mismatch);
  EXPECT_EQ(result.first_mismatch->text,
            "layer output stream, element 7, sample 2: expected value 4, the design has 5");
  EXPECT_FALSE(result.first_mismatch->tick);
}

TEST_F(ToyBench, SeveralOutputsAreComparedByName) {
  bench_line("output \"left\" 4");
  bench_line("output \"right\" 6");
  std::string outputs = base::read_file(run_ / "tb" / "vectors" / "expected_out.bin");
  outputs[2 * flow_test::kToyLanes + 7] = 4;
  base::write_file(run_ / "tb" / "vectors" / "expected_out.bin", outputs);
  const flow::SimulationResult result = simulate();
  EXPECT_EQ(result.outputs,
            (std::vector<flow::OutputResult>{{"left", 4, 80, 0}, {"right", 6, 120, 1}}));
  ASSERT_TRUE(result.first_mismatch);
  EXPECT_EQ(result.first_mismatch->text,
            "layer output right, element 3, sample 2: expected value 4, the design has 5");
}

TEST_F(ToyBench, OutputsThatAreNotTheResultAreRefused) {
  bench_line("output \"left\" 4");
  const base::Fault fault = fault_of([&] { simulate(); });
  EXPECT_EQ(fault.code, Code::kToolFailed);
}

TEST_F(ToyBench, HangEndsWithTheStateOfTheDesign) {
  set_mode(Mode::kHang);
  const flow::SimulationResult result = simulate();
  EXPECT_EQ(result.verdict, Verdict::kTimeout);
  EXPECT_EQ(result.samples, 2u);
  EXPECT_FALSE(result.counters);
  EXPECT_THAT(result.hang, HasSubstr("nothing moved for 1000 clocks\nclock "));
  EXPECT_THAT(result.hang, HasSubstr("s_axis: tvalid 1 tready 0, sample 4, beat 0\n"));
  EXPECT_THAT(result.hang, HasSubstr("m_axis: tvalid 0 tready 1, sample 2, beat 0\n"));
  EXPECT_THAT(
      result.hang,
      testing::ContainsRegex(
          "first: 10 ticks, tick 0 win 0 live 1 spikes [0-9a-f]{4}, 2 windows seen, tick 2 of 3"));
  EXPECT_EQ(fault_of([&] { flow::require_match(result); }).code, Code::kSimulationHang);
}

TEST_F(ToyBench, ExtraBeatIsNoticed) {
  set_mode(Mode::kExtraBeat);
  request_.samples = 4;
  const flow::SimulationResult result = simulate();
  EXPECT_EQ(result.verdict, Verdict::kMismatch);
  EXPECT_THAT(result.faults, Contains("output stream: a beat after the last sample"));
}

TEST_F(ToyBench, MissingTlastIsNoticed) {
  set_mode(Mode::kNoTlast);
  EXPECT_THAT(simulate().faults,
              Contains("output stream: TLAST is 0, expected 1, sample 0, beat 2"));
}

TEST_F(ToyBench, LostWindowIsAMismatchAndThenAHang) {
  set_mode(Mode::kLostWindow);
  const flow::SimulationResult result = simulate();
  EXPECT_EQ(result.verdict, Verdict::kMismatch);
  ASSERT_TRUE(result.first_mismatch);
  EXPECT_EQ(result.first_mismatch->layer, "second");
  EXPECT_EQ(result.first_mismatch->sample, 1u);
  EXPECT_NE(result.hang, "");
}

TEST_F(ToyBench, WrongCounterIsNoticed) {
  set_mode(Mode::kCounter);
  const flow::SimulationResult result = simulate();
  EXPECT_EQ(result.verdict, Verdict::kMismatch);
  EXPECT_THAT(result.faults, ElementsAre("CSR 0x28 (samples) counted 0, expected 20"));
  EXPECT_EQ(fault_of([&] { flow::require_match(result); }).code, Code::kMismatch);
}

TEST_F(ToyBench, WrongCeilingsAreNoticed) {
  bench_line("ceilings 3");
  EXPECT_THAT(simulate().faults, ElementsAre("CSR 0x30 (ceilings) counted 0, expected 3"));
}

TEST_F(ToyBench, FallingValidIsNoticed) {
  set_mode(Mode::kDrop);
  request_.backpressure = 0.5;
  EXPECT_THAT(simulate().faults, Contains(HasSubstr("tvalid fell before tready")));
}

// The third bus of the toy ticks once a sample and has a tick a window.
TEST_F(ToyBench, EachProbeHasItsOwnTickPeriodAndTrain) {
  bench_line("probe third 10 third_tick third_spike third_mark third_mark 1 rate");
  std::string train;
  for (const flow_test::ToySample& sample : flow_test::toy_samples(kSamples)) {
    unsigned row = 0;
    for (std::size_t lane = 0; lane < sample.size(); ++lane)
      row |= (flow_test::reversed(sample)[lane] >= 4 ? 1u : 0u) << lane;
    train += {static_cast<char>(row & 0xff), static_cast<char>(row >> 8)};
  }
  const fs::path file = run_ / "tb" / "vectors" / "expected_2.bin";
  base::write_file(file, train);
  const flow::SimulationResult sound = simulate();
  EXPECT_EQ(sound.verdict, Verdict::kPass);
  EXPECT_THAT(sound.faults, IsEmpty());
  ASSERT_EQ(sound.layers.size(), 3u);
  EXPECT_EQ(sound.layers[2].compared, 10 * kSamples);
  train[2 * 5] ^= 1;
  base::write_file(file, train);
  const flow::SimulationResult broken = simulate();
  EXPECT_EQ(broken.verdict, Verdict::kMismatch);
  ASSERT_TRUE(broken.first_mismatch.has_value());
  EXPECT_THAT(broken.first_mismatch->text, HasSubstr("layer third, element 0, sample 5, tick 0"));
}

// Errors of the bench itself: not a verdict about the design.
TEST_F(ToyBench, BadInputsAreToolFailures) {
  const fs::path bench = run_ / "tb" / "bench.txt";
  const std::string good = base::read_file(bench);
  const auto complaint = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    base::write_file(bench, text);
    const base::Fault fault = fault_of([&] { simulate(); });
    EXPECT_EQ(fault.code, Code::kToolFailed);
    return fault.what;
  };
  EXPECT_THAT(complaint("600dcafe", "0badcafe"),
              HasSubstr("the design was made from spec 600dcafe, bench.txt from 0badcafe"));
  EXPECT_THAT(complaint("10 tick first", "10 tock first"),
              HasSubstr("net \"tock\" of module fpsa_toy_top is not visible"));
  EXPECT_THAT(complaint("first 10", "first 9"),
              HasSubstr("net \"first_spike\" has 10 bits, bench.txt says 9"));
  EXPECT_THAT(complaint("beat_lanes 4", "beat_lanes 8"),
              HasSubstr("s_axis_tdata of the top module is not 64 bits wide"));
  EXPECT_THAT(complaint("3 binary", "4 binary"), HasSubstr("expected_0.bin: has 120 bytes"));
  EXPECT_THAT(complaint("3 binary", "3 unary"), HasSubstr("line 7: train is binary or rate"));
  EXPECT_THAT(complaint("lane_bytes 1", "lane_byte 1"),
              HasSubstr("bench.txt: line 6: unknown key \"lane_byte\""));
  EXPECT_THAT(complaint("lane_bytes 1\n", ""), HasSubstr("no line \"lane_bytes\""));
  EXPECT_THAT(complaint("lane_bytes 1\n", "lane_bytes 1\nout_lane_bytes 2\n"),
              HasSubstr("expected_out.bin: has 200 bytes, expected 400"));
  EXPECT_THAT(complaint("lane_bytes 1\n", "lane_bytes 1\nout_lane_bytes 9\n"),
              HasSubstr("out_lane_bytes is at most 8"));
  base::write_file(bench, good);
  request_.samples = 21;
  EXPECT_THAT(fault_of([&] { simulate(); }).what, HasSubstr("--samples 21: there are only 20"));
}

TEST_F(ToyBench, UnchangedModelIsNotBuiltAgain) {
  simulate();
  const auto built = fs::last_write_time(run_ / "build" / "verilator" / "Vtop");
  simulate();
  EXPECT_EQ(fs::last_write_time(run_ / "build" / "verilator" / "Vtop"), built);
}

TEST_F(ToyBench, RunsWithoutThisProgram) {
  flow::ToolCommand make;
  make.argv = {"make", "-s", "-C", (run_ / "tb").string(), "ARGS=--samples 3 --backpressure 0.5"};
  make.log = run_ / "reports" / "make.log";
  EXPECT_THAT(flow::run_tool(make), HasSubstr("pass: 3 samples, "));
}

TEST_F(ToyBench, WaveformOnRequest) {
  request_.trace = true;
  request_.samples = 3;
  EXPECT_EQ(simulate().verdict, Verdict::kPass);
  EXPECT_GT(fs::file_size(run_ / "reports" / "simulate.fst"), 1000u);
}

}  // namespace
