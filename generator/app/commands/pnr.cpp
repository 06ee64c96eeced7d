// `pnr`: places and routes circuits of LUTs and flip-flops.
#include "app/context.hpp"
#include "app/pnr_job.hpp"

namespace app {

namespace {

struct PnrWords {
  PnrOptions options;
  std::vector<std::string> settings;
};

void run_pnr(const Context& context, const PnrWords& words) {
  PnrOptions options = words.options;
  options.fabric = fabric_from(words.settings);
  base::StagedDirectory directory = output_directory(context.out, {options.blif}, context.force);
  base::Progress progress(kPnrStages, stderr, context.quiet);
  place_and_route(options, directory, progress);
  progress.finish();
  const nlohmann::json metrics = read_metrics(context.out);
  context.print(pnr_text(metrics, context.width()) +
                    "picture: " + (context.out / "floorplan.svg").string() +
                    "\nnext: fpsa simulate " + context.out.string() + "\n",
                metrics);
}

}  // namespace

void add_pnr(CLI::App& cli, Context& context) {
  CLI::App* verb =
      add_verb(cli, context, "pnr", "Place and route a circuit of LUTs and flip-flops on a fabric",
               "fpsa pnr --blif alu4.blif --set channel_width=80 -o out/alu4");
  auto words = std::make_shared<PnrWords>();
  add_output(verb, context, true);
  verb->add_option("--blif", words->options.blif, "The circuit, in BLIF")->required();
  verb->add_option("--set", words->settings, "key=value of the spec's section [fabric]");
  verb->add_option("--seed", words->options.seed, "Seed of the placement")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{9007199254740991}));
  verb->add_option("--effort", words->options.effort,
                   "Moves of the placement, in units of blocks^(4/3) a temperature")
      ->check(number_between(0.01, 1000));
  verb->add_flag("--least-width", words->options.least_width,
                 "Look for the least channel width; the search starts at channel_width");
  verb->callback([&context, words] { run_pnr(context, *words); });
}

}  // namespace app
