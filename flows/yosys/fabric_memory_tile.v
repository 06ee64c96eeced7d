// A fabric's memory tile, as circuits name it: rtl/fpsa_smb_memory.v of
// 2^MEMORY_ADDRESS_BITS words of MEMORY_WIDTH bits.
(* blackbox *)
module fpsa_memory_tile (
  input  wire                            clk_i,
  input  wire                            write_i,
  input  wire [`MEMORY_ADDRESS_BITS-1:0] write_addr_i,
  input  wire [`MEMORY_WIDTH-1:0]        value_i,
  input  wire                            read_i,
  input  wire [`MEMORY_ADDRESS_BITS-1:0] read_addr_i,
  output wire [`MEMORY_WIDTH-1:0]        value_o
);
endmodule
