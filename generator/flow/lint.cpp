#include "flow/lint.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "flow/tool.hpp"

namespace flow {
namespace {

namespace fs = std::filesystem;

bool is_message(const std::string& tool, const std::string& line) {
  const auto has = [&](const char* words) { return line.find(words) != std::string::npos; };
  if (tool == "verilator")
    return (line.rfind("%Warning", 0) == 0 || line.rfind("%Error", 0) == 0) &&
           !has("Exiting due to");
  if (tool == "iverilog") return has(": warning: ") || has(": error: ") || has(": syntax error");
  return line.rfind("Warning: ", 0) == 0 || line.rfind("ERROR: ", 0) == 0 || has(": Warning: ") ||
         has(": ERROR: ");
}

// Absolute paths say nothing to the reader and differ from machine to machine.
std::vector<std::string> in_rtl(std::vector<std::string> argv, const fs::path& directory) {
  for (const std::string& file : design_files(directory)) argv.push_back("rtl/" + file);
  return argv;
}

// Deferred: a leaf is elaborated as it is used, not with its defaults, which may be large.
std::string yosys_script(const fs::path& directory, const std::string& top) {
  std::vector<std::string> files;
  for (const std::string& file : design_files(directory)) files.push_back("rtl/" + file);
  return fmt::format("read_verilog -defer -DSYNTHESIS {}; hierarchy -check -top {}; proc; check",
                     fmt::join(files, " "), top);
}

void append(std::vector<LintMessage>& messages, const fs::path& directory,
            const std::vector<std::string>& argv) {
  const std::string& tool = argv[0];
  int status = 0;
  const fs::path log = directory / "reports" / ("lint_" + tool + ".log");
  const std::string text = run_tool({.argv = argv, .directory = directory, .log = log}, status);
  const std::vector<LintMessage> found = parse_lint(tool, text);
  if (status != 0 && found.empty())
    base::fail(base::Code::kToolFailed,
               fmt::format("{} ended with status {} and named no fault:\n{}", tool, status, text),
               log.string());
  messages.insert(messages.end(), found.begin(), found.end());
}

}  // namespace

std::vector<LintMessage> parse_lint(const std::string& tool, const std::string& log) {
  std::vector<LintMessage> messages;
  for (const std::string& line : lines_of(log))
    if (is_message(tool, line)) messages.push_back({tool, line});
  return messages;
}

std::vector<LintMessage> lint(const fs::path& directory, const std::string& top) {
  std::vector<LintMessage> messages;
  append(messages, directory,
         in_rtl({"verilator", "--lint-only", "-Wall", "--top-module", top}, directory));
  append(messages, directory,
         in_rtl({"iverilog", "-g2005", "-Wall", "-t", "null", "-s", top}, directory));
  append(messages, directory, {"yosys", "-p", yosys_script(directory, top)});
  return messages;
}

}  // namespace flow
