// What every command shares: the options before or after the verb, and where it writes.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

namespace app {

/// Options that all verbs take. Data goes to stdout, everything else to stderr.
struct Context {
  bool json = false;   ///< one JSON document on stdout instead of text
  bool quiet = false;  ///< no stage lines
  bool force = false;  ///< replace an output directory even if it is not fpsa's
  int jobs = 2;
  std::filesystem::path out;

  /// Columns of the terminal that stdout is, or 80.
  int width() const;
  /// Prints `text`; with --json keeps `document`, which the program prints when the verb has ended,
  /// so that a fault after it still makes one document.
  void print(const std::string& text, nlohmann::json document) const;

  mutable nlohmann::json document = nlohmann::json::object();  ///< of --json
};

/// A verb: its options are bound when it is added; `run` is called after parsing.
void add_init(CLI::App& cli, Context& context);
void add_run(CLI::App& cli, Context& context);
void add_check(CLI::App& cli, Context& context);
void add_estimate(CLI::App& cli, Context& context);
void add_explore(CLI::App& cli, Context& context);
void add_ops(CLI::App& cli, Context& context);
void add_units(CLI::App& cli, Context& context);
void add_generate(CLI::App& cli, Context& context);
void add_compile(CLI::App& cli, Context& context);
void add_simulate(CLI::App& cli, Context& context);
void add_synth(CLI::App& cli, Context& context);
void add_pnr(CLI::App& cli, Context& context);
void add_export(CLI::App& cli, Context& context);
void add_explain(CLI::App& cli, Context& context);
void add_doctor(CLI::App& cli, Context& context);
void add_schema(CLI::App& cli, Context& context);

/// Adds verb `name` with its line in --help, an example under its own --help, and the shared
/// options.
CLI::App* add_verb(CLI::App& cli, Context& context, const std::string& name,
                   const std::string& description, const std::string& example);
/// A number from `low` to `high`; "nan" is none.
CLI::Validator number_between(double low, double high);
/// --out and --force, for verbs that make a directory.
void add_output(CLI::App* verb, Context& context, bool required);

/// The whole program: parses, runs, reports errors. Returns the exit code.
int run_program(int argc, const char* const* argv);

}  // namespace app
