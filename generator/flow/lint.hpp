// Generated RTL through the three readers that must accept it: Verilator, Icarus and Yosys.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace flow {

struct LintMessage {
  std::string tool;  ///< "verilator", "iverilog" or "yosys"
  std::string text;  ///< its line, as printed

  bool operator==(const LintMessage&) const = default;
};

/// Every warning and error of `verilator --lint-only -Wall`, `iverilog -g2005 -Wall -t null` and
/// Yosys `hierarchy -check` + `check` on rtl/design.f; empty is the only good answer. Logs:
/// reports/lint_<tool>.log. Throws kNotARunDirectory, kToolMissing, and kToolFailed if a tool ends
/// with an error that its log does not name.
std::vector<LintMessage> lint(const std::filesystem::path& directory, const std::string& top);

/// Warning and error lines of a tool's log.
std::vector<LintMessage> parse_lint(const std::string& tool, const std::string& log);

}  // namespace flow
