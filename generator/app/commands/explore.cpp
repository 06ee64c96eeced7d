// `explore`: blocks and parallelism of recurrent networks under limits.
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <iostream>
#include <optional>

#include "app/context.hpp"
#include "app/explore_job.hpp"
#include "app/home.hpp"
#include "app/settings.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/staged_directory.hpp"
#include "base/text.hpp"
#include "config/spec_io.hpp"

namespace app {

namespace {

namespace fs = std::filesystem;

constexpr const char* kDocument = "explore.json";
constexpr const char* kRecommended = "recommended.toml";
constexpr int kMostBlock = 128;

struct ExploreWords {
  std::vector<fs::path> models;
  fs::path spec;
  std::vector<std::string> settings;
  double loss = 0;
  int samples = 0;
  std::vector<int> blocks{1, 2, 4, 8, 16};
  std::string device;
  std::int64_t multipliers = 0;
  std::int64_t memory_bits = 0;
  int streams = 1;
};

config::Spec spec_of(const ExploreWords& words) {
  config::Spec spec;
  if (!words.spec.empty()) spec = config::load_spec(words.spec);
  spec.model.file = words.models.front();
  if (spec.name.empty()) spec.name = base::stem_of(words.models.front().stem().string(), 64);
  for (const std::string& setting : words.settings) {
    const auto [key, value] = split_setting(setting);
    config::set_key(spec, key, value);
  }
  config::check_rules(spec);
  return spec;
}

void check_blocks(const std::vector<int>& blocks) {
  for (const int block : blocks)
    if (block < 1 || block > kMostBlock || !std::has_single_bit(static_cast<unsigned>(block)))
      base::fail(base::Code::kUsage,
                 fmt::format("a block of {} is no power of two up to 128", block), "--blocks",
                 "--blocks 1,2,4,8,16");
}

explore::Budget budget_of(const ExploreWords& words) {
  const fs::path file = home() / "constraints" / "devices.toml";
  const std::vector<explore::Device> devices =
      explore::devices_of(base::read_file(file), file.string());
  if (!words.device.empty()) return {explore::device_of(devices, words.device, "--device"), 0, 0};
  if (words.multipliers > 0) return {{}, words.multipliers, words.memory_bits};
  std::string names;
  for (const explore::Device& device : devices) names += (names.empty() ? "" : ", ") + device.name;
  base::fail(base::Code::kUsage, "nothing says how much hardware there is", "--device",
             fmt::format("--device and one of {}; or --multipliers N", names));
}

std::vector<fs::path> absolute(const std::vector<fs::path>& files) {
  std::vector<fs::path> all;
  for (const fs::path& file : files) all.push_back(fs::absolute(file).lexically_normal());
  return all;
}

// What an earlier exploration wrote.
base::Inventory ours() { return {.files = {{kDocument, ""}, {kRecommended, ""}}, .folders = {}}; }

bool is_ours(const fs::path& directory) { return fs::exists(directory / kDocument); }

void write(base::StagedDirectory& out, const Explored& explored, const nlohmann::json& document) {
  base::write_file(out.path() / kDocument, document.dump(2) + "\n");
  if (explored.best)
    base::write_file(out.path() / kRecommended,
                     config::to_toml(explored.spec_of(explored.points[*explored.best])));
  out.commit(kDocument);
}

void run_explore(const Context& context, const ExploreWords& words) {
  check_blocks(words.blocks);
  const ExploreOptions options{.models = absolute(words.models),
                               .spec = spec_of(words),
                               .loss = words.loss,
                               .samples = words.samples,
                               .blocks = words.blocks,
                               .budget = budget_of(words),
                               .streams = words.streams};
  std::optional<base::StagedDirectory> out;
  if (!context.out.empty()) out.emplace(context.out, ours(), is_ours(context.out), context.force);
  base::Progress progress(explore_stages(options.models.size()), stderr, context.quiet);
  const Explored explored = explore(options, progress);
  for (const std::string& note : explored.notes) progress.note(note);
  progress.finish();
  nlohmann::json document = explore_document(explored);
  document["schema_version"] = kSchemaVersion;
  if (out) write(*out, explored, document);
  context.print(explore_text(explored, context.width()), document);
  require_best(explored);
  if (out && !context.quiet)
    std::cerr << "next: fpsa run " << (context.out / kRecommended).string() << "\n";
}

}  // namespace

void add_explore(CLI::App& cli, Context& context) {
  CLI::App* verb =
      add_verb(cli, context, "explore", "Blocks and parallelism of recurrent networks under limits",
               "fpsa explore lstm.onnx gru.onnx --spec spec.toml --accuracy-loss 0.5 "
               "--device XC7A100T");
  auto words = std::make_shared<ExploreWords>();
  add_output(verb, context, false);
  verb->add_option("models", words->models, "ONNX files, trained on the same data")->required();
  verb->add_option("--spec", words->spec, "Spec: samples, labels, calibration, bits");
  verb->add_option("--set", words->settings, "key=value of the spec's keys");
  verb->add_option("--accuracy-loss", words->loss,
                   "Points of accuracy that may be lost, of the best float model's")
      ->required()
      ->check(number_between(0, 100));
  verb->add_option("--samples", words->samples,
                   fmt::format("Samples that accuracy is measured on; else {}, or all there are",
                               kExploredSamples))
      ->check(CLI::Range(1, 1000000));
  verb->add_option("--blocks", words->blocks, "Blocks that layers may have: 1,2,4,8,16")
      ->delimiter(',');
  CLI::Option* device = verb->add_option("--device", words->device,
                                         "FPGA that it is for: a name of constraints/devices.toml");
  CLI::Option* multipliers =
      verb->add_option("--multipliers", words->multipliers, "Multipliers at most, of any width")
          ->check(CLI::Range(1, 1000000))
          ->excludes(device);
  verb->add_option("--memory-bits", words->memory_bits, "Bits of memory at most")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 40))
      ->needs(multipliers);
  verb->add_option("--streams", words->streams, "Sequences in turn, which fill each other's gaps")
      ->check(CLI::Range(1, 256));
  verb->callback([&context, words] { run_explore(context, *words); });
}

}  // namespace app
