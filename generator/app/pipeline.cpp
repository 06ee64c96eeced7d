#include "app/pipeline.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/data_names.hpp"
#include "app/home.hpp"
#include "app/model.hpp"
#include "app/test_data.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/layout.hpp"
#include "config/apply.hpp"
#include "config/spec_io.hpp"
#include "core/duplicate.hpp"
#include "core/lower.hpp"
#include "core/split.hpp"
#include "emit/tree.hpp"
#include "flow/technology.hpp"
#include "nn/import.hpp"
#include "quant/batch.hpp"
#include "quant/in_products.hpp"
#include "quant/network_io.hpp"
#include "quant/quantise.hpp"

namespace app {

namespace {

quant::Method method_of(config::Calibration method) {
  switch (method) {
    case config::Calibration::kMax:
      return quant::Method::kMax;
    case config::Calibration::kPercentile:
      return quant::Method::kPercentile;
    case config::Calibration::kMse:
      break;
  }
  return quant::Method::kMse;
}

int most_activation_bits(const config::Spec& spec) {
  constexpr int kOfRateTrains = 10;
  if (spec.pe.train == config::Train::kRate) return kOfRateTrains;
  return static_cast<int>(config::find_key("pe", "activation_bits")->high);
}

[[noreturn]] void refuse_split_merge(const char* lacking) {
  base::fail(base::Code::kMissingKey,
             fmt::format("split_merge needs {} to choose its thresholds from", lacking),
             "data.calibration", "name a file, or pe.tall_layers = \"cascade\"");
}

quant::Options options_of(const config::Spec& spec) {
  const bool is_exact = spec.pe.neuron == config::Neuron::kExact;
  return {.weight_bits = spec.pe.weight_bits,
          .activation_bits = spec.pe.activation_bits,
          .method = method_of(spec.quantise.method),
          .percentile = spec.quantise.percentile,
          .most_activation_bits = most_activation_bits(spec),
          .output_bits = is_exact ? spec.quantise.output_bits : 0,
          .exact_neurons = is_exact,
          .cells = {.block = spec.recurrent.block.all,
                    .bits = spec.recurrent.bits,
                    .blocks = spec.recurrent.block.named}};
}

quant::Network in_forms(const config::Spec& spec, quant::Network network) {
  const quant::ProductForms forms{.maxima = spec.quantise.maximum == config::Maximum::kReluTree,
                                  .table_neurons = spec.quantise.table_neurons,
                                  .most_bits = most_activation_bits(spec),
                                  .exact_neurons = spec.pe.neuron == config::Neuron::kExact};
  return forms.any() ? quant::in_products(network, forms) : network;
}

map::Host host_of(const config::Spec& spec) {
  const std::string hash = config::spec_hash(spec).substr(0, 8);
  return {.beat_lanes = spec.host.beat_lanes,
          .spec_hash = static_cast<std::uint32_t>(std::stoul(hash, nullptr, 16)),
          .preset_memories = spec.host.load == config::Load::kFiles,
          .asynchronous_reset = spec.host.reset == config::Reset::kAsynchronous};
}

// What the bench calls the parts of a result; one output needs no name.
std::vector<map::Output> outputs_in(const Mapped& mapped) {
  const std::vector<std::string> names = output_names(mapped.graph);
  const core::Program& program = *mapped.design.program;
  std::vector<map::Output> outputs;
  std::size_t range = 0;
  for (std::size_t i = 0; i < names.size() && names.size() > 1; ++i) {
    const core::Stream& stream = program.streams[program.outputs[range].stream];
    const int parts = stream.beside * (stream.format.is_signed ? 2 : 1);
    outputs.push_back({names[i], parts * program.outputs[range].count});
    range += static_cast<std::size_t>(parts);
  }
  return outputs;
}

// As many copies as crossbars' cells of map.area hold.
core::Duplication within_area(const quant::Network& network, const core::Program& once,
                              const config::Spec& spec) {
  const flow::Technology technology =
      flow::Technology::read(home() / "constraints", spec.synth.technology);
  const auto mm2 = [&](const core::CoreOp& op) {
    return technology.crossbar_area(op.rows(), op.cols(), true) / 1e6;
  };
  double least = 0;
  for (const core::CoreOp& op : once.ops) least += mm2(op);
  if (least > spec.map.area)
    base::fail(base::Code::kDoesNotFit,
               fmt::format("one copy of each layer takes crossbars of {:.4g} mm2, not {:.4g}",
                           least, spec.map.area),
               "map.area", fmt::format("set map.area to {:.4g} or more", least * 1.001));
  return core::within(network, once, spec.map.area, mm2);
}

core::Program lowered(const quant::Network& network, core::TileSize tile,
                      const config::Spec& spec) {
  core::Program once = core::lower(network, tile);
  const config::Map& map = spec.map;
  if (map.area > 0) return core::lower(network, tile, within_area(network, once, spec));
  if (map.pes > 0) return core::lower(network, tile, core::within(network, once, map.pes));
  if (map.duplicate > 1)
    return core::lower(network, tile, core::balanced(network, once, map.duplicate));
  return once;
}

enum class Checks { kAll, kNone };

void lower_and_map(Mapped& mapped, const StageCallback& stage, Checks checks = Checks::kAll) {
  const config::Spec& spec = mapped.spec;
  stage("lower");
  const core::TileSize tile{spec.pe.rows, spec.pe.cols};
  core::Program program = lowered(mapped.network, tile, spec);
  if (checks == Checks::kAll) core::check(program, mapped.network, tile);
  if (spec.pe.crossbar == config::Crossbar::kMacro)
    program.device = {spec.macro.variation, spec.macro.stuck_cells, spec.macro.seed};
  stage("map");
  mapped.design = map::map(std::move(program), spec.pe, host_of(spec), spec.map.islands,
                           {.lanes = spec.recurrent.lanes,
                            .elements = spec.recurrent.elements,
                            .multipliers = spec.recurrent.multipliers.all,
                            .multipliers_of = spec.recurrent.multipliers.named});
  mapped.design.name = spec.name;
  mapped.design.outputs = outputs_in(mapped);
  if (checks == Checks::kAll) map::check(mapped.design);
}

quant::Network stored_network(const std::filesystem::path& directory, const Manifest& manifest) {
  const std::filesystem::path file = directory / kNetworkFile;
  const auto hash = manifest.artefacts.find(kNetworkFile);
  if (hash == manifest.artefacts.end() || !std::filesystem::exists(file))
    base::fail(base::Code::kNotARunDirectory, "the quantised network is not here", file.string(),
               "compile the spec again");
  const std::string text = base::read_file(file);
  if (base::sha256(text) != hash->second)
    base::fail(base::Code::kNotARunDirectory, "this is not the network that compile wrote",
               file.string(), "compile the spec again");
  return quant::network_of(nlohmann::json::parse(text));
}

// Layers of words whose blocks are not those that the spec wants, or are not full.
std::vector<std::string> notes_of_blocks(const config::Spec& spec, const quant::Network& network) {
  std::vector<std::string> notes;
  for (const quant::Layer& layer : network.layers) {
    const auto* rule = std::get_if<quant::Recurrent>(&layer.rule);
    if (!rule) continue;
    const quant::CellLayer& cells = *rule->cells;
    const std::string name = base::quoted_name(layer.name);
    const int wanted = spec.recurrent.block.of(layer.name);
    if (cells.block != wanted)
      notes.push_back(
          fmt::format("layer {}: blocks of {} do not divide its {} cells, so they are of {}", name,
                      wanted, cells.cells, cells.block));
    else if (cells.cells % cells.block != 0 || cells.inputs % cells.block != 0)
      notes.push_back(
          fmt::format("layer {}: {} inputs and {} outputs do not fill blocks of {}: "
                      "zeros do",
                      name, cells.inputs, cells.cells, cells.block));
  }
  return notes;
}

}  // namespace

quant::Network integer_network(const config::Spec& spec, const nn::Graph& graph,
                               const std::vector<nn::Array>& calibration) {
  const quant::Network network =
      in_forms(spec, quant::quantise(graph, calibration, options_of(spec)));
  if (spec.pe.tall_layers == config::TallLayers::kCascade) return network;
  if (calibration.empty()) refuse_split_merge("samples");
  return core::split_tall_layers(network, spec.pe.rows, quant::encode_inputs(network, calibration));
}

Compiled compile(const config::Spec& spec, const StageCallback& stage) {
  Compiled compiled;
  compiled.spec = spec;
  stage("import");
  compiled.graph = load_model(spec.model);
  check_names(spec.recurrent, compiled.graph);
  stage("quantise");
  CalibrationData calibration = load_calibration(spec, compiled.graph);
  compiled.notes = std::move(calibration.notes);
  compiled.network = integer_network(spec, compiled.graph, calibration.inputs);
  for (std::string& note : notes_of_blocks(spec, compiled.network))
    compiled.notes.push_back(std::move(note));
  lower_and_map(compiled, stage);
  stage("netlist");
  compiled.rtl = emit::hardwired(compiled.design);
  return compiled;
}

Estimated map_to_estimate(const config::Spec& spec, bool only_shapes, const StageCallback& stage) {
  Estimated estimated;
  estimated.spec = spec;
  stage("import");
  nn::Shapes shapes = nn::import_shapes(spec.model.file);
  estimated.missing = shapes.missing;
  nn::Graph graph = prepared(std::move(shapes.graph), spec.model);
  stage("quantise");
  estimated.is_calibrated =
      !only_shapes && estimated.missing == 0 && !spec.data.calibration.empty();
  check_names(spec.recurrent, graph);
  if (!estimated.is_calibrated && spec.pe.tall_layers == config::TallLayers::kSplitMerge)
    refuse_split_merge("weights and samples");
  estimated.network = estimated.is_calibrated
                          ? integer_network(spec, graph, load_calibration(spec, graph).inputs)
                          : in_forms(spec, quant::shapes_of(graph, options_of(spec)));
  graph = {};  // the weights are large
  lower_and_map(estimated, stage, Checks::kNone);
  return estimated;
}

Mapped restore(const std::filesystem::path& directory, const Manifest& manifest,
               const GoldenLevels& levels, const StageCallback& stage) {
  Mapped mapped;
  mapped.spec = manifest.spec;
  stage("import");
  mapped.graph = load_model(manifest.spec.model);
  if (levels.integer) mapped.network = stored_network(directory, manifest);
  if (levels.emulate) lower_and_map(mapped, stage);
  return mapped;
}

void write_design(const Compiled& compiled, const std::filesystem::path& directory) {
  const std::filesystem::path root = home();
  base::write_file(directory / kNetworkFile, quant::network_json(compiled.network).dump() + "\n");
  emit::write_rtl(directory, compiled.rtl.design, root / "rtl");
  emit::write_memories(directory, compiled.design);
  emit::write_constraints(directory,
                          {.top = compiled.rtl.design.top(),
                           .clock_ns = compiled.spec.synth.clock_ns,
                           .asynchronous_reset = compiled.design.host.asynchronous_reset});
  emit::write_core_file(directory,
                        {compiled.spec.name, "fpsa_tb_top", emit::memory_images(compiled.design)},
                        compiled.rtl.design);
  emit::write_bench(directory, compiled.design, compiled.rtl, root / "tb");
}

}  // namespace app
