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

// Recurrent layers: their weights are words of spectra, not cells of crossbars.
std::string cells_text(const json& network, int width) {
  const json cells = network.value("cells", json::array());
  if (cells.empty()) return {};
  Table table({kName, kFigure, kFigure, kName, kName, kFigure, kFigure, kFigure}, 2);
  std::string remarks;
  for (const json& layer : cells) {
    const int block = layer.at("block").get<int>();
    table.row({text_of(layer.at("layer")), fmt::format("{} x", layer.at("inputs").get<int>()),
               layer.at("cells").dump(), text_of(layer.at("kind")),
               block == 1 ? "whole" : fmt::format("blocks of {}", block),
               count_of(layer.at("steps"), "steps"),
               count_of(layer.at("multipliers"), "multipliers"),
               fmt::format("{}+ clocks a step", layer.at("clocks_a_step").get<std::int64_t>())});
    if (const double error = layer.at("circulant_error").get<double>(); error > 1e-4)
      remarks += fmt::format("    {}: as blocks, weights are off by {:.3g} of their size\n",
                             text_of(layer.at("layer")), error);
  }
  return table.text(width) + remarks;
}

std::string network_text(const json& network, int width) {
  std::string text = heading(fmt::format(
      "Network {}: {} inputs, {} weights", text_of(network.at("name")),
      network.at("inputs").get<int>(), grouped(network.at("weights").get<std::uint64_t>())));
  const json& layers = network.at("layers");
  const auto is_map = [](const json& layer) { return layer.contains("windows"); };
  const bool maps = std::any_of(layers.begin(), layers.end(), is_map);
  std::vector<Column> columns{kName, kFigure, kName, kFigure};
  if (maps) columns.insert(columns.end(), 3, kFigure);
  Table table(columns, 2);
  for (const json& layer : layers) {
    std::vector<std::string> row{
        text_of(layer.at("layer")), fmt::format("{} x", layer.at("rows").get<int>()),
        layer.at("cols").dump(), fmt::format("{} PEs", layer.at("pes").get<int>())};
    if (maps) {
      const int copies = layer.at("copies").get<int>();
      row.push_back(copies == 1 ? "1 copy" : fmt::format("{} copies", copies));
      row.push_back(fmt::format("{} windows", layer.value("windows", 1)));
      row.push_back(percent(layer.at("utilisation")) + " of cells");
    }
    table.row(row);
  }
  return text + table.text(width) + cells_text(network, width);
}

std::string quantisation_text(const json& quantisation, int width) {
  std::string text = heading(
      fmt::format("Quantisation: {}-bit weights, thresholds a column (method {})",
                  quantisation.at("weight_bits").get<int>(), text_of(quantisation.at("method"))));
  Table table({{"layer"},
               {"threshold", Align::kRight},
               {"membrane", Align::kRight},
               {"output", Align::kRight},
               {"output step", Align::kRight},
               {""}},
              2);
  for (const json& layer : quantisation.at("layers"))
    table.row({text_of(layer.at("layer")),
               fmt::format("{} .. {}", layer.at("threshold_min").get<std::int64_t>(),
                           layer.at("threshold_max").get<std::int64_t>()),
               fmt::format("{} bits", layer.at("accumulator_bits").get<int>()),
               fmt::format("{} bits", layer.at("output_bits").get<int>()),
               fmt::format("{:.4g}", layer.at("output_scale").get<double>()),
               layer.at("output_signed").get<bool>() ? "signed pair" : ""});
  return text + table.text(width);
}

// "6", or "4 to 8" where islands differ.
std::string window_text(const json& design) {
  const int most = design.at("window_ticks").get<int>();
  int least = most;
  for (const json& island : design.value("windows", json::array()))
    least = std::min(least, island.at("ticks").get<int>());
  return least == most ? std::to_string(most) : fmt::format("{} to {}", least, most);
}

std::string design_text(const json& design) {
  std::string text = heading(fmt::format(
      "Design: {} PEs of {} x {}, {} crossbars, {} neurons, {} trains", design.at("pes").get<int>(),
      design.at("rows").get<int>(), design.at("cols").get<int>(), text_of(design.at("crossbar")),
      text_of(design.at("neuron")), text_of(design.at("train"))));
  text +=
      fmt::format("  crossbar cells in use {:>21}\n  window {:>30} ticks\n  latency {:>29} ticks\n",
                  percent(design.at("utilisation")), window_text(design),
                  design.at("latency_ticks").get<int>());
  if (design.value("has_cells", false))
    text += "    on top of it come the clocks that layers of words take for each step\n";
  if (const json& bound = design.value("bound", json({{"windows", 1}})); bound.at("windows") > 1)
    text +=
        fmt::format("  slowest {:>29} windows of {}, {} ticks\n", bound.at("windows").get<int>(),
                    text_of(bound.at("stream")), bound.at("ticks").get<int>());
  text += fmt::format("  emitted {:>29} modules on {} hand-written leaves\n",
                      design.at("modules").get<int>(), design.at("leaves").get<int>());
  return text;
}

std::string ties_text(const json& level) {
  const int ties = level.value("ties", 0);
  return ties > 0 ? fmt::format("  on {} of them the greatest output is not the only one", ties)
                  : "";
}

// What the levels give at one output, a score a level.
std::string scores_text(const std::string& title, const json& levels,
                        const std::vector<json>& scores) {
  const auto is_error = [](const json& score) { return score.contains("rms_error"); };
  const bool errors = std::ranges::any_of(scores, is_error);
  std::string text = heading(fmt::format("{}{}", errors ? "Error" : "Accuracy", title));
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const std::string level = text_of(levels.at(i).at("level"));
    if (is_error(scores[i]))
      text += fmt::format("  {:<20} {:>9.4g} root mean square {:>9.4g} mean\n", level,
                          scores[i].at("rms_error").get<double>(),
                          scores[i].at("mean_error").get<double>());
    else if (!errors)
      text += fmt::format("  {:<20} {:>9}{}\n", level, percent(scores[i].at("accuracy")),
                          ties_text(scores[i]));
  }
  return text;
}

// " of "y" against the float network on 100 samples"
std::string compared_text(const json& metrics, const json& output, bool named) {
  const bool against_float = output.value("compared_with", json()) == "float";
  return fmt::format(
      "{}{} on {} samples",
      named ? fmt::format(" of {}", base::quoted_name(text_of(output.at("output")))) : "",
      against_float ? " against the float network" : "", metrics.at("samples").get<int>());
}

std::string levels_text(const json& metrics) {
  const json& levels = metrics.at("levels");
  const json outputs = metrics.value("outputs", json::array({json::object()}));
  if (!levels.at(0).contains("outputs"))
    return scores_text(compared_text(metrics, outputs.at(0), false), levels,
                       levels.get<std::vector<json>>());
  std::string text;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (outputs.at(i).at("compared_with").is_null()) continue;
    std::vector<json> scores;
    for (const json& level : levels) scores.push_back(level.at("outputs").at(i));
    text += scores_text(compared_text(metrics, outputs.at(i), true), levels, scores);
  }
  return text;
}

std::string buses_text(const json& buses, int width) {
  Table table({kName, kFigure, kFigure, kFigure}, 2);
  for (const json& bus : buses)
    table.row({text_of(bus.at("layer")), count_of(bus.at("compared"), "compared"),
               count_of(bus.at("differing"), "differ"),
               count_of(bus.at("ceilings"), "at the ceiling")});
  return heading("Integer network against emulation, values a layer") + table.text(width);
}

// Every bus that was compared, and the output stream, or what is in it.
std::string buses_compared_text(const json& simulation, int width) {
  Table table({kName, kFigure, kFigure}, 2);
  for (const json& layer : simulation.at("layers"))
    table.row({text_of(layer.at("name")), count_of(layer.at("compared"), "compared"),
               count_of(layer.at("mismatches"), "differ")});
  for (const json& output : simulation.value("outputs", json::array()))
    table.row({"output " + text_of(output.at("name")), count_of(output.at("compared"), "compared"),
               count_of(output.at("mismatches"), "differ")});
  if (!simulation.contains("outputs"))
    table.row({"output stream", count_of(simulation.at("outputs_compared"), "compared"),
               count_of(simulation.at("output_mismatches"), "differ")});
  return table.text(width);
}

std::string simulation_text(const json& simulation, const char* what, int width) {
  std::string text =
      heading(fmt::format("{} against emulation, {}", what, text_of(simulation.at("simulator"))));
  for (const json& file : simulation.value("edited_files", json::array()))
    text += "  edited by hand: " + text_of(file) + "\n";
  if (!simulation.contains("layers")) return text + "  " + text_of(simulation.at("verdict")) + "\n";
  text += buses_compared_text(simulation, width);
  if (simulation.at("cycles_per_sample").is_number())
    text += fmt::format("  clocks an inference  {:>12.1f} in steady state\n",
                        simulation.at("cycles_per_sample").get<double>());
  if (simulation.at("latency_cycles").is_number())
    text += fmt::format("  latency              {:>12} clocks, first beat in to last beat out\n",
                        simulation.at("latency_cycles").get<std::uint64_t>());
  text += fmt::format("  activity             {:>12.4f} transitions a wire and clock\n",
                      simulation.at("activity").get<double>());
  return text;
}

std::string modules_text(const json& area, int width) {
  const bool has_area = area.at("area_um2") > 0;
  Table table({{"module"},
               {"instances", Align::kRight},
               {"cells", Align::kRight},
               {has_area ? "area um2" : "", Align::kRight},
               {"share", Align::kRight}},
              2);
  std::size_t shown = 0;
  for (const json& module : area.at("modules")) {
    if (++shown > kShownModules) break;
    table.row({text_of(module.at("module")), module.at("instances").dump(),
               module.at("cells").dump(),
               has_area ? fmt::format("{:.0f}", module.at("area_um2").get<double>()) : "",
               percent(module.at("share"))});
  }
  return table.text(width);
}

// The share of a tile that leads signals from tile to tile
std::string routing_text(const json& routing) {
  return fmt::format(
      "  routing {:>28} multiplexers, {} bits: {:.1f} % of the tile, of which {:.1f} % for "
      "the bits\n",
      routing.at("multiplexers").get<long>(), routing.at("bits").get<long>(),
      100 * routing.at("share").get<double>(),
      100 * routing.at("share_of_configuration").get<double>());
}

// What a fabric, or a tile of one, takes
std::string fabric_text(const json& fabric) {
  std::string text;
  const bool has_luts = fabric.contains("luts");
  if (has_luts)
    text = fmt::format("  {} LUTs of {} inputs, {:g} LUT4 equivalents\n",
                       fabric.at("luts").get<long>(), fabric.at("lut_inputs").get<int>(),
                       fabric.at("lut4_equivalents").get<double>());
  if (fabric.contains("um2_a_lut4"))
    text += fmt::format("  area a LUT4 equivalent {:>13.0f} um2\n",
                        fabric.at("um2_a_lut4").get<double>());
  text += fmt::format("  configuration {:>22} bits", fabric.at("configuration_bits").get<long>());
  if (has_luts)
    text +=
        fmt::format(", {:.1f} a LUT, {:.1f} a LUT4 equivalent",
                    fabric.at("bits_a_lut").get<double>(), fabric.at("bits_a_lut4").get<double>());
  text += "\n";
  if (fabric.contains("routing")) text += routing_text(fabric.at("routing"));
  return text;
}

std::string area_text(const std::string& flow, const json& synthesis, int width) {
  const json& area = synthesis.at("area");
  std::string text = heading(
      fmt::format("Synthesis, {}{}: {} cells", flow,
                  synthesis.contains("library") ? " on " + text_of(synthesis.at("library")) : "",
                  grouped(area.at("cells").get<std::uint64_t>())));
  const double total = area.at("area_um2");
  if (total > 0)
    text += fmt::format("  area {:>31.0f} um2, of it black boxes {:.0f}\n", total,
                        area.at("blackbox_um2").get<double>());
  text += modules_text(area, width);
  if (area.at("modules").size() > kShownModules)
    text += fmt::format("  and {} smaller ones, in metrics.json\n",
                        area.at("modules").size() - kShownModules);
  if (synthesis.contains("fabric")) text += fabric_text(synthesis.at("fabric"));
  return text;
}

// Figures that nobody measured carry their mark wherever they are used.
std::string assumed_text(const json& figures) {
  std::string text = "  area of black boxes follows from\n";
  for (const json& figure : figures)
    text += fmt::format("    {:<30} {:>8g} {:<16} {}\n", text_of(figure.at("name")),
                        figure.at("value").get<double>(), text_of(figure.at("unit")),
                        text_of(figure.at("mark")));
  return text;
}

std::string timing_text(const json& timing) {
  const std::uint64_t untimed = timing.at("untimed_cells");
  std::string text = fmt::format("  fastest clock {:>22.1f} MHz, worst path {} -> {}\n",
                                 timing.at("fmax_mhz").get<double>(),
                                 text_of(timing.at("path_from")), text_of(timing.at("path_to")));
  if (untimed > 0)
    text += fmt::format("    without paths through {} black boxes, which have no timing model\n",
                        untimed);
  text += fmt::format("  slack {:>30.3f} ns; it and the power are at the {:g} ns asked for\n",
                      timing.at("slack_ns").get<double>(), timing.at("clock_ns").get<double>());
  text += fmt::format("  power {:>30.3g} W (internal {:.3g}, switching {:.3g}, leakage {:.3g})\n",
                      timing.at("total_w").get<double>(), timing.at("internal_w").get<double>(),
                      timing.at("switching_w").get<double>(), timing.at("leakage_w").get<double>());
  if (untimed > 0) text += fmt::format("    without that of {} black boxes\n", untimed);
  if (const std::uint64_t overloads = timing.at("overloads"); overloads > 0)
    text += fmt::format("  overloads {:>26} outputs beyond their max_capacitance, in opensta.log\n",
                        overloads);
  return text;
}

std::string routed_text(const json& routed) {
  const std::string part = routed.contains("package")
                               ? text_of(routed.at("device")) + "-" + text_of(routed.at("package"))
                               : text_of(routed.at("device"));
  std::string text = fmt::format("  placed and routed on {:>15}: {:.1f} MHz\n", part,
                                 routed.at("fmax_mhz").get<double>());
  if (const std::uint64_t seed = routed.value("seed", std::uint64_t{1}); seed != 1)
    text += fmt::format("    with seed {}: the placer stood still with those before\n", seed);
  if (routed.contains("scan_registers"))
    text += fmt::format("    scan registers around it {:>6} logic cells, included below\n",
                        routed.at("scan_registers").get<int>());
  for (const auto& [name, use] : routed.at("utilisation").items())
    if (use.at("used").get<std::uint64_t>() > 0)
      text += fmt::format("    {:<24} {:>6} of {:<6}\n", name, use.at("used").get<std::uint64_t>(),
                          use.at("available").get<std::uint64_t>());
  return text;
}

}  // namespace

std::string synthesis_text(const json& metrics, const std::string& only, int width) {
  std::string text;
  if (!metrics.contains("synthesis")) return text;
  for (const auto& [flow, synthesis] : metrics.at("synthesis").items()) {
    if (!only.empty() && flow != only) continue;
    text += area_text(flow, synthesis, width);
    if (synthesis.contains("assumed") && !synthesis.at("assumed").empty())
      text += assumed_text(synthesis.at("assumed"));
    if (synthesis.contains("timing")) text += timing_text(synthesis.at("timing"));
    if (synthesis.contains("place_and_route")) text += routed_text(synthesis.at("place_and_route"));
  }
  return fitted(text, width);
}

std::string text(const json& metrics, int width) {
  std::string text;
  if (metrics.contains("network")) text += network_text(metrics.at("network"), width);
  if (metrics.contains("quantisation"))
    text += quantisation_text(metrics.at("quantisation"), width);
  if (metrics.contains("design")) text += design_text(metrics.at("design"));
  if (metrics.contains("levels")) text += levels_text(metrics);
  if (metrics.contains("buses")) text += buses_text(metrics.at("buses"), width);
  if (metrics.contains("simulation"))
    text += simulation_text(metrics.at("simulation"), "RTL", width);
  if (metrics.contains("fabric_simulation"))
    text += simulation_text(metrics.at("fabric_simulation"), "Whole fabric", width);
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
      text_of(layer.at("layer")), layer.at("input_scale").get<double>(),
      layer.at("weight_scale_min").get<double>(), layer.at("weight_scale_max").get<double>(),
      layer.at("output_scale").get<double>(), layer.at("sum_low").get<std::int64_t>(),
      layer.at("sum_high").get<std::int64_t>(), layer.at("accumulator_bits").get<int>(),
      layer.at("bias_min").get<std::int64_t>(), layer.at("bias_max").get<std::int64_t>(),
      layer.at("threshold_min").get<std::int64_t>(), layer.at("threshold_max").get<std::int64_t>(),
      text_of(layer.at("ties")), layer.at("output_low").get<int>(),
      layer.at("output_high").get<int>(), 100 * layer.at("zero_weights").get<double>(),
      layer.at("float_scale_error").get<double>());
  if (layer.contains("fit"))
    text += fmt::format(
        "  fitted            to a table: off by {:.0f} output steps at most, RMS {:.3g}, over all "
        "codes\n",
        layer.at("fit").at("most").get<double>(), layer.at("fit").at("rms").get<double>());
  if (layer.contains("error_bound"))
    text += fmt::format(
        "  product           of two signals: within {:.3g} output steps of the exact product of "
        "their codes\n",
        layer.at("error_bound").get<double>());
  for (const json& sized : metrics.at("network").at("layers"))
    if (sized.at("layer") == layer.at("layer"))
      text +=
          fmt::format("  sits in           {} PEs, {} x {} weights\n", sized.at("pes").get<int>(),
                      sized.at("rows").get<int>(), sized.at("cols").get<int>());
  return fitted(text, width);
}

std::string words_text(const json& layer, int width) {
  const json& product = layer.at("product");
  const std::string text = fmt::format(
      "Layer {}: {}, in words of {} bits\n"
      "  input step        {:.6g}; a code q comes as the word q * 2^{}\n"
      "  weights           circulant blocks of {}, as spectra in words of {} bits; off by {:.3g} "
      "of "
      "the model's size\n"
      "  product           exact sums of spectra / 2^{}, clipped to {} bits; back from spectra / "
      "2^{}, clipped to {} bits\n"
      "  output step       {:.6g}; y = word / 2^{} to the nearest integer, ties up, within {} .. "
      "{}\n"
      "  sits in           unit {} of the load bus: {} multipliers, {}+ clocks a step\n",
      text_of(layer.at("layer")), text_of(layer.at("kind")), layer.at("bits").get<int>(),
      layer.at("input_scale").get<double>(), layer.at("in_shift").get<int>(),
      layer.at("block").get<int>(), product.at("weight_bits").get<int>(),
      layer.at("circulant_error").get<double>(), product.at("sum_shift").get<int>(),
      product.at("bin_bits").get<int>(), product.at("end_shift").get<int>(),
      product.at("out_bits").get<int>(), layer.at("output_scale").get<double>(),
      layer.at("out_shift").get<int>(),
      layer.at("signed").get<bool>() ? 1 - (1 << layer.at("out_bits").get<int>()) : 0,
      (1 << layer.at("out_bits").get<int>()) - 1, layer.at("load_unit").get<std::uint64_t>(),
      layer.at("multipliers").get<int>(), layer.at("clocks_a_step").get<std::int64_t>());
  return fitted(text, width);
}

bool is_printable(const json& metrics) try {
  text(metrics);
  for (const json& layer : metrics.value("/network/cells"_json_pointer, json::array()))
    words_text(layer);
  for (const json& layer : metrics.value("/quantisation/layers"_json_pointer, json::array()))
    layer_text(metrics, layer);
  metrics.value("/simulation/activity"_json_pointer, 0.0);  // also what power is computed from
  return true;
} catch (const json::exception&) {
  return false;
}

}  // namespace report
