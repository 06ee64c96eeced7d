# Puts a synthesised unit into its scan wrapper, for place and route. Environment:
#   FPSA_TOP      the wrapper
#   FPSA_UNIT     the unit
#   FPSA_RTL_DIR  folder with the wrapper's files, listed in design.f
#   FPSA_OUT      folder with the unit's netlist.json; scan.json goes there
# The unit's cells stay as they are: the wrapper is mapped around a black box.
source [file join [file dirname [info script]] fpga.tcl]
yosys read_json [file join $env(FPSA_OUT) netlist.json]
yosys design -save unit
yosys blackbox $env(FPSA_UNIT)
read_design
yosys synth_ice40 -top $env(FPSA_TOP)
yosys design -copy-from unit $env(FPSA_UNIT)
yosys setattr -mod -unset top $env(FPSA_UNIT)
yosys hierarchy -check -top $env(FPSA_TOP)
yosys flatten
yosys write_json [file join $env(FPSA_OUT) scan.json]
