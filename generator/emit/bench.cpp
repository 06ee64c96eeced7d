// The bench's description of the design and its vectors.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "base/bits.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "emit/tree.hpp"

namespace emit {

namespace fs = std::filesystem;

namespace {

int lane_bytes(const map::Design& design) {
  return static_cast<int>(base::ceil_div(design.program.activation_bits, 8));
}

// Values as the streams carry them: lane after lane, little endian, padded to bytes.
std::string value_bytes(const quant::IntegerBatch& lanes, int bytes) {
  std::string text;
  text.reserve(static_cast<std::size_t>(lanes.size() * bytes));
  for (Eigen::Index i = 0; i < lanes.size(); ++i)
    for (int b = 0; b < bytes; ++b) text.push_back(static_cast<char>(lanes(i) >> (8 * b)));
  return text;
}

std::string train_bytes(const units::Trains& trains) {
  const auto bytes = static_cast<std::size_t>(trains.lanes() + 7) / 8;
  std::string text;
  text.reserve(trains.ticks() * bytes);
  for (std::size_t t = 0; t < trains.ticks(); ++t)
    for (std::size_t b = 0; b < bytes; ++b)
      text.push_back(static_cast<char>(trains.tick(t)[b / 8] >> (8 * (b % 8))));
  return text;
}

// One line a beat: {last, data}, hexadecimal.
std::string beat_lines(const quant::IntegerBatch& lanes, int beat_lanes, int bytes) {
  std::string text;
  for (Eigen::Index sample = 0; sample < lanes.rows(); ++sample) {
    for (Eigen::Index first = 0; first < lanes.cols(); first += beat_lanes) {
      text += first + beat_lanes >= lanes.cols() ? "1" : "0";
      for (Eigen::Index lane = first + beat_lanes; lane-- > first;)
        text += fmt::format("{:0{}x}", lane < lanes.cols() ? lanes(sample, lane) : 0, 2 * bytes);
      text += "\n";
    }
  }
  return text;
}

std::uint64_t ceilings(const map::Design& design, const std::vector<units::Trains>& trains) {
  const int top = (1 << design.program.activation_bits) - 1;
  std::uint64_t count = 0;
  for (std::size_t b = 1; b < trains.size(); ++b) {
    const auto values = units::decode(trains[b], design.train, design.program.activation_bits);
    count += static_cast<std::uint64_t>((values.array() == top).count());
  }
  return count;
}

// Nets of the top that carry spikes and marks, as the bench sees them.
std::string probe_list(const Rtl& rtl) {
  std::string list = "u_dut." + rtl.tick;
  for (const Probe& probe : rtl.probes)
    for (const std::string& net : {probe.spikes, probe.win, probe.live}) list += ", u_dut." + net;
  return list;
}

// What tb/fpsa_tb_top.v wants to know of the design.
std::string design_parameters(const BenchedDesign& benched) {
  const map::Design& design = benched.design;
  return fmt::format(
      "`define DUT {}\n`define DATA_BITS {}\n`define IN_LANES {}\n`define OUT_LANES {}\n"
      "`define SPEC_HASH 32'h{:08x}\n`define PROBES {}\n",
      benched.rtl.design.top(), benched.options.beat_lanes * lane_bytes(design) * 8,
      design.buses.front().bus.lanes, design.output().bus.lanes, benched.options.spec_hash,
      probe_list(benched.rtl));
}

// What it wants to know of the vectors.
std::string vector_parameters(const map::Design& design, const TopOptions& options,
                              Eigen::Index samples, std::uint64_t at_ceiling, std::size_t loads) {
  const auto beats = [&](int lanes) { return samples * base::ceil_div(lanes, options.beat_lanes); };
  return fmt::format(
      "`define SAMPLES {}\n`define IN_BEATS {}\n`define OUT_BEATS {}\n`define CEILINGS 64'd{}\n"
      "`define LOADS {}\n",
      samples, beats(design.buses.front().bus.lanes), beats(design.output().bus.lanes), at_ceiling,
      loads);
}

// Puts `lines` at the end of a file in place of those of the same keys (first words, or what stands
// behind `define) that an earlier batch left there.
void replace_lines(const fs::path& file, const std::string& lines) {
  const auto key_of = [](const std::string& line) {
    const std::size_t from = line.starts_with("`define ") ? 8 : 0;
    return line.substr(0, line.find(' ', from) + 1);
  };
  std::set<std::string> keys;
  std::istringstream added(lines);
  for (std::string line; std::getline(added, line);) keys.insert(key_of(line));
  std::istringstream old(base::read_file(file));
  std::string text;
  for (std::string line; std::getline(old, line);)
    if (!keys.contains(key_of(line))) text += line + "\n";
  base::write_file(file, text + lines);
}

// The load sequence of all units: {unit, address, data} a line.
std::string load_lines(const map::Design& design, const TopOptions& options) {
  std::string text;
  if (options.preset_memories) return text;
  for (std::size_t unit = 0; unit < design.pes.size(); ++unit) {
    const map::Pe& pe = design.pes[unit];
    for (const units::LoadWord& word : units::load_words(pe.config, map::content_of(design, pe)))
      text += fmt::format("{:08x}{:08x}{:08x}\n", unit, word.address, word.data);
  }
  return text;
}

}  // namespace

std::string bench_text(const map::Design& design, const Rtl& rtl, const TopOptions& options) {
  std::string text = fmt::format(
      "top {}\nspec_hash {:08x}\nin_lanes {}\nout_lanes {}\nbeat_lanes {}\nlane_bytes {}\n"
      "activation_bits {}\nperiod {}\ntrain {}\ntick {}\n",
      rtl.design.top(), options.spec_hash, design.buses.front().bus.lanes,
      design.output().bus.lanes, options.beat_lanes, lane_bytes(design),
      design.program.activation_bits, design.window, config::to_string(design.train), rtl.tick);
  for (const Probe& probe : rtl.probes)
    text += fmt::format("probe {} {} {} {} {}\n", base::quoted(probe.layer), probe.lanes,
                        probe.spikes, probe.win, probe.live);
  if (options.preset_memories) return text;
  for (std::size_t unit = 0; unit < design.pes.size(); ++unit)
    text += fmt::format("load {} ../{}.load\n", unit, memory_path(design, map::PeId{unit}));
  return text;
}

void write_bench(const fs::path& directory, const BenchedDesign& benched, const fs::path& bench) {
  const Rtl& rtl = benched.rtl;
  for (const auto& entry : fs::directory_iterator(bench)) {
    const std::string ending = entry.path().extension();
    if (ending == ".cpp" || ending == ".hpp" || ending == ".v" ||
        entry.path().filename() == "Makefile")
      base::write_file(directory / "tb" / entry.path().filename(), base::read_file(entry.path()));
  }
  std::string visible = "`verilator_config\n";
  const auto show = [&](const std::string& net) {
    visible += fmt::format("public_flat_rd -module \"{}\" -var \"{}\"\n", rtl.design.top(), net);
  };
  show(rtl.tick);
  for (const Probe& probe : rtl.probes)
    for (const std::string& net : {probe.spikes, probe.win, probe.live}) show(net);
  base::write_file(directory / "tb" / "probes.vlt", visible);
  base::write_file(directory / "tb" / "bench.txt",
                   bench_text(benched.design, rtl, benched.options));
  base::write_file(directory / "tb" / "tb_params.vh", design_parameters(benched));
}

void write_vectors(const fs::path& directory, const map::Design& design, const TopOptions& options,
                   const Batch& batch) {
  const fs::path vectors = directory / "tb" / "vectors";
  const int bytes = lane_bytes(design);
  const auto inputs = units::to_lanes(batch.inputs, design.buses.front().bus.format.is_signed);
  const auto outputs =
      units::decode(batch.trains.back(), design.train, design.program.activation_bits);
  base::write_file(vectors / "stimulus.bin", value_bytes(inputs, bytes));
  base::write_file(vectors / "expected_out.bin", value_bytes(outputs, bytes));
  for (std::size_t b = 0; b < batch.trains.size(); ++b)
    base::write_file(vectors / fmt::format("expected_{}.bin", b), train_bytes(batch.trains[b]));
  base::write_file(vectors / "stimulus.mem", beat_lines(inputs, options.beat_lanes, bytes));
  base::write_file(vectors / "expected.mem", beat_lines(outputs, options.beat_lanes, bytes));
  const std::string loads = load_lines(design, options);
  base::write_file(vectors / "load.mem", loads);
  const auto load_count = static_cast<std::size_t>(std::count(loads.begin(), loads.end(), '\n'));
  const std::uint64_t at_ceiling = ceilings(design, batch.trains);
  replace_lines(directory / "tb" / "tb_params.vh",
                vector_parameters(design, options, inputs.rows(), at_ceiling, load_count));
  replace_lines(directory / "tb" / "bench.txt",
                fmt::format("ceilings {}\nwindows {}\n", at_ceiling, inputs.rows()));
}

}  // namespace emit
