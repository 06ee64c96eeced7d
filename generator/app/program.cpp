#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <string_view>

#include "app/context.hpp"
#include "app/run_directory.hpp"
#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/layout.hpp"

namespace app {

int Context::width() const {
  constexpr int kUsual = 80;
  constexpr int kLeast = 40;
  winsize size{};
  const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? std::max<int>(kLeast, size.ws_col) : kUsual;
}

void Context::print(const std::string& text, nlohmann::json what) const {
  if (json)
    document = std::move(what);
  else
    std::cout << text << std::flush;
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

CLI::Validator number_between(double low, double high) {
  const auto check = [low, high](const std::string& text) {
    double value = 0;
    const bool fits = CLI::detail::lexical_cast(text, value) && value >= low && value <= high;
    return fits ? std::string() : fmt::format("Value {} not in range {} to {}", text, low, high);
  };
  return {check, fmt::format("in [{} - {}]", low, high), "number_between"};
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
  for (const auto add : {add_init, add_run, add_check, add_estimate, add_explore, add_ops,
                         add_units, add_generate, add_compile, add_simulate, add_synth, add_pnr,
                         add_export, add_explain, add_doctor, add_schema})
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

base::Fault usage_fault(const CLI::App& cli, const CLI::ParseError& error) {
  const auto verbs = cli.get_subcommands();
  const std::string verb = verbs.empty() ? "" : verbs.front()->get_name() + " ";
  const std::string help = "fpsa " + verb + "--help";
  base::Fault fault{base::Code::kUsage, error.what(), {}, help};
  if (const std::vector<std::string> unknown = cli.remaining(true); !unknown.empty()) {
    const std::string place =
        verbs.empty() ? "a verb of fpsa" : "an argument of " + verbs.front()->get_name();
    fault.what = fmt::format("{} is not {}", base::quoted_name(unknown.front()), place);
    const std::string near = base::nearest(unknown.front(), words_of(cli));
    if (!near.empty()) fault.cure = near + ", or " + help;
  }
  return fault;
}

// The faults that the verb, or the reading of its words, ends with.
std::vector<base::Fault> faults_of(CLI::App& cli, int argc, const char* const* argv) {
  try {
    cli.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // --help and --version are exceptions with status 0; all else that CLI11 throws is usage.
    if (error.get_exit_code() != 0) return {usage_fault(cli, error)};
    cli.exit(error);
  } catch (const base::Error& error) {
    return error.faults();
  } catch (const std::bad_alloc&) {
    return {{base::Code::kOutOfMemory,
             "the machine has not enough memory for this",
             {},
             "fewer samples, or a smaller network"}};
  } catch (const std::exception& error) {
    return {{base::Code::kInternal, error.what(), {}, "this is a fault of fpsa: please report it"}};
  }
  return {};
}

nlohmann::json fault_json(const base::Fault& fault) {
  return {{"code", fmt::format("E{:04}", static_cast<int>(fault.code))},
          {"message", fault.what},
          {"at", fault.where},
          {"try", fault.cure}};
}

void print_document(const Context& context, const std::vector<base::Fault>& faults, int status) {
  nlohmann::json document = context.document;
  document["schema_version"] = kSchemaVersion;
  if (!faults.empty()) {
    document["exit_code"] = status;
    document["errors"] = nlohmann::json::array();
    for (const base::Fault& fault : faults) document["errors"].push_back(fault_json(fault));
  }
  // Names of files and nodes need not be UTF-8.
  std::cout << document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
}

int status_of(const std::vector<base::Fault>& faults) {
  return static_cast<int>(faults.empty() ? base::Exit::kDone : base::exit_of(faults.front().code));
}

}  // namespace

int run_program(int argc, const char* const* argv) {
  base::catch_interrupts();
  CLI::App cli("fpsa: neural networks compiled to verified open RTL", "fpsa");
  Context context;
  define(cli, context);
  std::vector<base::Fault> faults = faults_of(cli, argc, argv);
  // Words that cannot be parsed may come before --json.
  const bool wants_json =
      context.json || std::find(argv, argv + argc, std::string_view("--json")) != argv + argc;
  const bool answered = faults.empty() && context.document.empty();  // --help
  if (wants_json && !answered) print_document(context, faults, status_of(faults));
  if (!std::cout.flush() && faults.empty())
    faults.push_back({base::Code::kFileUnwritable, "the output could not be written", "stdout",
                      "check the free space of where it goes"});
  for (const base::Fault& fault : faults) std::cerr << base::to_string(fault);
  return status_of(faults);
}

}  // namespace app
