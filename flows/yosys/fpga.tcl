# What the three FPGA flows share. Environment:
#   FPSA_TOP         top module
#   FPSA_RTL_DIR     folder with design.f and the files that it lists, whatever folder it says
#   FPSA_OUT         folder for stat.json and netlist.json
#   FPSA_BLACKBOXES  modules (space between) to keep as black boxes; may be absent
#   FPSA_FLATTEN     0 keeps the hierarchy, so that stat.json has a line a module; 1 (default) lets
#                    Yosys optimise across it
# Run with the run directory as the working directory and paths below it: memories initialise from
# mem/*.mem, and Yosys splits and expands the paths that it is given.

set flows [file dirname [info script]]

# `forms`: leaves of which a family has its own form, and that form, by turns.
proc read_design {{forms {}}} {
  global env flows
  set blackboxes [expr {[info exists env(FPSA_BLACKBOXES)] ? $env(FPSA_BLACKBOXES) : {}}]
  set list [open [file join $env(FPSA_RTL_DIR) design.f]]
  foreach line [split [read $list] "\n"] {
    if {![regexp {^[^+/-]} $line]} continue
    set line [file tail $line]
    # Deferred: elaborated with the parameters that are used, not with the defaults of 256 x 256.
    set how [expr {[file rootname $line] in $blackboxes ? "-lib" : "-defer"}]
    set file [expr {[dict exists $forms $line] ? [file join $flows [dict get $forms $line]]
                                               : [file join $env(FPSA_RTL_DIR) $line]}]
    yosys read_verilog -DSYNTHESIS $how $file
  }
  close $list
  yosys hierarchy -check -top $env(FPSA_TOP)
}

# Additions become carry chains, each as wide as its operands need. Gated adders are part of the
# module that they are in, also where hierarchy is kept.
proc chain_adders {} {
  global flows
  yosys proc
  yosys flatten t:*fpsa_gated_adder*
  yosys opt
  yosys wreduce
  yosys techmap -map [file join $flows adder_chain.v]
}

proc keeps_hierarchy {} {
  global env
  return [expr {[info exists env(FPSA_FLATTEN)] && $env(FPSA_FLATTEN) == 0}]
}

proc write_reports {} {
  global env
  yosys check
  yosys tee -q -o [file join $env(FPSA_OUT) stat.json] stat -json -top $env(FPSA_TOP)
  # Place and route wants one module; without hierarchy this changes nothing.
  yosys flatten
  yosys write_json [file join $env(FPSA_OUT) netlist.json]
}
