#include "bench.hpp"

#include <fstream>
#include <functional>
#include <iomanip>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>

namespace tb {
namespace {

namespace fs = std::filesystem;
using Words = std::istringstream;

[[noreturn]] void fault(const fs::path& file, const std::string& what) {
  throw std::runtime_error(file.string() + ": " + what);
}

template <class T>
void take(Words& words, T& value) {
  if (!(words >> value)) throw std::invalid_argument("a value is missing or not a number");
}

void take_positive(Words& words, std::size_t& value) {
  long long read = 0;
  take(words, read);
  if (read <= 0) throw std::invalid_argument("the value must be positive");
  value = static_cast<std::size_t>(read);
}

void take_train(Words& words, bool& rate) {
  std::string name;
  take(words, name);
  if (name != "binary" && name != "rate") throw std::invalid_argument("train is binary or rate");
  rate = name == "rate";
}

void take_probe(Words& words, std::vector<Probe>& probes) {
  Probe probe;
  if (!(words >> std::quoted(probe.layer)) || probe.layer.empty())
    throw std::invalid_argument("the layer's name is missing");
  take_positive(words, probe.lanes);
  for (std::string* net : {&probe.tick, &probe.spikes, &probe.win, &probe.live}) take(words, *net);
  take_positive(words, probe.period);
  take_train(words, probe.rate);
  if (!(words >> std::ws).eof()) take_positive(words, probe.tokens);
  probes.push_back(probe);
}

void take_output(Words& words, std::vector<Output>& outputs) {
  Output output;
  if (!(words >> std::quoted(output.name)) || output.name.empty())
    throw std::invalid_argument("the output's name is missing");
  take_positive(words, output.lanes);
  outputs.push_back(output);
}

void take_load(Words& words, const fs::path& folder, std::vector<Load>& loads) {
  Load load;
  std::string file;
  take(words, load.unit);
  take(words, file);
  load.file = folder / file;
  loads.push_back(load);
}

void take_hash(Words& words, std::uint32_t& hash) {
  std::string text;
  take(words, text);
  if (text.size() != 8 || text.find_first_not_of("0123456789abcdef") != std::string::npos)
    throw std::invalid_argument("the hash is 8 lower-case hexadecimal digits");
  hash = static_cast<std::uint32_t>(std::stoul(text, nullptr, 16));
}

using Keys = std::map<std::string, std::function<void(Words&)>>;

Keys keys_of(Bench& bench, const fs::path& folder) {
  const auto positive = [](std::size_t& value) {
    return [&value](Words& words) { take_positive(words, value); };
  };
  const auto count = [](std::optional<std::uint64_t>& value) {
    return [&value](Words& words) { take(words, value.emplace()); };
  };
  return {{"top", [&](Words& words) { take(words, bench.top); }},
          {"spec_hash", [&](Words& words) { take_hash(words, bench.spec_hash); }},
          {"in_lanes", positive(bench.in.lanes)},
          {"out_lanes", positive(bench.out.lanes)},
          {"in_tokens", positive(bench.in.tokens)},
          {"out_tokens", positive(bench.out.tokens)},
          {"beat_lanes", positive(bench.in.beat_lanes)},
          {"out_beat_lanes", positive(bench.out.beat_lanes)},
          {"lane_bytes", positive(bench.in.lane_bytes)},
          {"out_lane_bytes", positive(bench.out.lane_bytes)},
          {"output", [&](Words& words) { take_output(words, bench.outputs); }},
          {"probe", [&](Words& words) { take_probe(words, bench.probes); }},
          {"load", [&, folder](Words& words) { take_load(words, folder, bench.loads); }},
          {"ceilings", count(bench.ceilings)},
          {"windows", count(bench.windows)}};
}

void read_line(const Keys& keys, const std::string& line, std::set<std::string>& seen) {
  Words words(line);
  std::string key;
  if (!(words >> key) || key[0] == '#') return;
  const auto found = keys.find(key);
  if (found == keys.end()) throw std::invalid_argument("unknown key \"" + key + "\"");
  found->second(words);
  if (std::string rest; words >> rest) throw std::invalid_argument("too many values");
  const bool repeats = key == "output" || key == "probe" || key == "load";
  if (!seen.insert(key).second && !repeats) throw std::invalid_argument("given twice: " + key);
}

void check_complete(const fs::path& file, const Keys& keys, const std::set<std::string>& seen) {
  const std::set<std::string> optional = {"in_tokens",      "out_tokens", "out_beat_lanes",
                                          "out_lane_bytes", "output",     "probe",
                                          "load",           "ceilings",   "windows"};
  for (const auto& [key, read] : keys)
    if (seen.count(key) == 0 && optional.count(key) == 0) fault(file, "no line \"" + key + "\"");
}

void complete_outputs(const fs::path& file, Bench& bench) {
  if (bench.outputs.empty()) bench.outputs = {{"", bench.out.lanes}};
  std::size_t lanes = 0;
  for (const Output& output : bench.outputs) lanes += output.lanes;
  if (lanes != bench.out.lanes) fault(file, "the outputs do not add up to out_lanes");
}

Bytes read_binary(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) fault(file, "cannot be read");
  return Bytes(std::istreambuf_iterator<char>(stream), {});
}

Bytes read_exactly(const fs::path& file, std::size_t size) {
  Bytes bytes = read_binary(file);
  if (bytes.size() != size)
    fault(file, "has " + std::to_string(bytes.size()) + " bytes, expected " + std::to_string(size));
  return bytes;
}

}  // namespace

Bench read_bench(const fs::path& file) {
  std::ifstream stream(file);
  if (!stream) fault(file, "cannot be read");
  Bench bench;
  const Keys keys = keys_of(bench, file.parent_path());
  std::set<std::string> seen;
  std::string line;
  for (int number = 1; std::getline(stream, line); ++number) {
    try {
      read_line(keys, line, seen);
    } catch (const std::invalid_argument& error) {
      fault(file, "line " + std::to_string(number) + ": " + error.what());
    }
  }
  check_complete(file, keys, seen);
  if (bench.out.lane_bytes == 0) bench.out.lane_bytes = bench.in.lane_bytes;
  if (bench.out.beat_lanes == 0) bench.out.beat_lanes = bench.in.beat_lanes;
  complete_outputs(file, bench);
  if (bench.in.lane_bytes > 8) fault(file, "lane_bytes is at most 8");
  if (bench.out.lane_bytes > 8) fault(file, "out_lane_bytes is at most 8");
  return bench;
}

Vectors read_vectors(const Bench& bench, const fs::path& folder) {
  Vectors vectors;
  vectors.stimulus = read_binary(folder / "stimulus.bin");
  const std::size_t sample = bench.in.bytes();
  vectors.samples = vectors.stimulus.size() / sample;
  if (vectors.samples == 0 || vectors.stimulus.size() % sample != 0)
    fault(folder / "stimulus.bin",
          "is not a whole number of samples of " + std::to_string(sample) + " bytes, at least one");
  vectors.outputs = read_exactly(folder / "expected_out.bin", vectors.samples * bench.out.bytes());
  for (std::size_t k = 0; k < bench.probes.size(); ++k) {
    const Probe& probe = bench.probes[k];
    vectors.trains.push_back(
        read_exactly(folder / ("expected_" + std::to_string(k) + ".bin"),
                     vectors.samples * probe.tokens * probe.period * probe.row_bytes()));
  }
  return vectors;
}

std::vector<LoadWord> read_load(const fs::path& file) {
  std::ifstream stream(file);
  if (!stream) fault(file, "cannot be read");
  std::vector<LoadWord> words;
  std::uint64_t word = 0;
  while (stream >> std::hex >> word)
    words.push_back({static_cast<std::uint32_t>(word >> 32), static_cast<std::uint32_t>(word)});
  if (!stream.eof()) fault(file, "word " + std::to_string(words.size()) + " is not hexadecimal");
  return words;
}

}  // namespace tb
