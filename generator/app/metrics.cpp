// The design in figures.
#include <algorithm>
#include <map>

#include "app/jobs.hpp"
#include "map/replay.hpp"
#include "quant/facts.hpp"

namespace app {

namespace {

auto pes_of(const Compiled& compiled, quant::LayerId layer) {
  return std::ranges::count(compiled.design.program->ops, layer, &core::CoreOp::layer);
}

nlohmann::json layer_facts(const quant::LayerFacts& facts) {
  return {{"layer", facts.name},
          {"input_scale", facts.input_scale},
          {"output_scale", facts.output_scale},
          {"output_signed", facts.output_signed},
          {"weight_scale_min", facts.weight_scale_min},
          {"weight_scale_max", facts.weight_scale_max},
          {"threshold_min", facts.threshold_min},
          {"threshold_max", facts.threshold_max},
          {"bias_min", facts.bias_min},
          {"bias_max", facts.bias_max},
          {"sum_low", facts.sum.low},
          {"sum_high", facts.sum.high},
          {"accumulator_bits", facts.accumulator_bits},
          {"zero_weights", facts.zero_weights},
          {"float_scale_error", facts.float_scale_error},
          {"output_bits", facts.output.bits},
          {"output_low", facts.output.low},
          {"output_high", facts.output.high},
          {"ties", facts.rounding == quant::Rounding::kHalfEven ? "to even" : "away from 0"},
          {"exact", facts.is_exact}};
}

}  // namespace

nlohmann::json network_metrics(const Compiled& compiled) {
  nlohmann::json layers = nlohmann::json::array();
  std::int64_t weights = 0;
  for (const quant::LayerId id : compiled.network.layers.ids()) {
    const quant::Layer& layer = compiled.network.layers[id];
    if (!layer.if_product()) continue;
    weights += layer.product().weights.size();
    layers.push_back({{"layer", layer.name},
                      {"rows", layer.rows()},
                      {"cols", layer.cols()},
                      {"pes", pes_of(compiled, id)}});
    if (const int windows = layer.window().windows().area(); windows > 1)
      layers.back()["windows"] = windows;
  }
  return {{"name", compiled.spec.name},
          {"inputs", compiled.network.input_count()},
          {"weights", weights},
          {"layers", layers}};
}

nlohmann::json quantisation_metrics(const Compiled& compiled) {
  nlohmann::json layers = nlohmann::json::array();
  for (const quant::LayerId id : compiled.network.layers.ids())
    if (compiled.network.layers[id].if_product())
      layers.push_back(layer_facts(quant::facts_of(compiled.network, id)));
  nlohmann::json inputs = nlohmann::json::array();
  for (const quant::TensorId id : compiled.network.inputs) {
    const quant::Format& format = compiled.network.format_of(id);
    inputs.push_back({{"input", compiled.network.tensors[id].name},
                      {"scale", format.scale},
                      {"bits", format.bits},
                      {"signed", format.is_signed}});
  }
  const quant::Format& input = compiled.network.format_of(compiled.network.inputs.front());
  return {{"weight_bits", compiled.network.weight_bits},
          {"method", config::to_string(compiled.spec.quantise.method)},
          {"inputs", inputs},
          {"input_scale", input.scale},
          {"input_signed", input.is_signed},
          {"layers", layers}};
}

nlohmann::json design_metrics(const Compiled& compiled) {
  const map::Design& design = compiled.design;
  std::map<std::string, int> kinds;
  std::int64_t used = 0;
  for (std::size_t unit = 0; unit < design.pes.size(); ++unit) {
    const units::PeConfig& pe = design.pe(unit);
    ++kinds[units::module_name(pe)];
    used += std::int64_t{pe.rows} * pe.cols;
  }
  nlohmann::json channels = nlohmann::json::array();
  for (const map::Channel& channel : design.channels)
    channels.push_back({{"stream", design.program->streams[channel.stream].name},
                        {"to", design.island(channel.to).name},
                        {"lanes", design.link(channel.spikes).lanes},
                        {"tokens", map::depth_of(design, channel)}});
  nlohmann::json windows = nlohmann::json::array();
  int window = 0;
  for (const map::Island& island : design.islands) {
    windows.push_back({{"island", island.name}, {"ticks", island.window}});
    window = std::max(window, island.window);
  }
  const config::Pe& spec = compiled.spec.pe;
  const double room = double(spec.rows) * spec.cols * static_cast<double>(design.pes.size());
  return {{"rows", spec.rows},
          {"cols", spec.cols},
          {"crossbar", config::to_string(spec.crossbar)},
          {"neuron", config::to_string(spec.neuron)},
          {"train", config::to_string(spec.train)},
          {"tall_layers", config::to_string(spec.tall_layers)},
          {"pes", design.pes.size()},
          {"pe_kinds", kinds},
          {"utilisation", static_cast<double>(used) / room},
          {"window_ticks", window},
          {"windows", windows},
          {"latency_ticks", map::latency(map::token_flow(design))},
          {"islands", design.islands.size()},
          {"channels", channels},
          {"modules", compiled.rtl.design.module_files().size()},
          {"leaves", compiled.rtl.design.leaf_files().size()}};
}

}  // namespace app
