#include <fmt/format.h>

#include <iostream>

#include "app/context.hpp"
#include "app/run_directory.hpp"
#include "base/error.hpp"
#include "base/subprocess.hpp"

namespace app {

void Context::print(const std::string& text, nlohmann::json document) const {
  if (!json) {
    std::cout << text << std::flush;
    return;
  }
  document["schema_version"] = kSchemaVersion;
  std::cout << document.dump(2) << "\n" << std::flush;
}

CLI::App* add_verb(CLI::App& cli, Context& context, const std::string& name,
                   const std::string& description, const std::string& example) {
  CLI::App* verb = cli.add_subcommand(name, description);
  verb->footer("Example:\n  " + example);
  verb->add_flag("--json", context.json, "Print one JSON document on stdout");
  verb->add_flag("-q,--quiet", context.quiet, "No stage lines on stderr");
  verb->add_option("-j,--jobs", context.jobs, "Processes at a time")->check(CLI::Range(1, 256));
  return verb;
}

void add_output(CLI::App* verb, Context& context, bool required) {
  auto* out = verb->add_option("-o,--out", context.out, "Directory to make");
  if (required) out->required();
  verb->add_flag("--force", context.force, "Replace the directory even if fpsa did not make it");
}

namespace {

void define(CLI::App& cli, Context& context) {
  cli.require_subcommand(1);
  cli.set_version_flag("--version", fmt::format("fpsa {}", kVersion));
  cli.footer(
      "Example:\n  fpsa run examples/fashion_mlp/spec.toml --samples 1000\n\n"
      "`fpsa VERB --help` shows a verb's options and an example. README.md has the exit codes.");
  for (const auto add : {add_run, add_check, add_ops, add_generate, add_compile, add_simulate,
                         add_synth, add_explain, add_doctor, add_schema})
    add(cli, context);
}

// The verbs, or the options of the verb that was given.
std::vector<std::string> words_of(const CLI::App& cli) {
  std::vector<std::string> words;
  const auto verbs = cli.get_subcommands();
  if (verbs.empty())
    for (const CLI::App* verb : cli.get_subcommands({})) words.push_back(verb->get_name());
  for (const CLI::Option* option : (verbs.empty() ? &cli : verbs.front())->get_options())
    for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
  return words;
}

// CLI11 answers --help and --version by an exception with status 0; all else it throws is a usage
// error.
int end_parse(const CLI::App& cli, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) return cli.exit(error);
  const auto verbs = cli.get_subcommands();
  const std::string verb = verbs.empty() ? "" : verbs.front()->get_name() + " ";
  const std::string help = "fpsa " + verb + "--help";
  base::Fault fault{base::Code::kUsage, error.what(), {}, help};
  if (const std::vector<std::string> unknown = cli.remaining(true); !unknown.empty()) {
    const std::string place =
        verbs.empty() ? "a verb of fpsa" : "an argument of " + verbs.front()->get_name();
    fault.what = fmt::format("\"{}\" is not {}", unknown.front(), place);
    const std::string near = base::nearest(unknown.front(), words_of(cli));
    if (!near.empty()) fault.cure = near + ", or " + help;
  }
  std::cerr << base::to_string(fault);
  return static_cast<int>(base::Exit::kUsage);
}

int report(const std::string& text, base::Exit code) {
  std::cerr << text << std::flush;
  return static_cast<int>(code);
}

}  // namespace

int run_program(int argc, const char* const* argv) {
  base::catch_interrupts();
  CLI::App cli("fpsa: neural networks compiled to verified open RTL", "fpsa");
  Context context;
  define(cli, context);
  try {
    cli.parse(argc, argv);
    if (!std::cout.flush())
      base::fail(base::Code::kFileUnwritable, "the output could not be written", "stdout",
                 "check the free space of where it goes");
    return static_cast<int>(base::Exit::kDone);
  } catch (const CLI::ParseError& error) {
    return end_parse(cli, error);
  } catch (const base::Error& error) {
    return report(error.what(), error.exit_code());
  } catch (const std::bad_alloc&) {
    return report(base::to_string({base::Code::kOutOfMemory,
                                   "the machine has not enough memory for this",
                                   {},
                                   "fewer samples, or a smaller network"}),
                  base::exit_of(base::Code::kOutOfMemory));
  } catch (const std::exception& error) {
    return report(
        base::to_string(
            {base::Code::kInternal, error.what(), {}, "this is a fault of fpsa: please report it"}),
        base::Exit::kInternal);
  }
}

}  // namespace app
