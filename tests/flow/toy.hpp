// The run directory of the toy network in tests/flow/toy: ten lanes of three bits, reversed.
#pragma once

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/rng.hpp"

namespace flow_test {

constexpr std::size_t kToyLanes = 10;
constexpr int kToyBits = 3;
using ToySample = std::vector<int>;

/// `samples` seeded samples. Sample 2 is written out, so that tests can name its values:
/// lane 2 is 5 and arrives in element 7 of the second bus.
inline std::vector<ToySample> toy_samples(std::size_t samples) {
  base::Rng rng(1);
  std::vector<ToySample> result(samples, ToySample(kToyLanes));
  for (ToySample& sample : result)
    for (int& value : sample) value = static_cast<int>(rng.below(1 << kToyBits));
  if (samples > 2) result[2] = {0, 1, 5, 3, 4, 2, 6, 7, 0, 7};
  return result;
}

inline ToySample reversed(const ToySample& sample) { return {sample.rbegin(), sample.rend()}; }

/// Values as the streams carry them: a byte a lane.
inline std::string toy_bytes(const std::vector<ToySample>& samples) {
  std::string bytes;
  for (const ToySample& sample : samples) bytes.append(sample.begin(), sample.end());
  return bytes;
}

/// Binary trains: a sample is three rows of two bytes, most significant bit first.
inline std::string toy_trains(const std::vector<ToySample>& samples) {
  std::string bytes;
  for (const ToySample& sample : samples)
    for (int bit = kToyBits - 1; bit >= 0; --bit) {
      unsigned row = 0;
      for (std::size_t lane = 0; lane < kToyLanes; ++lane)
        row |= (sample[lane] >> bit & 1u) << lane;
      bytes += {static_cast<char>(row & 0xff), static_cast<char>(row >> 8)};
    }
  return bytes;
}

inline std::string toy_probes() {
  std::string lines = "`verilator_config\n";
  for (const char* net :
       {"tick", "first_spike", "first_win_q", "first_live_q", "second_spike_q", "second_win_q",
        "second_live_q", "third_tick", "third_spike", "third_mark"})
    lines += std::string("public_flat_rd -module \"fpsa_toy_top\" -var \"") + net + "\"\n";
  return lines;
}

inline std::string toy_bench() {
  return "top fpsa_toy_top\nspec_hash 600dcafe\nin_lanes 10\nout_lanes 10\nbeat_lanes 4\n"
         "lane_bytes 1\n"
         "probe first 10 tick first_spike first_win_q first_live_q 3 binary\n"
         "probe second 10 tick second_spike_q second_win_q second_live_q 3 binary\n";
}

inline void write_vectors(const std::filesystem::path& run, const std::vector<ToySample>& samples) {
  std::vector<ToySample> outputs;
  for (const ToySample& sample : samples) outputs.push_back(reversed(sample));
  const std::filesystem::path folder = run / "tb" / "vectors";
  base::write_file(folder / "stimulus.bin", toy_bytes(samples));
  base::write_file(folder / "expected_out.bin", toy_bytes(outputs));
  base::write_file(folder / "expected_0.bin", toy_trains(samples));
  base::write_file(folder / "expected_1.bin", toy_trains(outputs));
}

/// Beats of the streams as the Verilog bench reads them: {last, data}, three a sample.
inline std::string toy_beats(const std::vector<ToySample>& samples) {
  std::string text;
  char line[16];
  for (const ToySample& sample : samples)
    for (std::size_t first = 0; first < kToyLanes; first += 4) {
      unsigned data = 0;
      for (std::size_t lane = 0; lane < 4 && first + lane < kToyLanes; ++lane)
        data |= static_cast<unsigned>(sample[first + lane]) << (8 * lane);
      std::snprintf(line, sizeof line, "%d%08x\n", first + 4 >= kToyLanes, data);
      text += line;
    }
  return text;
}

/// What tb/fpsa_tb_top.v needs; `mode` is loaded into the toy, see fpsa_toy_top.v.
inline void write_verilog_bench(const std::filesystem::path& run,
                                const std::vector<ToySample>& samples, int mode) {
  std::vector<ToySample> outputs;
  for (const ToySample& sample : samples) outputs.push_back(reversed(sample));
  const std::string beats = std::to_string(3 * samples.size());
  const std::filesystem::path folder = run / "tb" / "vectors";
  base::write_file(folder / "stimulus.mem", toy_beats(samples));
  base::write_file(folder / "expected.mem", toy_beats(outputs));
  base::write_file(folder / "load.mem", "00000000000000000000000" + std::to_string(mode) + "\n");
  base::write_file(run / "tb" / "tb_params.vh",
                   "`define DUT fpsa_toy_top\n`define DATA_BITS 32\n`define SAMPLES " +
                       std::to_string(samples.size()) + "\n`define IN_BEATS " + beats +
                       "\n`define OUT_BEATS " + beats +
                       "\n`define IN_LANES 10\n`define OUT_LANES 10\n"
                       "`define SPEC_HASH 32'h600dcafe\n`define CEILINGS 64'd0\n"
                       "`define LOADS 1\n`define PROBES u_dut.tick, u_dut.first_spike\n");
  base::write_file(
      run / "tb" / "fpsa_tb_top.v",
      base::read_file(std::filesystem::path(FPSA_SOURCE_DIR) / "tb" / "fpsa_tb_top.v"));
}

/// Only rewrites what differs, so that a model built before stays valid.
inline void write_if_new(const std::filesystem::path& file, const std::string& content) {
  if (!std::filesystem::exists(file) || base::read_file(file) != content)
    base::write_file(file, content);
}

/// RTL and bench of the toy in `run`, with `samples` samples.
inline void make_toy(const std::filesystem::path& run, std::size_t samples) {
  namespace fs = std::filesystem;
  const fs::path source = FPSA_SOURCE_DIR;
  write_if_new(run / "rtl" / "design.f", "rtl/fpsa_toy_top.v\n");
  write_if_new(run / "rtl" / "fpsa_toy_top.v",
               base::read_file(source / "tests" / "flow" / "toy" / "fpsa_toy_top.v"));
  for (const fs::directory_entry& file : fs::directory_iterator(source / "tb")) {
    const std::string extension = file.path().extension().string();
    if (extension == ".cpp" || extension == ".hpp" || file.path().filename() == "Makefile")
      write_if_new(run / "tb" / file.path().filename(), base::read_file(file.path()));
  }
  write_if_new(run / "tb" / "probes.vlt", toy_probes());
  base::write_file(run / "tb" / "bench.txt", toy_bench());
  write_vectors(run, toy_samples(samples));
}

}  // namespace flow_test
