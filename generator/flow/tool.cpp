#include "flow/tool.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <sstream>
#include <utility>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/subprocess.hpp"

namespace flow {
namespace {

namespace fs = std::filesystem;

struct KnownFailure {
  const char* words;
  const char* cure;
};

constexpr std::array kKnownFailures{
    KnownFailure{"Can't open ABC output file",
                 "ABC found no buffer or inverter cell in the Liberty file; use a library that has "
                 "them, such as /usr/share/qflow/tech/osu018/osu018_stdcells.lib"},
    KnownFailure{"is not part of the design",
                 "the top module is not in rtl/design.f; compile the run again"},
    KnownFailure{"which no cell can",
                 "compile with host.load = \"bus\", which loads the network at run time"},
    KnownFailure{
        "which an asynchronous reset needs",
        "give the library's other files too, or compile with host.reset = \"synchronous\""},
    KnownFailure{"does not take its clock period from clock_ns",
                 "compile or generate the run again, or let create_clock in the SDC file use "
                 "$clock_ns"},
    KnownFailure{"fatal error: verilated.h",
                 "Verilator is installed without its headers: sudo apt-get install --reinstall "
                 "verilator"},
    KnownFailure{"No space left on device",
                 "make room on the disk of the run directory, and on that of TMPDIR"},
    KnownFailure{"virtual memory exhausted",
                 "the machine is out of memory; use fewer jobs (-j 1) or a smaller network"},
    KnownFailure{"Killed signal terminated program",
                 "the machine is out of memory; use fewer jobs (-j 1) or a smaller network"},
};

base::Command to_base(const ToolCommand& command) {
  base::Command result;
  result.argv = command.argv;
  result.environment = command.environment;
  // Yosys keeps a history in its caller's home, which is no place for what a run leaves.
  if (command.argv.front() == "yosys") result.environment.emplace("HOME", "build");
  result.directory = command.directory;
  result.log = fs::absolute(command.log);
  result.timeout = command.timeout;
  result.silence = command.silence;
  return result;
}

base::Command prepare(const ToolCommand& command) {
  std::error_code ignored;  // nothing to remove is fine; a bad path fails when the log is opened
  fs::remove(command.log, ignored);
  for (const fs::path& output : command.outputs) {
    std::error_code error;
    fs::remove(command.directory / output, error);
    if (error)
      base::fail(base::Code::kFileUnwritable,
                 fmt::format("cannot remove {}: {}", output.string(), error.message()),
                 (command.directory / output).string(), "check the permissions of that folder");
  }
  return to_base(command);
}

void require_outputs(const ToolCommand& command) {
  for (const fs::path& output : command.outputs)
    if (!fs::exists(command.directory / output))
      base::fail(base::Code::kToolOutput,
                 fmt::format("{} ended with status 0 and did not write {}", command.argv[0],
                             output.string()),
                 command.log.string(), "fpsa doctor shows which program that is");
}

}  // namespace

void require_tool(const std::string& program) {
  if (base::find_program(program)) return;
  base::Command command;  // only to have the one message for a missing program
  command.argv = {program};
  base::run(command);
}

void require_compiler() {
  for (const char* program : {"clang++", "clang++-14", "g++"})
    if (base::find_program(program)) return;
  if (!std::getenv("COMPILER")) require_tool("g++");
}

std::string known_cure(const std::string& log) {
  for (const KnownFailure& failure : kKnownFailures)
    if (log.find(failure.words) != std::string::npos) return failure.cure;
  return {};
}

std::string run_tool(const ToolCommand& command) {
  const base::Command prepared = prepare(command);
  try {
    base::run_checked(prepared);
  } catch (const base::Error& error) {
    const base::Fault& fault = error.faults().front();
    if (fault.code != base::Code::kToolFailed || !fs::exists(command.log)) throw;
    const std::string cure = known_cure(base::read_file(command.log));
    if (cure.empty()) throw;
    base::fail(fault.code, fault.what, fault.where, cure);
  }
  require_outputs(command);
  return base::read_file(command.log);
}

std::string run_tool(const ToolCommand& command, int& status) {
  const base::Finished finished = base::run(prepare(command));
  if (finished.timed_out)
    base::fail(base::Code::kToolTimeout,
               fmt::format("{} ran for more than {} s, or wrote nothing for {} s", command.argv[0],
                           command.timeout.count(), command.silence.count()),
               command.log.string());
  status = finished.status;
  if (status == 0) require_outputs(command);
  return base::read_file(command.log);
}

std::vector<std::string> design_files(const fs::path& directory) {
  const fs::path list = directory / "rtl" / "design.f";
  if (!fs::exists(list))
    base::fail(base::Code::kNotARunDirectory, "no rtl/design.f", directory.string(),
               "give the directory that fpsa compile or fpsa generate wrote");
  std::vector<std::string> files;
  for (std::string& line : lines_of(base::read_file(list)))
    if (line.starts_with("rtl/")) files.push_back(line.substr(4));
  if (files.empty())
    base::fail(base::Code::kNotARunDirectory, "this list names no file in rtl/", list.string(),
               "make the directory anew with fpsa compile or fpsa generate");
  return files;
}

std::string flow_script(const fs::path& directory, const fs::path& scripts,
                        const std::string& script) {
  const fs::path link = directory / "build" / "flows";
  const fs::path target = fs::absolute(scripts);
  std::error_code ignored;  // no link yet
  if (fs::read_symlink(link, ignored) != target) {
    fs::create_directories(link.parent_path());
    fs::remove(link);
    fs::create_directory_symlink(target, link);
  }
  return "build/flows/" + script;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace flow
