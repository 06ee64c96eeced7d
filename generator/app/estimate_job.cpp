// What a network would take, in figures.
#include <fmt/format.h>

#include <cmath>

#include "app/home.hpp"
#include "app/jobs.hpp"
#include "flow/technology.hpp"
#include "map/replay.hpp"
#include "report/table.hpp"
#include "units/line/unit.hpp"

namespace app {

namespace {

nlohmann::json crossbars_of(const map::Design& design, const config::Pe& spec) {
  std::int64_t used = 0;
  for (const core::CoreOp& op : design.program->ops) used += op.used_cells();
  const std::int64_t cells =
      static_cast<std::int64_t>(design.pes.size()) * spec.rows * std::int64_t{spec.cols};
  return {{"cells", cells},
          {"used", used},
          {"utilisation", static_cast<double>(used) / static_cast<double>(cells)}};
}

std::int64_t line_bits(const units::LineConfig& config) {
  return std::int64_t{config.rows} * config.shape.cols.size * config.channels * config.value_bits;
}

// Of the memory between islands.
nlohmann::json memory_of(const map::Design& design) {
  std::int64_t smb = 0;
  std::int64_t lines = 0;
  for (const map::Channel& channel : design.channels) {
    const units::Unit& unit = *design.instance(channel.buffer).unit;
    const units::MemoryFacts& facts = dynamic_cast<const units::MemoryUnit&>(unit).memory();
    if (const auto* walk = dynamic_cast<const units::LineUnit*>(&unit))
      lines += line_bits(walk->config());
    else
      smb += std::int64_t{facts.depth} * facts.value_bits * design.link(channel.spikes).lanes;
  }
  return {{"smb_bits", smb}, {"line_walk_bits", lines}};
}

// Of the layers that PEs compute the one that takes most windows a sample.
nlohmann::json busiest_of(const nlohmann::json& layers) {
  nlohmann::json busiest;
  for (const nlohmann::json& layer : layers)
    if (const int windows = layer.value("windows", 1);
        busiest.is_null() || windows > busiest["windows"].get<int>())
      busiest = {{"layer", layer["layer"]}, {"windows", windows}};
  return busiest;
}

// A serial crossbar takes several clocks a tick, a number of its own in each PE, and cells take
// clocks between ticks.
nlohmann::json time_of(const map::Design& design, const config::Spec& spec) {
  const map::TokenFlow flow = map::token_flow(design);
  const std::int64_t latency = map::latency(flow);
  const double pace = map::clocks_a_sample(flow);
  nlohmann::json time = {{"latency_ticks", latency}, {"ticks_a_sample", pace}};
  if (spec.pe.crossbar == config::Crossbar::kSerial || !design.cells.empty()) return time;
  time["latency_clocks"] = latency;
  time["clocks_a_sample"] = pace;
  time["clock_ns"] = spec.synth.clock_ns;
  time["latency_us"] = static_cast<double>(latency) * spec.synth.clock_ns / 1000;
  time["samples_a_second"] = 1e9 / (pace * spec.synth.clock_ns);
  return time;
}

nlohmann::json area_of(const map::Design& design, const config::Spec& spec) {
  if (spec.pe.crossbar != config::Crossbar::kMacro) return nullptr;
  const flow::Technology technology =
      flow::Technology::read(home() / "constraints", spec.synth.technology);
  double um2 = 0;
  for (std::size_t unit = 0; unit < design.pes.size(); ++unit)
    um2 += technology.crossbar_area(design.pe(unit).rows, design.pe(unit).cols, true);
  nlohmann::json area = {{"technology", spec.synth.technology}, {"crossbar_cells_mm2", um2 / 1e6}};
  std::vector<flow::Figure> figures = technology.assumed();
  if (const auto& of_memories = technology.assumed_of_memories(); !of_memories.empty()) {
    const nlohmann::json memory = memory_of(design);
    const double bits = memory["smb_bits"].get<double>() + memory["line_walk_bits"].get<double>();
    area["memories_mm2"] = technology.memory_area(bits) / 1e6;
    figures.insert(figures.end(), of_memories.begin(), of_memories.end());
  }
  area["assumed"] = assumed_figures(figures);
  return area;
}

std::string tally(std::int64_t value) {
  std::string digits = std::to_string(value);
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

std::string tally(const nlohmann::json& value) { return tally(value.get<std::int64_t>()); }

// A measure: whole from 10,000 on, never as a power of ten there.
std::string measure(const nlohmann::json& value) {
  const double number = value.get<double>();
  return number < 10000 ? fmt::format("{:.6g}", number) : tally(std::llround(number));
}

void add_time(report::Table& table, const nlohmann::json& document) {
  const nlohmann::json& time = document["time"];
  const bool is_clocks = time.contains("latency_clocks");
  const char* unit = is_clocks ? "clocks" : "ticks";
  table.row({"latency", fmt::format("{} {}", tally(time["latency_ticks"]), unit) +
                            (is_clocks ? " = " + measure(time["latency_us"]) + " us" : "")});
  table.row(
      {"a sample every", fmt::format("{:.10g} {}", time["ticks_a_sample"].get<double>(), unit)});
  if (!is_clocks)
    return table.note(
        document["network"]["cells"].empty()
            ? "a tick of serial crossbars takes as many clocks as the rows of a PE ask for"
            : "on top of the ticks come the clocks that layers of words take for each step");
  table.row(
      {"samples a second", fmt::format("{} at a clock of {} ns", measure(time["samples_a_second"]),
                                       measure(time["clock_ns"]))});
}

std::string area_text(double mm2) {
  return mm2 < 0.001 ? fmt::format("{:.4g} um2", mm2 * 1e6) : fmt::format("{:.4g} mm2", mm2);
}

void add_area(report::Table& table, const nlohmann::json& area) {
  if (area.is_null()) {
    table.row({"area", "of digital crossbars: by fpsa synth"});
    return;
  }
  table.row(
      {"crossbar cells", fmt::format("{} ({})", area_text(area["crossbar_cells_mm2"].get<double>()),
                                     area["technology"].get<std::string>())});
  if (area.contains("memories_mm2"))
    table.row({"memories", fmt::format("{:.4g} mm2", area["memories_mm2"].get<double>())});
  table.note("without drivers, read-out, neurons, control and wires");
}

// What the figures rest on.
std::string basis_text(const nlohmann::json& document) {
  if (document["basis"] == "calibration") return "as compile makes it, from calibration samples";
  std::string text =
      "from shapes alone: float inputs count as never negative, so do means and sums of what is "
      "not; bits are the spec's or the model's own";
  if (const int missing = document["missing_tensors"].get<int>(); missing > 0)
    text += fmt::format("; {} tensors whose data is not there count as zeros", missing);
  return text;
}

}  // namespace

nlohmann::json estimate_document(const Estimated& estimated) {
  const map::Design& design = estimated.design;
  const nlohmann::json network = network_metrics(estimated);
  return {{"basis", estimated.is_calibrated ? "calibration" : "shapes"},
          {"missing_tensors", estimated.missing},
          {"network", network},
          {"pes", design.pes.size()},
          {"crossbars", crossbars_of(design, estimated.spec.pe)},
          {"islands", design.islands.size()},
          {"memory", memory_of(design)},
          {"busiest", busiest_of(network["layers"])},
          {"bound", bound_metrics(design)},
          {"time", time_of(design, estimated.spec)},
          {"area", area_of(design, estimated.spec)}};
}

std::string estimate_text(const nlohmann::json& document, int width) {
  report::Table table({report::Column{}, report::Column{}});
  const nlohmann::json& crossbars = document["crossbars"];
  const nlohmann::json& bound = document["bound"];
  table.row({"network", fmt::format("{} layers, {} weights", document["network"]["layers"].size(),
                                    tally(document["network"]["weights"]))});
  table.row({"basis", basis_text(document)});
  table.row({"PEs", tally(document["pes"])});
  table.row({"cells used",
             fmt::format("{} of {}: {:.1f} %", tally(crossbars["used"]), tally(crossbars["cells"]),
                         100 * crossbars["utilisation"].get<double>())});
  table.row({"islands", tally(document["islands"])});
  table.row({"SMB", tally(document["memory"]["smb_bits"]) + " bits"});
  table.row({"line walks", tally(document["memory"]["line_walk_bits"]) + " bits"});
  if (const nlohmann::json& busiest = document["busiest"]; !busiest.is_null())
    table.row({"busiest layer", fmt::format("{} windows: {}", tally(busiest["windows"]),
                                            busiest["layer"].get<std::string>())});
  table.row(
      {"slowest stream", fmt::format("{} windows, {} ticks: {}", tally(bound["windows"]),
                                     tally(bound["ticks"]), bound["stream"].get<std::string>())});
  add_time(table, document);
  add_area(table, document["area"]);
  return table.text(width);
}

}  // namespace app
