# Lattice iCE40. See fpga.tcl for the environment.
source [file join [file dirname [info script]] fpga.tcl]
read_design
if {[keeps_hierarchy]} {
  yosys synth_ice40 -noflatten -top $env(FPSA_TOP)
} else {
  yosys synth_ice40 -top $env(FPSA_TOP)
}
write_reports
