#include "app/jobs.hpp"
#include "base/rng.hpp"
#include "emit/tree.hpp"

namespace app {

namespace {

// Inputs that need no dataset: any values exercise the hardware.
quant::IntegerBatch random_inputs(const quant::Network& network, int samples) {
  base::Rng rng(1);
  quant::IntegerBatch batch(samples, network.input_count());
  for (Eigen::Index s = 0; s < batch.rows(); ++s) {
    Eigen::Index column = 0;
    for (const quant::TensorId id : network.inputs)
      for (int i = 0; i < network.tensors[id].count(); ++i)
        batch(s, column++) = static_cast<std::int32_t>(
            rng.between(network.format_of(id).low, network.format_of(id).high));
  }
  return batch;
}

void write_self_test(const Compiled& compiled, const std::filesystem::path& directory) {
  constexpr int kSamples = 4;
  const quant::IntegerBatch inputs = random_inputs(compiled.network, kSamples);
  const auto trains = map::emulate(compiled.design, inputs);
  emit::write_vectors(directory, compiled.design, {inputs, trains});
}

}  // namespace

std::vector<std::filesystem::path> inputs_of(const config::Spec& spec) {
  std::vector<std::filesystem::path> files = {spec.model.file};
  for (const auto* given : {&spec.data.inputs, &spec.data.labels, &spec.data.calibration}) {
    files.push_back(given->all);
    for (const auto& [name, file] : given->named) files.push_back(file);
  }
  files.insert(files.end(), spec.synth.liberty.begin(), spec.synth.liberty.end());
  return files;
}

Compiled compile_into(const config::Spec& spec, base::StagedDirectory& out,
                      base::Progress& progress) {
  forget_results(out.target());
  Compiled compiled = compile(spec, [&](const std::string& name) { progress.stage(name); });
  for (const std::string& note : compiled.notes) progress.note(note);
  progress.stage("emit");
  write_design(compiled, out.path());
  write_self_test(compiled, out.path());
  write_manifest(out.path(), {"network", compiled.rtl.design.top(), spec});
  write_metrics(out.path(), {{"network", network_metrics(compiled)},
                             {"quantisation", quantisation_metrics(compiled)},
                             {"design", design_metrics(compiled)}});
  out.commit(kManifest);
  return compiled;
}

}  // namespace app
