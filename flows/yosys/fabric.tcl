# LUTs, flip-flops without enable or reset, and hard tiles of a fabric. Environment:
#   FPSA_TOP, FPSA_RTL_DIR, FPSA_OUT   as fpga.tcl says
#   FPSA_BLACKBOXES                    modules that lie in hard tiles of their own
#   FPSA_LUT_INPUTS                    inputs of a LUT
#   FPSA_MEMORY_WIDTH, FPSA_MEMORY_ADDRESS_BITS   of a memory tile
# Writes circuit.blif, whose hard tiles are .subckt of the black boxes and of fpsa_memory_tile.
source [file join [file dirname [info script]] fpga.tcl]
yosys verilog_defines -DMEMORY_WIDTH=$env(FPSA_MEMORY_WIDTH) -DMEMORY_ADDRESS_BITS=$env(FPSA_MEMORY_ADDRESS_BITS)
yosys read_verilog [file join $flows fabric_memory_tile.v]
read_design {fpsa_smb_memory.v fabric_smb_memory.v}
yosys synth -top $env(FPSA_TOP) -flatten -run begin:fine
yosys memory_map
yosys opt -undriven -fine
yosys techmap
# After this nothing may look for enables and resets again.
yosys dfflegalize -cell {$_DFF_P_} x
yosys opt_expr
yosys opt_merge
yosys opt_clean
yosys abc -lut $env(FPSA_LUT_INPUTS)
yosys setundef -zero
# Bit by bit, so that a bit that nothing reads goes with what drove it.
yosys splitnets
yosys opt_clean -purge
yosys check -assert
yosys write_blif [file join $env(FPSA_OUT) circuit.blif]
