# Lattice ECP5. See fpga.tcl for the environment.
source [file join [file dirname [info script]] fpga.tcl]
read_design
chain_adders
if {[keeps_hierarchy]} {
  yosys synth_ecp5 -noflatten -top $env(FPSA_TOP)
} else {
  yosys synth_ecp5 -top $env(FPSA_TOP)
}
write_reports
