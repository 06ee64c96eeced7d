#include "flow/yosys.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "flow/cell_library.hpp"
#include "flow/tool.hpp"

namespace flow {
namespace {

namespace fs = std::filesystem;
using config::SynthFlow;

// From the run directory, in which Yosys works
fs::path build_path(const SynthRequest& request) {
  return fs::path("build") / flow_name(request.flow);
}

fs::path build_folder(const SynthRequest& request) {
  return request.directory / build_path(request);
}

std::map<std::string, std::string> environment_of(const SynthRequest& request) {
  std::map<std::string, std::string> environment = {
      {"FPSA_TOP", request.top},
      {"FPSA_RTL_DIR", "rtl"},
      {"FPSA_OUT", build_path(request).string()},
      {"FPSA_BLACKBOXES", fmt::format("{}", fmt::join(request.blackboxes, " "))},
      {"FPSA_CLOCK_PS", fmt::format("{:.0f}", 1000 * request.clock_ns)},
      {"FPSA_FLATTEN", request.keep_hierarchy ? "0" : "1"}};
  if (request.flow != SynthFlow::kAsic) return environment;
  environment["FPSA_LIBERTY"] = (build_path(request) / "cells.lib").string();
  environment["FPSA_CELLS"] = (build_path(request) / "cells.txt").string();
  return environment;
}

// `outputs` are files that it leaves in the build folder.
void run_script(const SynthRequest& request, const std::string& script,
                const std::vector<std::string>& outputs) {
  design_files(request.directory);  // a run directory at all?
  fs::create_directories(build_folder(request));
  std::vector<fs::path> paths;
  for (const std::string& output : outputs) paths.push_back(build_path(request) / output);
  run_tool({.argv = {"yosys", "-c",
                     flow_script(request.directory, request.scripts, "yosys/" + script + ".tcl")},
            .environment = environment_of(request),
            .directory = request.directory,
            .log = request.directory / "reports" / ("yosys_" + script + ".log"),
            .outputs = paths});
}

std::map<std::string, ModuleStat> read_stat(const fs::path& file) {
  return parse_stat(base::read_file(file), file.string());
}

AreaReport area_of(const SynthRequest& request, const CellAreas& cells) {
  auto modules = read_stat(build_folder(request) / "stat.json");
  if (request.flow != SynthFlow::kAsic) return add_up(modules, request.top, {});
  AreaSources sources{cells, {}};
  if (!request.blackboxes.empty()) {
    const fs::path file = build_folder(request) / "blackboxes.json";
    for (const auto& [name, box] :
         name_blackboxes(modules, base::read_file(file), request.blackboxes, file.string()))
      sources.blackboxes[name] = request.blackbox_area(box);
  }
  return add_up(modules, request.top, sources);
}

// The library as the tools read it, beside the netlist
CellLibrary write_library(const SynthRequest& request) {
  if (request.flow != SynthFlow::kAsic) return {};
  CellLibrary library = read_library(request.liberty, request.dont_use);
  base::write_file(build_folder(request) / "cells.lib", library.text);
  base::write_file(build_folder(request) / "cells.txt", roles_text(library.roles));
  return library;
}

// Verilog of the library's cells beside the netlist, for simulation at gate level.
void write_cell_models(const SynthRequest& request) {
  const fs::path build = build_path(request);
  run_tool({.argv = {"yosys", "-c",
                     flow_script(request.directory, request.scripts, "yosys/cell_models.tcl")},
            .environment = {{"FPSA_LIBERTY", (build / "cells.lib").string()},
                            {"FPSA_MODELS", (build / "cells.v").string()}},
            .directory = request.directory,
            .log = request.directory / "reports" / "yosys_cell_models.log",
            .outputs = {build / "cells.v"}});
}

}  // namespace

std::string flow_name(SynthFlow flow) {
  switch (flow) {
    case SynthFlow::kAsic:
      return "asic";
    case SynthFlow::kIce40:
      return "ice40";
    case SynthFlow::kEcp5:
      return "ecp5";
    case SynthFlow::kXilinx:
      return "xilinx";
  }
  base::fail(base::Code::kInternal, "a synthesis flow without a name");
}

SynthResult synthesize(const SynthRequest& request) {
  const bool asic = request.flow == SynthFlow::kAsic;
  design_files(request.directory);        // a run directory at all?
  fs::remove_all(build_folder(request));  // a netlist of before must not pass for the new one
  const CellLibrary library = write_library(request);
  SynthResult result;
  result.library = library.name;
  result.warnings = library.warnings;
  for (std::string& warning : memory_warnings(request))
    result.warnings.push_back(std::move(warning));
  std::vector<std::string> outputs{"stat.json", asic ? "netlist.v" : "netlist.json"};
  if (asic && !request.blackboxes.empty()) outputs.push_back("blackboxes.json");
  run_script(request, flow_name(request.flow), outputs);
  result.area = area_of(request, library.areas);
  if (asic) write_cell_models(request);
  result.netlist = build_folder(request) / (asic ? "netlist.v" : "netlist.json");
  return result;
}

std::vector<std::string> memory_warnings(const SynthRequest& request) {
  std::vector<std::string> warnings;
  if (request.flow != SynthFlow::kAsic) return warnings;  // FPGAs have block RAM
  run_script(request, "memories", {"memories.json"});
  const auto modules = read_stat(build_folder(request) / "memories.json");
  for (const auto& [module, bits] : memory_bits(modules, request.top))
    if (bits > request.memory_limit_bits)
      warnings.push_back(
          fmt::format("the memories of {} hold {} bits and become flip-flops (limit {}): expect "
                      "hours, and an area that says nothing; use a macro crossbar",
                      module, bits, request.memory_limit_bits));
  return warnings;
}

}  // namespace flow
