#include "emit/tree.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/files.hpp"

namespace emit {

namespace fs = std::filesystem;

std::vector<std::string> design_list(const verilog::Design& design) {
  std::vector<std::string> files;
  for (const std::string& leaf : design.leaf_files()) files.push_back("rtl/" + leaf + ".v");
  for (const std::string& name : design.module_files()) files.push_back("rtl/" + name + ".v");
  return files;
}

void write_rtl(const fs::path& directory, const verilog::Design& design, const fs::path& leaves) {
  for (const std::string& leaf : design.leaf_files())
    base::write_file(directory / "rtl" / (leaf + ".v"), base::read_file(leaves / (leaf + ".v")));
  for (const verilog::Module& module : design.modules())
    base::write_file(directory / "rtl" / (module.name() + ".v"), verilog::print(module, design));
  std::string list;
  for (const std::string& file : design_list(design)) list += file + "\n";
  base::write_file(directory / "rtl" / "design.f", list);
}

void write_constraints(const fs::path& directory, const std::string& top, double clock_ns) {
  const std::string sdc = fmt::format(
      "# Constraints of {0}: one clock; a fifth of its period outside on either side.\n"
      "create_clock -name clk -period {1:.3f} [get_ports clk_i]\n"
      "set_input_delay {2:.3f} -clock clk [all_inputs]\n"
      "set_input_delay 0 -clock clk [get_ports clk_i]\n"
      "set_output_delay {2:.3f} -clock clk [all_outputs]\n",
      top, clock_ns, clock_ns / 5);
  base::write_file(directory / "constraints" / (top + ".sdc"), sdc);
}

}  // namespace emit
