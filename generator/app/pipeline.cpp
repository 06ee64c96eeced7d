#include "app/pipeline.hpp"

#include <fmt/format.h>

#include "app/home.hpp"
#include "app/test_data.hpp"
#include "base/error.hpp"
#include "config/spec_io.hpp"
#include "emit/tree.hpp"
#include "nn/import.hpp"
#include "nn/passes/passes.hpp"
#include "quant/batch.hpp"
#include "quant/quantise.hpp"
#include "quant/split.hpp"

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

quant::Network quantised(const config::Spec& spec, const nn::Graph& graph,
                         const nn::Array& calibration) {
  const quant::Network network = quant::quantise(graph, calibration,
                                                 {.weight_bits = spec.pe.weight_bits,
                                                  .activation_bits = spec.pe.activation_bits,
                                                  .method = method_of(spec.quantise.method),
                                                  .percentile = spec.quantise.percentile});
  if (spec.pe.tall_layers == config::TallLayers::kCascade) return network;
  if (calibration.shape.empty())
    base::fail(base::Code::kMissingKey, "split_merge needs samples to choose its thresholds from",
               "data.calibration", "name a file, or pe.tall_layers = \"cascade\"");
  return quant::split_tall_layers(network, spec.pe.rows,
                                  quant::encode_inputs(network, calibration));
}

emit::TopOptions options_of(const config::Spec& spec) {
  return {.name = "fpsa_top",
          .beat_lanes = spec.host.beat_lanes,
          .spec_hash = static_cast<std::uint32_t>(
              std::stoul(config::spec_hash(spec).substr(0, 8), nullptr, 16)),
          .preset_memories = spec.host.load == config::Load::kFiles};
}

}  // namespace

Compiled compile(const config::Spec& spec, const StageCallback& stage) {
  Compiled compiled{.spec = spec,
                    .graph = {},
                    .network = {},
                    .program = {},
                    .design = {},
                    .options = options_of(spec),
                    .rtl = {verilog::Design(""), {}, {}},
                    .notes = {}};
  stage("import");
  compiled.graph = nn::simplify(nn::import_onnx(spec.model.file));
  stage("quantise");
  CalibrationData calibration = load_calibration(spec, compiled.graph);
  compiled.notes = std::move(calibration.notes);
  compiled.network = quantised(spec, compiled.graph, calibration.inputs);
  stage("lower");
  const core::TileSize tile{spec.pe.rows, spec.pe.cols};
  compiled.program = core::lower(compiled.network, tile);
  core::check(compiled.program, compiled.network, tile);
  if (spec.pe.crossbar == config::Crossbar::kMacro)
    compiled.program.device = {spec.macro.variation, spec.macro.stuck_cells, spec.macro.seed};
  stage("map");
  compiled.design = map::map(compiled.program, spec.pe);
  compiled.design.name = spec.name;
  map::check(compiled.design);
  stage("netlist");
  compiled.rtl = emit::build(compiled.design, compiled.options);
  return compiled;
}

void write_design(const Compiled& compiled, const std::filesystem::path& directory) {
  const std::filesystem::path root = home();
  emit::write_rtl(directory, compiled.rtl.design, root / "rtl");
  emit::write_memories(directory, compiled.design);
  emit::write_constraints(directory, compiled.rtl.design.top(), compiled.spec.synth.clock_ns);
  emit::write_core_file(directory,
                        {compiled.spec.name, "fpsa_tb_top", emit::memory_images(compiled.design)},
                        compiled.rtl.design);
  emit::write_bench(directory, compiled.rtl, root / "tb");
}

}  // namespace app
