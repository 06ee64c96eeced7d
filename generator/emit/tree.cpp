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

void write_constraints(const fs::path& directory, const Constraints& constraints) {
  std::string sdc = fmt::format(
      "# Constraints of {}: one clock; a fifth of its period outside on either side.\n"
      "# Whoever reads this may set the period first, in the variable clock_ns.\n"
      "set_units -time ns\n"
      "if {{![info exists clock_ns]}} {{ set clock_ns {} }}\n"
      "create_clock -name clk -period $clock_ns [get_ports clk_i]\n"
      "set_input_delay [expr {{0.2 * $clock_ns}}] -clock clk [all_inputs]\n"
      "set_input_delay 0 -clock clk [get_ports clk_i]\n"
      "set_output_delay [expr {{0.2 * $clock_ns}}] -clock clk [all_outputs]\n"
      "\n"
      "# Loaded values may be kept in latches that open in the second half of a cycle. No tick is\n"
      "# given in that cycle, so what they start has the whole next one as well.\n"
      "set loaded [get_cells -quiet -hierarchical *latch.cell_]\n"
      "if {{[llength $loaded] > 0}} {{\n"
      "  set_multicycle_path 2 -setup -from $loaded\n"
      "  set_multicycle_path 1 -hold -from $loaded\n"
      "}}\n",
      constraints.top, constraints.clock_ns);
  if (constraints.asynchronous_reset)
    sdc +=
        "\n"
        "# The reset comes and goes at any time; fpsa_reset_sync brings its end to the clock.\n"
        "set_false_path -from [get_ports rst_ni]\n";
  base::write_file(directory / "constraints" / (constraints.top + ".sdc"), sdc);
}

}  // namespace emit
