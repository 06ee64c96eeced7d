// init: a commented spec for a model.
#include <fmt/format.h>

#include "app/context.hpp"
#include "app/starter_spec.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "config/schema.hpp"

namespace app {

namespace {

namespace fs = std::filesystem;

// The keys that were chosen, for the user to look at.
nlohmann::json chosen_keys(const Starter& starter) {
  nlohmann::json chosen = nlohmann::json::object();
  for (const config::Key& key : config::keys())
    if (const auto remark = starter.remarks.find(key.path());
        remark != starter.remarks.end() && remark->second.written)
      chosen[key.path()] = config::json_of(key.get(starter.spec));
  return chosen;
}

std::string summary(const Starter& starter, const fs::path& spec) {
  std::string text = spec.string() + "\n";
  const nlohmann::json chosen = chosen_keys(starter);
  for (const auto& [key, value] : chosen.items())
    text += fmt::format("  {:<22} {}\n", key, value.dump());
  return text + (starter.compiles
                     ? fmt::format("next: fpsa run {}\n", spec.string())
                     : "next: name real inputs in data.calibration, which a float model needs\n");
}

void run_init(const Context& context, const StarterInputs& inputs) {
  if (fs::exists(fs::symlink_status(inputs.spec)) && !context.force)
    base::fail(base::Code::kUsage, fmt::format("{} exists already", inputs.spec.string()), "--out",
               "another name with -o, or --force to replace it");
  const Starter starter = make_starter(inputs);
  base::write_file(inputs.spec, starter.toml);
  context.print(summary(starter, inputs.spec), {{"spec", inputs.spec.string()},
                                                {"keys", chosen_keys(starter)},
                                                {"compiles", starter.compiles}});
}

}  // namespace

void add_init(CLI::App& cli, Context& context) {
  CLI::App* verb = add_verb(cli, context, "init", "A commented spec for a model, ready to run",
                            "fpsa init model.onnx --inputs test.npy --labels classes.npy");
  auto inputs = std::make_shared<StarterInputs>();
  inputs->spec = "spec.toml";
  verb->add_option("model", inputs->model, "ONNX file")->required();
  verb->add_option(
          "--inputs", inputs->samples,
          "Test samples: .npy, IDX or a folder of PNM; NAME=FILE for each of several inputs")
      ->allow_extra_args(false);
  verb->add_option("--labels", inputs->labels,
                   "Class (or target values) of each sample; NAME=FILE for one of several outputs")
      ->allow_extra_args(false);
  verb->add_option("--input-shape", inputs->shapes,
                   "Extents of a sample, as 3x224x224, if the model leaves more open than the "
                   "batch; NAME=EXTENTS for one of several inputs")
      ->allow_extra_args(false);
  verb->add_option("-o,--out", inputs->spec, "Spec to write; spec.toml if not given");
  verb->add_flag("--force", context.force, "Replace the spec if there is one");
  verb->callback([&context, inputs] { run_init(context, *inputs); });
}

}  // namespace app
