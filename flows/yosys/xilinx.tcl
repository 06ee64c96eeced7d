# Xilinx 7 series. See fpga.tcl for the environment. Yosys keeps the hierarchy unless told
# otherwise, the reverse of the Lattice flows.
source [file join [file dirname [info script]] fpga.tcl]
read_design
chain_adders
if {[keeps_hierarchy]} {
  yosys synth_xilinx -family xc7 -top $env(FPSA_TOP)
} else {
  yosys synth_xilinx -family xc7 -flatten -top $env(FPSA_TOP)
}
write_reports
