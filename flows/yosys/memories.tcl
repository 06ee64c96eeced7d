# Memory bits of a design, before synthesis: memories.json has num_memory_bits a module. Environment
# as in fpga.tcl. Cheap: nothing is mapped.
source [file join [file dirname [info script]] fpga.tcl]
read_design
yosys proc
yosys tee -q -o [file join $env(FPSA_OUT) memories.json] stat -json -top $env(FPSA_TOP)
