#include "report/text.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace report {

using nlohmann::json;

namespace {

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

std::string text_of(const json& value) { return value.get<std::string>(); }

std::string network_text(const json& network) {
  std::string text = heading(fmt::format("Network {}: {} inputs, {} weights",
                                         text_of(network["name"]), network["inputs"].get<int>(),
                                         grouped(network["weights"].get<std::uint64_t>())));
  for (const json& layer : network["layers"])
    text +=
        fmt::format("  {:<20} {:>5} x {:<5} {:>4} PEs\n", text_of(layer["layer"]),
                    layer["rows"].get<int>(), layer["cols"].get<int>(), layer["pes"].get<int>());
  return text;
}

std::string quantisation_text(const json& quantisation) {
  std::string text = heading(fmt::format(
      "Quantisation: {}-bit weights, {}-bit activations, thresholds a column (method {})",
      quantisation["weight_bits"].get<int>(), quantisation["activation_bits"].get<int>(),
      text_of(quantisation["method"])));
  for (const json& layer : quantisation["layers"])
    text +=
        fmt::format("  {:<20} threshold {:>6} .. {:<6} membrane {:>2} bits  output step {:.4g}{}\n",
                    text_of(layer["layer"]), layer["threshold_min"].get<std::int64_t>(),
                    layer["threshold_max"].get<std::int64_t>(),
                    layer["accumulator_bits"].get<int>(), layer["output_scale"].get<double>(),
                    layer["output_signed"].get<bool>() ? ", signed pair" : "");
  return text;
}

std::string design_text(const json& design) {
  std::string text = heading(fmt::format(
      "Design: {} PEs of {} x {}, {} crossbars, {} neurons, {} trains", design["pes"].get<int>(),
      design["rows"].get<int>(), design["cols"].get<int>(), text_of(design["crossbar"]),
      text_of(design["neuron"]), text_of(design["train"])));
  text +=
      fmt::format("  crossbar cells in use {:>21}\n  window {:>30} ticks\n  latency {:>29} ticks\n",
                  percent(design["utilisation"]), design["window_ticks"].get<int>(),
                  design["latency_ticks"].get<int>());
  text += fmt::format("  emitted {:>29} modules on {} hand-written leaves\n",
                      design["modules"].get<int>(), design["leaves"].get<int>());
  return text;
}

std::string levels_text(const json& metrics) {
  const bool errors = metrics["levels"][0].contains("rms_error");
  std::string text = heading(fmt::format("{} on {} samples", errors ? "Error" : "Accuracy",
                                         metrics["samples"].get<int>()));
  for (const json& level : metrics["levels"])
    text += errors ? fmt::format("  {:<20} {:>9.4g} root mean square {:>9.4g} mean\n",
                                 text_of(level["level"]), level["rms_error"].get<double>(),
                                 level["mean_error"].get<double>())
                   : fmt::format("  {:<20} {:>9}\n", text_of(level["level"]),
                                 percent(level["accuracy"]));
  return text;
}

std::string buses_text(const json& buses) {
  std::string text = heading("Integer network against emulation, values a layer");
  for (const json& bus : buses)
    text +=
        fmt::format("  {:<20} {:>12} compared {:>9} differ {:>9} at the ceiling\n",
                    text_of(bus["layer"]), grouped(bus["compared"].get<std::uint64_t>()),
                    bus["differing"].get<std::uint64_t>(), bus["ceilings"].get<std::uint64_t>());
  return text;
}

std::string simulation_text(const json& simulation) {
  std::string text =
      heading(fmt::format("RTL against emulation, {}", text_of(simulation["simulator"])));
  if (!simulation.contains("layers")) return text + "  " + text_of(simulation["verdict"]) + "\n";
  for (const json& layer : simulation["layers"])
    text += fmt::format("  {:<20} {:>12} compared {:>9} differ\n", text_of(layer["name"]),
                        grouped(layer["compared"].get<std::uint64_t>()),
                        layer["mismatches"].get<std::uint64_t>());
  text += fmt::format("  {:<20} {:>12} compared {:>9} differ\n", "output stream",
                      grouped(simulation["outputs_compared"].get<std::uint64_t>()),
                      simulation["output_mismatches"].get<std::uint64_t>());
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

std::string area_text(const std::string& flow, const json& synthesis) {
  const json& area = synthesis["area"];
  std::string text = heading(
      fmt::format("Synthesis, {}{}: {} cells", flow,
                  synthesis.contains("library") ? " on " + text_of(synthesis["library"]) : "",
                  grouped(area["cells"].get<std::uint64_t>())));
  const double total = area["area_um2"];
  if (total > 0)
    text += fmt::format("  area {:>31.0f} um2, of it black boxes {:.0f}\n", total,
                        area["blackbox_um2"].get<double>());
  text += fmt::format("  {:<44} {:>9} {:>9} {:>14} {:>8}\n", "module", "instances", "cells",
                      total > 0 ? "area um2" : "", "share");
  int shown = 0;
  for (const json& module : area["modules"]) {
    if (++shown > 16) break;
    text +=
        fmt::format("  {:<44} {:>9} {:>9} {:>14} {:>8}\n", text_of(module["module"]).substr(0, 44),
                    module["instances"].get<std::uint64_t>(), module["cells"].get<std::uint64_t>(),
                    total > 0 ? fmt::format("{:.0f}", module["area_um2"].get<double>()) : "",
                    percent(module["share"]));
  }
  if (area["modules"].size() > 16)
    text += fmt::format("  and {} smaller ones, in metrics.json\n", area["modules"].size() - 16);
  return text;
}

// Figures that nobody measured carry their mark wherever they are used.
std::string assumed_text(const json& figures) {
  std::string text = "  area of black boxes follows from\n";
  for (const json& figure : figures)
    text += fmt::format("    {:<30} {:>8g} {:<18} {}\n", text_of(figure["name"]),
                        figure["value"].get<double>(), text_of(figure["unit"]),
                        text_of(figure["mark"]));
  return text;
}

std::string timing_text(const json& timing) {
  return fmt::format(
      "  fastest clock {:>22.1f} MHz, worst path {} -> {}\n"
      "  power {:>30.3g} W (internal {:.3g}, switching {:.3g}, leakage {:.3g})\n",
      timing["fmax_mhz"].get<double>(), text_of(timing["path_from"]), text_of(timing["path_to"]),
      timing["total_w"].get<double>(), timing["internal_w"].get<double>(),
      timing["switching_w"].get<double>(), timing["leakage_w"].get<double>());
}

std::string routed_text(const json& routed) {
  std::string text = fmt::format("  placed and routed on {:>15}: {:.1f} MHz\n",
                                 text_of(routed["device"]), routed["fmax_mhz"].get<double>());
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

std::string synthesis_text(const json& metrics) {
  std::string text;
  if (!metrics.contains("synthesis")) return text;
  for (const auto& [flow, synthesis] : metrics["synthesis"].items()) {
    text += area_text(flow, synthesis);
    if (synthesis.contains("assumed") && !synthesis["assumed"].empty())
      text += assumed_text(synthesis["assumed"]);
    if (synthesis.contains("timing")) text += timing_text(synthesis["timing"]);
    if (synthesis.contains("place_and_route")) text += routed_text(synthesis["place_and_route"]);
  }
  return text;
}

std::string text(const json& metrics) {
  std::string text;
  if (metrics.contains("network")) text += network_text(metrics["network"]);
  if (metrics.contains("quantisation")) text += quantisation_text(metrics["quantisation"]);
  if (metrics.contains("design")) text += design_text(metrics["design"]);
  if (metrics.contains("levels")) text += levels_text(metrics);
  if (metrics.contains("buses")) text += buses_text(metrics["buses"]);
  if (metrics.contains("simulation")) text += simulation_text(metrics["simulation"]);
  return text + synthesis_text(metrics);
}

std::string layer_text(const json& metrics, const json& layer) {
  const int bits = metrics["quantisation"]["activation_bits"];
  const bool pair = layer["output_signed"];
  std::string text = fmt::format(
      "Layer {}\n"
      "  input step        {:.6g}\n"
      "  weight step       {:.6g} .. {:.6g} (a column)\n"
      "  output step       {:.6g}\n"
      "  sum S             bias + sum w*x, {} .. {} at most, {} bits\n"
      "  bias              {} .. {}\n"
      "  threshold t       {} .. {}\n"
      "  requantisation    y = clip(floor((S + floor(t/2)) / t), 0, {}){}\n"
      "  zero weights      {:.2f} %\n"
      "  scale error       {:.3g} (worst relative error of a threshold rounded to a whole "
      "number)\n",
      text_of(layer["layer"]), layer["input_scale"].get<double>(),
      layer["weight_scale_min"].get<double>(), layer["weight_scale_max"].get<double>(),
      layer["output_scale"].get<double>(), layer["sum_low"].get<std::int64_t>(),
      layer["sum_high"].get<std::int64_t>(), layer["accumulator_bits"].get<int>(),
      layer["bias_min"].get<std::int64_t>(), layer["bias_max"].get<std::int64_t>(),
      layer["threshold_min"].get<std::int64_t>(), layer["threshold_max"].get<std::int64_t>(),
      (1 << bits) - 1, pair ? " of S, minus the same of -S" : "",
      100 * layer["zero_weights"].get<double>(), layer["float_scale_error"].get<double>());
  for (const json& sized : metrics["network"]["layers"])
    if (sized["layer"] == layer["layer"])
      text += fmt::format("  sits in           {} PEs, {} x {} weights\n", sized["pes"].get<int>(),
                          sized["rows"].get<int>(), sized["cols"].get<int>());
  return text;
}

}  // namespace report
