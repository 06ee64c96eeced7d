#include "flow/luts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/files.hpp"
#include "flow/tool.hpp"

namespace flow {

std::string map_to_luts(const LutRequest& request) {
  namespace fs = std::filesystem;
  design_files(request.directory);  // is there one?
  const fs::path build = fs::path("build") / "fabric";
  const fs::path circuit = build / "circuit.blif";
  fs::create_directories(request.directory / build);
  run_tool(
      {.argv = {"yosys", "-c", flow_script(request.directory, request.scripts, "yosys/fabric.tcl")},
       .environment = {{"FPSA_TOP", request.top},
                       {"FPSA_RTL_DIR", "rtl"},
                       {"FPSA_OUT", build.string()},
                       {"FPSA_BLACKBOXES", fmt::format("{}", fmt::join(request.hard_tiles, " "))},
                       {"FPSA_LUT_INPUTS", std::to_string(request.lut_inputs)},
                       {"FPSA_MEMORY_WIDTH", std::to_string(request.memory_width)},
                       {"FPSA_MEMORY_ADDRESS_BITS", std::to_string(request.memory_address_bits)}},
       .directory = request.directory,
       .log = request.directory / "reports" / "yosys_fabric.log",
       .outputs = {circuit}});
  return base::read_file(request.directory / circuit);
}

}  // namespace flow
