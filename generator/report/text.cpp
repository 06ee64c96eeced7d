#include "report/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/layout.hpp"
#include "report/table.hpp"

namespace report {

using nlohmann::json;

namespace {

constexpr std::size_t kLeastLabel = 8;  // columns of a label, its indent included
constexpr std::size_t kLongestLabel = 30;

std::string heading(const std::string& title) { return fmt::format("\n{}\n", title); }

std::string percent(const json& value) {
  return value.is_number() ? fmt::format("{:.2f} %", 100 * value.get<double>()) : "-";
}

// 1234567 as 1 234 567.
std::string grouped(std::uint64_t value) {
  std::string digits = std::to_string(value);
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), " ");
  return digits;
}

constexpr std::size_t kShownModules = 16;
const Column kName{{}, Align::kLeft};
const Column kFigure{{}, Align::kRight};

// "50 000 compared".
std::string count_of(const json& value, const char* what) {
  return grouped(value.get<std::uint64_t>()) + " " + what;
}

// Where the rest of a line that is too long goes on: under what stands behind its label, which two
// blanks end, or deeper by four.
std::size_t continuation(const std::string& line) {
  const std::size_t start = std::min(line.find_first_not_of(' '), line.size());
  const std::size_t gap = line.find("  ", start);
  const std::size_t text = gap < kLongestLabel ? line.find_first_not_of(' ', gap) : line.npos;
  return text == line.npos ? start : text;
}

std::string fitted(const std::string& text, int width) {
  std::istringstream lines(text);
  std::string result;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t start = continuation(line);
    const int indent = static_cast<int>(start) + (start < kLeastLabel ? 4 : 0);
    result += base::columns_of(line) <= width
                  ? line
                  : line.substr(0, start) + base::wrapped(line.substr(start), width, indent);
    result += "\n";
  }
  return result;
}

std::string text_of(const json& value) { return value.get<std::string>(); }

std::string network_text(const json& network, int width) {
  std::string text = heading(fmt::format("Network {}: {} inputs, {} weights",
                                         text_of(network["name"]), network["inputs"].get<int>(),
                                         grouped(network["weights"].get<std::uint64_t>())));
  Table table({kName, kFigure, kName, kFigure}, 2);
  for (const json& layer : network["layers"])
    table.row({text_of(layer["layer"]), fmt::format("{} x", layer["rows"].get<int>()),
               layer["cols"].dump(), fmt::format("{} PEs", layer["pes"].get<int>())});
  return text + table.text(width);
}

std::string quantisation_text(const json& quantisation, int width) {
  std::string text =
      heading(fmt::format("Quantisation: {}-bit weights, thresholds a column (method {})",
                          quantisation["weight_bits"].get<int>(), text_of(quantisation["method"])));
  Table table({{"layer"},
               {"threshold", Align::kRight},
               {"membrane", Align::kRight},
               {"output", Align::kRight},
               {"output step", Align::kRight},
               {""}},
              2);
  for (const json& layer : quantisation["layers"])
    table.row({text_of(layer["layer"]),
               fmt::format("{} .. {}", layer["threshold_min"].get<std::int64_t>(),
                           layer["threshold_max"].get<std::int64_t>()),
               fmt::format("{} bits", layer["accumulator_bits"].get<int>()),
               fmt::format("{} bits", layer["output_bits"].get<int>()),
               fmt::format("{:.4g}", layer["output_scale"].get<double>()),
               layer["output_signed"].get<bool>() ? "signed pair" : ""});
  return text + table.text(width);
}

// "6", or "4 to 8" where islands differ.
std::string window_text(const json& design) {
  const int most = design["window_ticks"].get<int>();
  int least = most;
  for (const json& island : design.value("windows", json::array()))
    least = std::min(least, island["ticks"].get<int>());
  return least == most ? std::to_string(most) : fmt::format("{} to {}", least, most);
}

std::string design_text(const json& design) {
  std::string text = heading(fmt::format(
      "Design: {} PEs of {} x {}, {} crossbars, {} neurons, {} trains", design["pes"].get<int>(),
      design["rows"].get<int>(), design["cols"].get<int>(), text_of(design["crossbar"]),
      text_of(design["neuron"]), text_of(design["train"])));
  text += fmt::format(
      "  crossbar cells in use {:>21}\n  window {:>30} ticks\n  latency {:>29} ticks\n",
      percent(design["utilisation"]), window_text(design), design["latency_ticks"].get<int>());
  text += fmt::format("  emitted {:>29} modules on {} hand-written leaves\n",
                      design["modules"].get<int>(), design["leaves"].get<int>());
  return text;
}

std::string ties_text(const json& level) {
  const int ties = level.value("ties", 0);
  return ties > 0 ? fmt::format("  on {} of them the greatest output is not the only one", ties)
                  : "";
}

std::string levels_text(const json& metrics) {
  const bool errors = metrics["levels"][0].contains("rms_error");
  std::string text = heading(fmt::format("{} on {} samples", errors ? "Error" : "Accuracy",
                                         metrics["samples"].get<int>()));
  for (const json& level : metrics["levels"])
    text += errors ? fmt::format("  {:<20} {:>9.4g} root mean square {:>9.4g} mean\n",
                                 text_of(level["level"]), level["rms_error"].get<double>(),
                                 level["mean_error"].get<double>())
                   : fmt::format("  {:<20} {:>9}{}\n", text_of(level["level"]),
                                 percent(level["accuracy"]), ties_text(level));
  return text;
}

std::string buses_text(const json& buses, int width) {
  Table table({kName, kFigure, kFigure, kFigure}, 2);
  for (const json& bus : buses)
    table.row({text_of(bus["layer"]), count_of(bus["compared"], "compared"),
               count_of(bus["differing"], "differ"), count_of(bus["ceilings"], "at the ceiling")});
  return heading("Integer network against emulation, values a layer") + table.text(width);
}

// Every bus that was compared, and the output stream.
std::string compared_text(const json& simulation, int width) {
  Table table({kName, kFigure, kFigure}, 2);
  for (const json& layer : simulation["layers"])
    table.row({text_of(layer["name"]), count_of(layer["compared"], "compared"),
               count_of(layer["mismatches"], "differ")});
  table.row({"output stream", count_of(simulation["outputs_compared"], "compared"),
             count_of(simulation["output_mismatches"], "differ")});
  return table.text(width);
}

std::string simulation_text(const json& simulation, int width) {
  std::string text =
      heading(fmt::format("RTL against emulation, {}", text_of(simulation["simulator"])));
  for (const json& file : simulation.value("edited_files", json::array()))
    text += "  edited by hand: " + text_of(file) + "\n";
  if (!simulation.contains("layers")) return text + "  " + text_of(simulation["verdict"]) + "\n";
  text += compared_text(simulation, width);
  if (simulation["cycles_per_sample"].is_number())
    text += fmt::format("  clocks an inference  {:>12.1f} in steady state\n",
                        simulation["cycles_per_sample"].get<double>());
  if (simulation["latency_cycles"].is_number())
    text += fmt::format("  latency              {:>12} clocks, first beat in to last beat out\n",
                        simulation["latency_cycles"].get<std::uint64_t>());
  text += fmt::format("  activity             {:>12.4f} transitions a wire and clock\n",
                      simulation["activity"].get<double>());
  return text;
}

std::string modules_text(const json& area, int width) {
  const bool has_area = area["area_um2"] > 0;
  Table table({{"module"},
               {"instances", Align::kRight},
               {"cells", Align::kRight},
               {has_area ? "area um2" : "", Align::kRight},
               {"share", Align::kRight}},
              2);
  std::size_t shown = 0;
  for (const json& module : area["modules"]) {
    if (++shown > kShownModules) break;
    table.row({text_of(module["module"]), module["instances"].dump(), module["cells"].dump(),
               has_area ? fmt::format("{:.0f}", module["area_um2"].get<double>()) : "",
               percent(module["share"])});
  }
  return table.text(width);
}

std::string area_text(const std::string& flow, const json& synthesis, int width) {
  const json& area = synthesis["area"];
  std::string text = heading(
      fmt::format("Synthesis, {}{}: {} cells", flow,
                  synthesis.contains("library") ? " on " + text_of(synthesis["library"]) : "",
                  grouped(area["cells"].get<std::uint64_t>())));
  const double total = area["area_um2"];
  if (total > 0)
    text += fmt::format("  area {:>31.0f} um2, of it black boxes {:.0f}\n", total,
                        area["blackbox_um2"].get<double>());
  text += modules_text(area, width);
  if (area["modules"].size() > kShownModules)
    text += fmt::format("  and {} smaller ones, in metrics.json\n",
                        area["modules"].size() - kShownModules);
  return text;
}

// Figures that nobody measured carry their mark wherever they are used.
std::string assumed_text(const json& figures) {
  std::string text = "  area of black boxes follows from\n";
  for (const json& figure : figures)
    text += fmt::format("    {:<30} {:>8g} {:<16} {}\n", text_of(figure["name"]),
                        figure["value"].get<double>(), text_of(figure["unit"]),
                        text_of(figure["mark"]));
  return text;
}

std::string timing_text(const json& timing) {
  const std::uint64_t untimed = timing["untimed_cells"];
  std::string text = fmt::format("  fastest clock {:>22.1f} MHz, worst path {} -> {}\n",
                                 timing["fmax_mhz"].get<double>(), text_of(timing["path_from"]),
                                 text_of(timing["path_to"]));
  if (untimed > 0)
    text += fmt::format(
        "    without paths through {} macro crossbars, which have no timing model\n", untimed);
  text += fmt::format("  slack {:>30.3f} ns; it and the power are at the {:g} ns asked for\n",
                      timing["slack_ns"].get<double>(), timing["clock_ns"].get<double>());
  text += fmt::format("  power {:>30.3g} W (internal {:.3g}, switching {:.3g}, leakage {:.3g})\n",
                      timing["total_w"].get<double>(), timing["internal_w"].get<double>(),
                      timing["switching_w"].get<double>(), timing["leakage_w"].get<double>());
  if (untimed > 0) text += fmt::format("    without that of {} macro crossbars\n", untimed);
  if (const std::uint64_t overloads = timing["overloads"]; overloads > 0)
    text += fmt::format("  overloads {:>26} outputs beyond their max_capacitance, in opensta.log\n",
                        overloads);
  return text;
}

std::string routed_text(const json& routed) {
  const std::string part = routed.contains("package")
                               ? text_of(routed["device"]) + "-" + text_of(routed["package"])
                               : text_of(routed["device"]);
  std::string text = fmt::format("  placed and routed on {:>15}: {:.1f} MHz\n", part,
                                 routed["fmax_mhz"].get<double>());
  if (const std::uint64_t seed = routed.value("seed", std::uint64_t{1}); seed != 1)
    text += fmt::format("    with seed {}: the placer stood still with those before\n", seed);
  if (routed.contains("scan_registers"))
    text += fmt::format("    scan registers around it {:>6} logic cells, included below\n",
                        routed["scan_registers"].get<int>());
  for (const auto& [name, use] : routed["utilisation"].items())
    if (use["used"].get<std::uint64_t>() > 0)
      text += fmt::format("    {:<24} {:>6} of {:<6}\n", name, use["used"].get<std::uint64_t>(),
                          use["available"].get<std::uint64_t>());
  return text;
}

}  // namespace

std::string synthesis_text(const json& metrics, const std::string& only, int width) {
  std::string text;
  if (!metrics.contains("synthesis")) return text;
  for (const auto& [flow, synthesis] : metrics["synthesis"].items()) {
    if (!only.empty() && flow != only) continue;
    text += area_text(flow, synthesis, width);
    if (synthesis.contains("assumed") && !synthesis["assumed"].empty())
      text += assumed_text(synthesis["assumed"]);
    if (synthesis.contains("timing")) text += timing_text(synthesis["timing"]);
    if (synthesis.contains("place_and_route")) text += routed_text(synthesis["place_and_route"]);
  }
  return fitted(text, width);
}

std::string text(const json& metrics, int width) {
  std::string text;
  if (metrics.contains("network")) text += network_text(metrics["network"], width);
  if (metrics.contains("quantisation")) text += quantisation_text(metrics["quantisation"], width);
  if (metrics.contains("design")) text += design_text(metrics["design"]);
  if (metrics.contains("levels")) text += levels_text(metrics);
  if (metrics.contains("buses")) text += buses_text(metrics["buses"], width);
  if (metrics.contains("simulation")) text += simulation_text(metrics["simulation"], width);
  return fitted(text, width) + synthesis_text(metrics, {}, width);
}

std::string layer_text(const json& metrics, const json& layer, int width) {
  std::string text = fmt::format(
      "Layer {}\n"
      "  input step        {:.6g}\n"
      "  weight step       {:.6g} .. {:.6g} (a column)\n"
      "  output step       {:.6g}\n"
      "  sum S             bias + sum w*x, {} .. {} at most, {} bits\n"
      "  bias              {} .. {}\n"
      "  threshold t       {} .. {}\n"
      "  requantisation    y = S / t to the nearest integer, ties {}, within {} .. {}\n"
      "  zero weights      {:.2f} %\n"
      "  scale error       {:.3g} (worst relative error of a threshold rounded to a whole "
      "number)\n",
      text_of(layer["layer"]), layer["input_scale"].get<double>(),
      layer["weight_scale_min"].get<double>(), layer["weight_scale_max"].get<double>(),
      layer["output_scale"].get<double>(), layer["sum_low"].get<std::int64_t>(),
      layer["sum_high"].get<std::int64_t>(), layer["accumulator_bits"].get<int>(),
      layer["bias_min"].get<std::int64_t>(), layer["bias_max"].get<std::int64_t>(),
      layer["threshold_min"].get<std::int64_t>(), layer["threshold_max"].get<std::int64_t>(),
      text_of(layer["ties"]), layer["output_low"].get<int>(), layer["output_high"].get<int>(),
      100 * layer["zero_weights"].get<double>(), layer["float_scale_error"].get<double>());
  for (const json& sized : metrics["network"]["layers"])
    if (sized["layer"] == layer["layer"])
      text += fmt::format("  sits in           {} PEs, {} x {} weights\n", sized["pes"].get<int>(),
                          sized["rows"].get<int>(), sized["cols"].get<int>());
  return fitted(text, width);
}

}  // namespace report
