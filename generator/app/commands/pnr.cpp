// `pnr`: places and routes circuits of LUTs and flip-flops.
#include "app/context.hpp"
#include "app/fabric_job.hpp"
#include "app/pnr_job.hpp"
#include "base/error.hpp"

namespace app {

namespace {

struct PnrWords {
  PnrOptions options;
  std::vector<std::string> settings;
};

void run_pnr(const Context& context, const PnrWords& words) {
  PnrOptions options = words.options;
  const bool is_network = !options.directory.empty();
  if (is_network == !options.blif.empty())
    base::fail(base::Code::kUsage, "pnr places a network or a circuit", "pnr",
               "name a network's directory, or --blif FILE");
  config::Spec spec;
  if (is_network) spec = read_manifest(options.directory).spec;
  spec = spec_from(words.settings, std::move(spec));
  options.fabric = spec.fabric;
  options.technology = spec.synth.technology;
  delays_of(options.technology);  // a faulty file shows before the work begins
  base::StagedDirectory directory =
      output_directory(context.out, {options.blif, options.directory}, context.force);
  base::Progress progress(is_network ? kNetworkPnrStages : kPnrStages, stderr, context.quiet);
  if (is_network)
    place_network(options, directory, progress);
  else
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
      add_verb(cli, context, "pnr",
               "Place and route a network, or a circuit of LUTs and flip-flops, on a fabric",
               "fpsa pnr out/design --set channel_width=120 -o out/fabric");
  auto words = std::make_shared<PnrWords>();
  add_output(verb, context, true);
  verb->add_option("directory", words->options.directory, "Run directory of a network");
  verb->add_option("--blif", words->options.blif, "A circuit instead, in BLIF");
  verb->add_option(
      "--set", words->settings,
      "key=value of the spec's section [fabric]; synth.technology=NAME or FILE: whose delays "
      "count");
  verb->add_option("--seed", words->options.seed, "Seed of the placement")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{9007199254740991}));
  verb->add_option(
          "--effort", words->options.effort,
          "Moves of the placement, in units of blocks^(4/3) a temperature; of more than 1,000 "
          "blocks, of 10 a block")
      ->check(number_between(0.01, 1000));
  verb->add_flag("--least-width", words->options.least_width,
                 "Look for the least channel width; the search starts at channel_width");
  verb->callback([&context, words] { run_pnr(context, *words); });
}

}  // namespace app
