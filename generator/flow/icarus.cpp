#include "flow/icarus.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <iomanip>
#include <map>
#include <sstream>
#include <tuple>

#include "base/error.hpp"
#include "base/files.hpp"
#include "flow/tool.hpp"

namespace flow {
namespace {

namespace fs = std::filesystem;

// "PASS samples=3 cycles=40" -> {samples: 3, cycles: 40}
std::map<std::string, std::string> fields_of(const std::string& line) {
  std::map<std::string, std::string> fields;
  std::istringstream words(line);
  for (std::string word; words >> word;)
    if (const std::size_t at = word.find('='); at != std::string::npos)
      fields[word.substr(0, at)] = word.substr(at + 1);
  return fields;
}

// Digits of lane `lane`, counted from the right: the last beat's flag stands left of all lanes.
std::string lane_digits(const std::string& beat, std::size_t lane, std::size_t digits) {
  const std::size_t end = (lane + 1) * digits;
  return end > beat.size() ? std::string{} : beat.substr(beat.size() - end, digits);
}

std::uint64_t value_of(const std::string& digits) {
  const bool known = digits.find_first_not_of("0123456789abcdef") == std::string::npos;
  return known ? std::stoull(digits, nullptr, 16) : 0;
}

// Whose element lane `lane` of beat `beat` of a result carries: of several outputs, which share
// each token, the output's.
std::pair<std::string, std::size_t> output_at(std::size_t beat, std::size_t lane,
                                              const StreamShape& shape) {
  std::size_t lanes = 0;
  for (const auto& [name, count] : shape.outputs) lanes += count;
  const std::size_t beats = (lanes + shape.beat_lanes - 1) / shape.beat_lanes;
  if (beats == 0) return {"output stream", beat * shape.beat_lanes + lane};
  std::size_t place = beat % beats * shape.beat_lanes + lane;
  for (const auto& [name, count] : shape.outputs) {
    if (place < count) return {"output " + name, beat / beats * count + place};
    place -= count;
  }
  return {"output stream", place};
}

// The first lane in which the beats of "sample=1 beat=0 expected=00a actual=00b" differ.
std::optional<FirstMismatch> first_of(const std::map<std::string, std::string>& fields,
                                      const StreamShape& shape) {
  for (const char* key : {"sample", "beat", "expected", "actual"})
    if (fields.count(key) == 0) return {};  // another kind of mismatch: the line says it all
  const std::size_t digits = 2 * shape.lane_bytes;
  for (std::size_t lane = 0; lane < shape.beat_lanes; ++lane) {
    const std::string expected = lane_digits(fields.at("expected"), lane, digits);
    const std::string actual = lane_digits(fields.at("actual"), lane, digits);
    if (expected == actual) continue;
    FirstMismatch first;
    first.sample = std::stoull(fields.at("sample"));
    std::tie(first.layer, first.element) = output_at(std::stoull(fields.at("beat")), lane, shape);
    first.expected_value = value_of(expected);
    first.actual_value = value_of(actual);
    first.text =
        fmt::format("layer {}, element {}, sample {}: expected value 0x{}, the design has 0x{}",
                    first.layer, first.element, first.sample, expected, actual);
    return first;
  }
  return {};
}

std::map<std::string, std::string> bench_keys(const fs::path& directory) {
  const fs::path file = directory / "tb" / "bench.txt";
  if (!fs::exists(file))
    base::fail(base::Code::kNotARunDirectory, "no tb/bench.txt", directory.string(),
               "give the directory that fpsa compile wrote");
  std::map<std::string, std::string> keys;
  for (const std::string& line : lines_of(base::read_file(file)))
    keys[line.substr(0, line.find(' '))] = line.substr(std::min(line.find(' ') + 1, line.size()));
  return keys;
}

// The lines `output "name" lanes`.
std::vector<std::pair<std::string, std::size_t>> outputs_of(const fs::path& directory) {
  std::vector<std::pair<std::string, std::size_t>> outputs;
  for (const std::string& line : lines_of(base::read_file(directory / "tb" / "bench.txt"))) {
    std::istringstream words(line);
    std::string key;
    std::pair<std::string, std::size_t> output;
    if (words >> key && key == "output" && words >> std::quoted(output.first) >> output.second)
      outputs.push_back(output);
  }
  return outputs;
}

StreamShape shape_of(const fs::path& directory) {
  const auto keys = bench_keys(directory);
  if (keys.count("beat_lanes") == 0 || keys.count("lane_bytes") == 0)
    base::fail(base::Code::kNotARunDirectory, "tb/bench.txt lacks beat_lanes or lane_bytes",
               directory.string(), "compile the spec again");
  const auto of_results = [&keys](const std::string& key) {
    return std::stoull(keys.at(keys.count("out_" + key) ? "out_" + key : key));
  };
  return {of_results("beat_lanes"), of_results("lane_bytes"), outputs_of(directory)};
}

BenchRequest bench_of(const SimulationRequest& request, const std::vector<fs::path>& design,
                      const std::string& name) {
  BenchRequest bench;
  bench.directory = request.directory;
  bench.step = request.step;
  bench.name = design.empty() ? "top" : name;
  bench.top = "fpsa_tb_top";
  bench.sources = {fs::path("tb") / "fpsa_tb_top.v"};
  bench.sources.insert(bench.sources.end(), design.begin(), design.end());
  bench.defines = {fmt::format("IDLE={}", std::lround(100 * request.idle)),
                   fmt::format("BACKPRESSURE={}", std::lround(100 * request.backpressure)),
                   fmt::format("SEED={}", request.seed),
                   fmt::format("TIMEOUT={}", request.timeout)};
  if (!design.empty()) {
    bench.libraries = {"rtl"};  // black boxes of the netlist are what they are in the RTL
    return bench;
  }
  for (const std::string& file : design_files(request.directory))
    bench.sources.push_back(fs::path("rtl") / file);
  bench.defines.push_back("CHECK_UNKNOWN");
  return bench;
}

void check_request(const SimulationRequest& request) {
  if (request.samples != 0)
    base::fail(base::Code::kUsage, "the Verilog bench streams all vectors", "--samples",
               "compile with fewer samples, or take --simulator verilator");
  if (request.trace)
    base::fail(base::Code::kUsage, "waveforms come from Verilator", "--trace",
               "take --simulator verilator");
}

}  // namespace

SimulationResult read_verdict(const BenchResult& bench, const StreamShape& shape) {
  SimulationResult result;
  result.simulator = "icarus";
  result.faults = bench.mismatches;
  result.hang = bench.timeout;
  if (!bench.mismatches.empty())
    result.first_mismatch = first_of(fields_of(bench.mismatches.front()), shape);
  if (!bench.pass) {
    result.verdict = bench.mismatches.empty() ? Verdict::kTimeout : Verdict::kMismatch;
    return result;
  }
  const auto fields = fields_of(bench.verdict);
  const auto number = [&](const char* key) -> std::uint64_t {
    if (fields.count(key) == 0)
      base::fail(base::Code::kToolOutput, fmt::format("the PASS line lacks {}", key),
                 bench.log.string());
    return std::stoull(fields.at(key));
  };
  result.samples = result.samples_requested = number("samples");
  result.cycles = number("cycles");
  result.outputs_compared = number("compared") * shape.beat_lanes;
  result.counters = Counters{result.cycles, number("windows"), result.samples, number("ceilings")};
  return result;
}

SimulationResult simulate_icarus(const SimulationRequest& request,
                                 const std::vector<fs::path>& design, const std::string& name) {
  check_request(request);
  const StreamShape shape = shape_of(request.directory);
  const auto start = std::chrono::steady_clock::now();
  SimulationResult result = read_verdict(run_bench(bench_of(request, design, name)), shape);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace flow
