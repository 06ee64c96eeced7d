// Running one external tool: environment, log file, known failures in plain words.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace flow {

struct ToolCommand {
  std::vector<std::string> argv{};                   ///< argv[0] is looked up in PATH
  std::map<std::string, std::string> environment{};  ///< added to the caller's
  std::filesystem::path directory{};                 ///< working directory
  std::filesystem::path log{};                       ///< replaced, not appended to
  std::chrono::seconds timeout{24 * 3600};
  std::chrono::seconds silence{24 * 3600};  ///< without a line of log; then it is killed
  /// Files that it writes, from `directory`: removed before it runs, so that none of an earlier run
  /// passes for its own, and demanded (kToolOutput) when it ends with status 0.
  std::vector<std::filesystem::path> outputs{};
};

/// Runs the tool and returns its log. Throws kToolMissing, kInterrupted, kToolTimeout, or
/// kToolFailed with the last lines of the log and, where the failure is a known one, its cure.
std::string run_tool(const ToolCommand& command);

/// Same, but a non-zero status is returned in `status` instead of thrown.
std::string run_tool(const ToolCommand& command, int& status);

/// Throws kToolMissing, naming the Debian package, unless `program` is in PATH.
void require_tool(const std::string& program);

/// Throws kToolMissing unless there is a C++ compiler that tb/Makefile takes.
void require_compiler();

/// The cure of a failure whose log says so, or "": e.g. ABC's "Can't open ABC output file", which
/// means that the Liberty file has no buffer cell.
std::string known_cure(const std::string& log);

/// Source files below rtl/ of a run directory, in the order of `rtl/design.f`, which has "rtl/"
/// before each. Throws kNotARunDirectory if there is none.
std::vector<std::string> design_files(const std::filesystem::path& directory);

/// Path of `script` (as "yosys/asic.tcl") of the folder `scripts` from the run directory: through
/// the link build/flows, which this makes. Tools split, expand and evaluate the paths that they are
/// given, so they see none of a user's: they run in the run directory and get paths below it.
std::string flow_script(const std::filesystem::path& directory,
                        const std::filesystem::path& scripts, const std::string& script);

/// Lines of `text`, without their ends.
std::vector<std::string> lines_of(const std::string& text);

}  // namespace flow
