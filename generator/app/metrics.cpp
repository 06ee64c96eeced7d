// The design in figures.
#include <algorithm>
#include <map>

#include "app/jobs.hpp"
#include "map/replay.hpp"
#include "quant/facts.hpp"

namespace app {

namespace {

// Share of the cells of `pes` crossbars.
double share(const Mapped& mapped, std::int64_t cells, std::int64_t pes) {
  const config::Pe& spec = mapped.spec.pe;
  return static_cast<double>(cells) / (double(spec.rows) * spec.cols * static_cast<double>(pes));
}

// A layer's copies together.
nlohmann::json layer_metrics(const Mapped& mapped, quant::LayerId id) {
  const core::Program& program = *mapped.design.program;
  const quant::Layer& layer = mapped.network.layers[id];
  std::int64_t pes = 0;
  std::int64_t cells = 0;
  const core::CoreOp* last = nullptr;
  for (const core::CoreOp& op : program.ops) {
    if (op.layer != id) continue;
    ++pes;
    cells += op.used_cells();
    last = &op;
  }
  nlohmann::json json = {{"layer", layer.name},    {"rows", layer.rows()},
                         {"cols", layer.cols()},   {"pes", pes},
                         {"copies", last->copies}, {"utilisation", share(mapped, cells, pes)}};
  if (const int windows = program.streams[last->output].tokens; windows > 1)
    json["windows"] = windows;
  return json;
}

constexpr const char* kCellNames[] = {"lstm", "gru", "rnn", "gru", "dense"};

// A layer of words that is unit pes.size() + i of the load bus.
nlohmann::json cells_metrics(const map::Design& design, std::size_t i) {
  const units::CellsConfig& config = map::cells_of(design, i).config();
  const quant::CellLayer& cells = map::cell_layer_of(design, i);
  const map::Channel& channel = design.channels[design.cells[i].index()];
  const quant::CirculantRule& product = cells.rule.gates;
  return {
      {"layer", design.program->streams[channel.view].name},
      {"load_unit", design.pes.size() + i},
      {"input_scale", design.program->streams[channel.stream].format.scale},
      {"output_scale", design.program->streams[channel.view].format.scale},
      {"in_shift", config.in_shift},
      {"out_shift", config.out_shift},
      {"out_bits", config.out_bits},
      {"signed", config.signed_output},
      {"product",
       {{"weight_bits", product.weight_bits},
        {"sum_shift", product.sum_shift},
        {"bin_bits", product.bin_bits},
        {"end_shift", product.end_shift},
        {"out_bits", product.out_bits}}},
      {"kind", kCellNames[static_cast<std::size_t>(cells.rule.kind)]},
      {"inputs", cells.inputs * cells.taps},
      {"cells", cells.cells},
      {"steps", config.is_dense() ? design.program->streams[channel.view].tokens : config.steps},
      {"block", cells.block},
      {"bits", cells.rule.bits},
      {"words", cells.weights.gates.words.size() + cells.weights.projection.words.size() +
                    cells.weights.parameters.size()},
      {"multipliers", units::multipliers(config.layer)},
      {"clocks_a_step", units::interval(config.layer)},
      {"circulant_error", cells.circulant_error}};
}

nlohmann::json layer_facts(const quant::LayerFacts& facts) {
  nlohmann::json json = {
      {"layer", facts.name},
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
  if (facts.fit) json["fit"] = {{"most", facts.fit->most}, {"rms", facts.fit->rms}};
  if (facts.error_bound > 0) json["error_bound"] = facts.error_bound;
  return json;
}

}  // namespace

nlohmann::json bound_metrics(const map::Design& design) {
  core::StreamId slowest{0};
  const auto ticks = [&design](core::StreamId id) {
    return design.program->streams[id].tokens * design.island_of(id).window;
  };
  for (const core::StreamId id : design.program->streams.ids())
    if (!design.program->streams[id].is_copy() && ticks(id) > ticks(slowest)) slowest = id;
  for (const core::LaneRange& lanes : design.program->outputs)
    if (ticks(lanes.stream) > ticks(slowest)) slowest = lanes.stream;
  return {{"stream", design.program->streams[slowest].name},
          {"windows", design.program->streams[slowest].tokens},
          {"ticks", ticks(slowest)}};
}

nlohmann::json network_metrics(const Mapped& mapped) {
  nlohmann::json layers = nlohmann::json::array();
  std::int64_t weights = 0;
  for (const quant::LayerId id : mapped.network.layers.ids()) {
    const quant::Layer& layer = mapped.network.layers[id];
    if (!layer.if_product()) continue;
    weights += layer.product().weights.size();
    layers.push_back(layer_metrics(mapped, id));
  }
  nlohmann::json cells = nlohmann::json::array();
  for (std::size_t i = 0; i < mapped.design.cells.size(); ++i) {
    cells.push_back(cells_metrics(mapped.design, i));
    weights += cells.back().at("words").get<std::int64_t>();
  }
  return {{"name", mapped.spec.name},
          {"inputs", mapped.network.input_count()},
          {"weights", weights},
          {"layers", layers},
          {"cells", cells}};
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
  for (std::size_t unit = 0; unit < design.pes.size(); ++unit)
    ++kinds[units::module_name(design.pe(unit))];
  for (const core::CoreOp& op : design.program->ops) used += op.used_cells();
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
  return {{"rows", spec.rows},
          {"cols", spec.cols},
          {"crossbar", config::to_string(spec.crossbar)},
          {"neuron", config::to_string(spec.neuron)},
          {"train", config::to_string(spec.train)},
          {"tall_layers", config::to_string(spec.tall_layers)},
          {"pes", design.pes.size()},
          {"pe_kinds", kinds},
          {"utilisation", share(compiled, used, std::ssize(design.pes))},
          {"bound", bound_metrics(design)},
          {"window_ticks", window},
          {"windows", windows},
          {"latency_ticks", map::latency(map::token_flow(design))},
          {"has_cells", !design.cells.empty()},
          {"islands", design.islands.size()},
          {"channels", channels},
          {"modules", compiled.rtl.design.module_files().size()},
          {"leaves", compiled.rtl.design.leaf_files().size()}};
}

nlohmann::json assumed_figures(const std::vector<flow::Figure>& figures) {
  nlohmann::json list = nlohmann::json::array();
  for (const flow::Figure& figure : figures)
    list.push_back({{"name", figure.name},
                    {"value", figure.value},
                    {"unit", figure.unit},
                    {"source", figure.source},
                    {"mark", figure.mark}});
  return list;
}

}  // namespace app
