// Memory with one port to write and one to read: block RAM on an FPGA.
//
// Latency     one cycle from write_i to the memory, one from read_i to value_o, which then holds.
// Handshake   no word is read at the clock edge that writes it: what comes then is not defined.
// Contents    undefined until written; value_o undefined until read.
// Widths      AddrBits = max(1, clog2(Words)), derived: leave it alone.
// Limits      Width, Words >= 1; addresses below Words.
module fpsa_smb_memory #(
  parameter Width    = 16,
  parameter Words    = 24,
  parameter AddrBits = (Words > 1) ? $clog2(Words) : 1
) (
  input  wire                clk_i,
  // Write
  input  wire                write_i,
  input  wire [AddrBits-1:0] write_addr_i,
  input  wire [Width-1:0]    value_i,
  // Read
  input  wire                read_i,
  input  wire [AddrBits-1:0] read_addr_i,
  output wire [Width-1:0]    value_o
);

  (* no_rw_check *)
  reg [Width-1:0] words_q [0:Words-1];
  reg [Width-1:0] value_q;

  assign value_o = value_q;

  always @(posedge clk_i) begin
    if (write_i) words_q[write_addr_i] <= value_i;
  end

  always @(posedge clk_i) begin
    if (read_i) value_q <= words_q[read_addr_i];
  end

  generate
    if (Width < 1 || Words < 1) begin : gen_limits
      fpsa_smb_memory_parameter_out_of_range u_limits ();
    end
  endgenerate

`ifndef SYNTHESIS
  // At the first clock what drives it is in reset, but does not show it yet.
  reg awake_q = 1'b0;

  always @(posedge clk_i) begin
    awake_q <= 1'b1;
    if (awake_q && write_i && read_i && write_addr_i == read_addr_i)
      $fatal(1, "fpsa_smb_memory: a word is read while it is written");
  end
`endif

endmodule
