# Lattice iCE40. See fpga.tcl for the environment.
source [file join [file dirname [info script]] fpga.tcl]
yosys read_verilog -lib +/ice40/cells_sim.v
read_design {fpsa_gated_adder.v ice40_gated_adder.v}
chain_adders
if {[keeps_hierarchy]} {
  yosys synth_ice40 -noflatten -top $env(FPSA_TOP)
} else {
  yosys synth_ice40 -top $env(FPSA_TOP)
}
write_reports
