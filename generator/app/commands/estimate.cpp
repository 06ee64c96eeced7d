// `estimate`: what a network of any size takes, without its weights if need be.
#include <algorithm>

#include "app/context.hpp"
#include "app/jobs.hpp"
#include "base/text.hpp"
#include "config/spec_io.hpp"

namespace app {

namespace {

constexpr int kEstimateStages = 5;

struct EstimateWords {
  std::filesystem::path model;
  std::filesystem::path spec;
  bool shapes = false;
  int duplicate = 0;  // 0: as the spec says, as are
  int pes = 0;
  double area = 0;
};

config::Spec spec_of(const EstimateWords& words) {
  config::Spec spec;
  if (!words.spec.empty()) spec = config::load_spec(words.spec);
  spec.model.file = words.model;
  if (words.duplicate > 0 || words.pes > 0 || words.area > 0) {
    spec.map.duplicate = std::max(words.duplicate, 1);
    spec.map.pes = words.pes;
    spec.map.area = words.area;
  }
  if (spec.name.empty()) spec.name = base::stem_of(words.model.stem().string(), 64);
  config::check_rules(spec);
  return spec;
}

void run_estimate(const Context& context, const EstimateWords& words) {
  base::Progress progress(kEstimateStages, stderr, context.quiet);
  const Estimated estimated = map_to_estimate(
      spec_of(words), words.shapes, [&](const std::string& name) { progress.stage(name); });
  progress.stage("replay");
  const nlohmann::json document = estimate_document(estimated);
  progress.finish();
  context.print(estimate_text(document, context.width()), document);
}

}  // namespace

void add_estimate(CLI::App& cli, Context& context) {
  CLI::App* verb =
      add_verb(cli, context, "estimate", "What a network of any size takes, weights or not",
               "fpsa estimate model.onnx --spec spec.toml");
  auto words = std::make_shared<EstimateWords>();
  verb->add_option("model", words->model, "ONNX file; the data of its weights need not be there")
      ->required();
  verb->add_option("--spec", words->spec,
                   "Spec; with calibration samples the signs are those that compile finds");
  verb->add_flag("--shapes", words->shapes,
                 "Look at shapes alone, though the spec names calibration samples");
  CLI::Option* duplicate = verb->add_option("--duplicate", words->duplicate,
                                            "Copies of the slowest layer: map.duplicate")
                               ->check(CLI::Range(1, 1024));
  CLI::Option* pes = verb->add_option("--pes", words->pes, "PEs that copies may fill: map.pes")
                         ->check(CLI::Range(1, 1000000))
                         ->excludes(duplicate);
  verb->add_option("--area", words->area, "mm2 of macro crossbars that copies may fill: map.area")
      ->check(CLI::Range(1e-6, 1e6))
      ->excludes(duplicate)
      ->excludes(pes);
  verb->callback([&context, words] { run_estimate(context, *words); });
}

}  // namespace app
