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

// Values as the streams carry them: lane after lane, little endian, padded to bytes.
std::string value_bytes(const quant::IntegerBatch& lanes, int bytes) {
  std::string text;
  text.reserve(static_cast<std::size_t>(lanes.size() * bytes));
  for (Eigen::Index i = 0; i < lanes.size(); ++i)
    for (int b = 0; b < bytes; ++b) text.push_back(static_cast<char>(lanes(i) >> (8 * b)));
  return text;
}

// The tokens of the samples' elements, the inputs' side by side.
quant::IntegerBatch input_lanes(const map::Design& design, const quant::IntegerBatch& elements) {
  const map::Frame frame = map::input_frame(design);
  quant::IntegerBatch lanes(elements.rows() * frame.tokens, core::count_of(frame.lanes));
  Eigen::Index column = 0;
  Eigen::Index lane = 0;
  for (const core::StreamId id : design.program->inputs) {
    const core::Stream& stream = design.program->streams[id];
    lanes.middleCols(lane, stream.lanes) =
        core::lanes_of(stream, elements.middleCols(column, stream.count()));
    column += stream.count();
    lane += stream.lanes;
  }
  return lanes;
}

// The tokens that the host receives.
quant::IntegerBatch output_lanes(const map::Design& design, const Batch& batch) {
  const map::Frame frame = map::output_frame(design);
  quant::IntegerBatch lanes(batch.inputs.rows() * frame.tokens, core::count_of(frame.lanes));
  Eigen::Index lane = 0;
  for (const core::LaneRange& range : frame.lanes) {
    lanes.middleCols(lane, range.count) =
        map::lanes_of(design, range.stream, batch.trains[range.stream])
            .middleCols(range.first, range.count);
    lane += range.count;
  }
  return lanes;
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
std::string beat_lines(const quant::IntegerBatch& lanes, const map::Frame& frame) {
  std::string text;
  for (Eigen::Index token = 0; token < lanes.rows(); ++token) {
    const bool ends = (token + 1) % frame.tokens == 0;
    for (Eigen::Index first = 0; first < lanes.cols(); first += frame.beat_lanes) {
      text += ends && first + frame.beat_lanes >= lanes.cols() ? "1" : "0";
      for (Eigen::Index lane = first + frame.beat_lanes; lane-- > first;)
        text += fmt::format("{:0{}x}", lane < lanes.cols() ? lanes(token, lane) : 0,
                            2 * frame.lane_bytes);
      text += "\n";
    }
  }
  return text;
}

std::uint64_t ceilings(const map::Design& design, const map::StreamTrains& trains) {
  std::uint64_t count = 0;
  for (const core::StreamId bus : trains.ids()) {
    if (design.program->is_input(bus) || !design.program->streams[bus].is_product()) continue;
    const int top = (1 << design.island_of(bus).activation_bits) - 1;
    const quant::IntegerBatch lanes = map::lanes_of(design, bus, trains[bus]);
    count += static_cast<std::uint64_t>((lanes.array() == top).count());
  }
  return count;
}

// Nets of the top that carry ticks, spikes and marks, each once.
std::vector<std::string> probed_nets(const Rtl& rtl) {
  std::vector<std::string> nets;
  const auto add = [&](const std::string& net) {
    if (std::ranges::find(nets, net) == nets.end()) nets.push_back(net);
  };
  for (const Probe& probe : rtl.probes) {
    for (const std::string& net : {probe.tick, probe.spikes, probe.win, probe.live}) add(net);
  }
  return nets;
}

int data_bits(const map::Frame& frame) { return frame.beat_lanes * frame.lane_bytes * 8; }

// What tb/fpsa_tb_top.v wants to know of the design.
std::string design_parameters(const map::Design& design, const Rtl& rtl) {
  std::string probes;
  for (const std::string& net : probed_nets(rtl))
    probes += (probes.empty() ? "u_dut." : ", u_dut.") + net;
  const int in_bits = data_bits(map::input_frame(design));
  const int out_bits = data_bits(map::output_frame(design));
  const std::string out =
      out_bits == in_bits ? "" : fmt::format("`define OUT_DATA_BITS {}\n", out_bits);
  return fmt::format(
      "`define DUT {}\n`define DATA_BITS {}\n`define IN_LANES {}\n`define OUT_LANES {}\n"
      "`define SPEC_HASH 32'h{:08x}\n{}{}",
      rtl.design.top(), in_bits, core::count_of(map::input_frame(design).lanes),
      core::count_of(map::output_frame(design).lanes), design.host.spec_hash,
      probes.empty() ? "" : "`define PROBES " + probes + "\n", out);
}

// What it wants to know of the vectors; windows are those of the streams, in and out.
std::string vector_parameters(const map::Design& design, Eigen::Index samples,
                              std::uint64_t at_ceiling, std::size_t loads) {
  const map::Frame in = map::input_frame(design);
  const map::Frame out = map::output_frame(design);
  std::string text = fmt::format("`define SAMPLES {}\n", samples);
  if (in.tokens > 1) text += fmt::format("`define IN_WINDOWS {}\n", samples * in.tokens);
  if (out.tokens > 1) text += fmt::format("`define OUT_WINDOWS {}\n", samples * out.tokens);
  return text + fmt::format(
                    "`define IN_BEATS {}\n`define OUT_BEATS {}\n`define CEILINGS 64'd{}\n"
                    "`define LOADS {}\n",
                    samples * in.tokens * in.beats(), samples * out.tokens * out.beats(),
                    at_ceiling, loads);
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
std::string load_lines(const map::Design& design) {
  std::string text;
  const auto add = [&text](std::size_t unit, const auto& words) {
    for (const auto& word : words)
      text += fmt::format("{:08x}{:08x}{:08x}\n", unit, word.address, word.data);
  };
  if (!design.host.preset_memories)
    for (std::size_t unit = 0; unit < design.pes.size(); ++unit)
      add(unit, units::load_words(design.pe(unit), map::content_of(design, unit)));
  for (std::size_t i = 0; i < design.cells.size(); ++i)
    add(design.pes.size() + i, units::load_words(map::cells_of(design, i).config().layer,
                                                 map::cell_layer_of(design, i).weights));
  return text;
}

void copy_bench(const fs::path& from, const fs::path& to) {
  for (const auto& entry : fs::directory_iterator(from)) {
    const std::string ending = entry.path().extension();
    if (ending == ".cpp" || ending == ".hpp" || ending == ".v" ||
        entry.path().filename() == "Makefile")
      base::write_file(to / entry.path().filename(), base::read_file(entry.path()));
  }
}

// What the bench has to know of the streams beside their lanes, where it is not usual.
std::string stream_lines(const map::Frame& in, const map::Frame& out) {
  std::string text;
  if (in.tokens > 1) text += fmt::format("in_tokens {}\n", in.tokens);
  if (out.tokens > 1) text += fmt::format("out_tokens {}\n", out.tokens);
  if (out.beat_lanes != in.beat_lanes) text += fmt::format("out_beat_lanes {}\n", out.beat_lanes);
  if (out.lane_bytes != in.lane_bytes) text += fmt::format("out_lane_bytes {}\n", out.lane_bytes);
  return text;
}

}  // namespace

std::string bench_text(const map::Design& design, const Rtl& rtl) {
  const map::Frame in = map::input_frame(design);
  const map::Frame out = map::output_frame(design);
  std::string text = fmt::format(
      "top {}\nspec_hash {:08x}\nin_lanes {}\nout_lanes {}\nbeat_lanes {}\nlane_bytes {}\n",
      rtl.design.top(), design.host.spec_hash, core::count_of(in.lanes), core::count_of(out.lanes),
      in.beat_lanes, in.lane_bytes);
  text += stream_lines(in, out);
  for (const map::Output& output : design.outputs)
    text += fmt::format("output {} {}\n", base::quoted(output.name), output.lanes);
  for (const Probe& probe : rtl.probes)
    text += fmt::format("probe {} {} {} {} {} {} {} {}{}\n", base::quoted(probe.layer), probe.lanes,
                        probe.tick, probe.spikes, probe.win, probe.live, probe.period,
                        config::to_string(probe.train),
                        probe.tokens > 1 ? fmt::format(" {}", probe.tokens) : "");
  // Only memories of PEs can be preset.
  const std::size_t first = design.host.preset_memories ? design.pes.size() : 0;
  for (std::size_t unit = first; unit < design.pes.size() + design.cells.size(); ++unit)
    text += fmt::format("load {} ../{}.load\n", unit, map::memory_path(design, unit));
  return text;
}

void write_bench(const fs::path& directory, const map::Design& design, const Rtl& rtl,
                 const fs::path& bench) {
  copy_bench(bench, directory / "tb");
  std::string visible = "`verilator_config\n";
  for (const std::string& net : probed_nets(rtl))
    visible += fmt::format("public_flat_rd -module \"{}\" -var \"{}\"\n", rtl.design.top(), net);
  base::write_file(directory / "tb" / "probes.vlt", visible);
  base::write_file(directory / "tb" / "bench.txt", bench_text(design, rtl));
  base::write_file(directory / "tb" / "tb_params.vh", design_parameters(design, rtl));
}

void write_vectors(const fs::path& directory, const map::Design& design, const Batch& batch) {
  const fs::path vectors = directory / "tb" / "vectors";
  const quant::IntegerBatch inputs = input_lanes(design, batch.inputs);
  const quant::IntegerBatch outputs = output_lanes(design, batch);
  const map::Frame in = map::input_frame(design);
  const map::Frame out = map::output_frame(design);
  base::write_file(vectors / "stimulus.bin", value_bytes(inputs, in.lane_bytes));
  base::write_file(vectors / "expected_out.bin", value_bytes(outputs, out.lane_bytes));
  int probe = 0;
  for (const core::StreamId b : batch.trains.ids())
    if (!design.program->streams[b].is_copy())
      base::write_file(vectors / fmt::format("expected_{}.bin", probe++),
                       train_bytes(batch.trains[b]));
  base::write_file(vectors / "stimulus.mem", beat_lines(inputs, in));
  base::write_file(vectors / "expected.mem", beat_lines(outputs, out));
  const std::string loads = load_lines(design);
  base::write_file(vectors / "load.mem", loads);
  const auto load_count = static_cast<std::size_t>(std::count(loads.begin(), loads.end(), '\n'));
  const std::uint64_t at_ceiling = ceilings(design, batch.trains);
  replace_lines(directory / "tb" / "tb_params.vh",
                vector_parameters(design, batch.inputs.rows(), at_ceiling, load_count));
  replace_lines(directory / "tb" / "bench.txt",
                fmt::format("ceilings {}\nwindows {}\n", at_ceiling, inputs.rows()));
}

}  // namespace emit
