# Verilog models of a Liberty library's cells, for simulating a netlist of it; run by
# `yosys -c cell_models.tcl`. Environment: FPSA_LIBERTY, and FPSA_MODELS, the file to write.
yosys -import
read_liberty -ignore_miss_func $::env(FPSA_LIBERTY)
write_verilog -noattr $::env(FPSA_MODELS)
