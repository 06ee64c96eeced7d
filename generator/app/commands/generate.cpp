#include <fmt/format.h>

#include "app/context.hpp"
#include "app/pnr_job.hpp"
#include "app/settings.hpp"
#include "app/tile_job.hpp"
#include "app/unit_job.hpp"
#include "config/spec_io.hpp"

namespace app {

namespace {

struct GenerateWords {
  std::string unit;
  std::vector<std::string> settings;
};

void print_made(const Context& context, const std::string& synthesis) {
  const std::string out = context.out.string();
  context.print(fmt::format("{0}: RTL in {0}/rtl, bench in {0}/tb\n"
                            "next: fpsa simulate {0} --simulator icarus\n{1}",
                            out, synthesis),
                read_metrics(context.out));
}

void run_fabric(const Context& context, const GenerateWords& words) {
  const config::Fabric fabric = fabric_from(words.settings);
  base::StagedDirectory directory = output_directory(context.out, {}, context.force);
  generate_fabric(fabric, directory);
  print_made(context, fmt::format("      fpsa synth {} --flow asic\n", context.out.string()));
}

void run_tile(const Context& context, const GenerateWords& words, const TileUnit& unit) {
  const config::Spec spec = spec_from(words.settings);
  config::check_rules(spec);
  base::StagedDirectory directory = output_directory(context.out, {}, context.force);
  generate_tile(unit, spec, directory);
  context.print(
      fmt::format("{0}: RTL in {0}/rtl\nnext: fpsa synth {0} --flow asic\n", context.out.string()),
      read_metrics(context.out));
}

void run_generate(const Context& context, const GenerateWords& words) {
  if (words.unit == kFabric) return run_fabric(context, words);
  if (const TileUnit* tile = find_tile(words.unit)) return run_tile(context, words, *tile);
  const units::Kind& kind = units::kind_of(words.unit);
  config::Spec spec;
  spec.name = words.unit;
  // A unit by itself is meant for synthesis: adder trees unless something else is asked for.
  spec.pe.crossbar = config::Crossbar::kParallel;
  std::vector<std::pair<std::string, std::string>> own;
  for (const std::string& setting : words.settings) {
    const auto [key, value] = split_setting(setting);
    if (kind.section.empty())
      own.emplace_back(key, value);
    else
      config::set_key(spec, key, value, kind.section);
  }
  const units::Settings settings = units::settings_of(kind, own);
  config::check_rules(spec);
  base::StagedDirectory directory = output_directory(context.out, {}, context.force);
  generate_unit(kind, settings, spec, directory);
  print_made(context, fmt::format("      fpsa synth {} --flow asic\n", context.out.string()));
}

}  // namespace

void add_generate(CLI::App& cli, Context& context) {
  CLI::App* verb = add_verb(cli, context, "generate", "RTL of one unit with its own bench",
                            "fpsa generate pe --set rows=64 --set cols=32 -o out/pe");
  auto words = std::make_shared<GenerateWords>();
  add_output(verb, context, true);
  verb->add_option("unit", words->unit, "Unit; fpsa units lists them")->required();
  verb->add_option("--set", words->settings,
                   "key=value of the unit's settings; of pe and fabric: keys of the spec's section "
                   "of that name, of tiles of [fabric]");
  verb->callback([&context, words] { run_generate(context, *words); });
}

}  // namespace app
