// Analog crossbar, ReRAM or SRAM: a black box to synthesis, whose figures come from a technology
// file; the body models it in simulation.
//
// sum_o[c] = sum over the rows that spike of w[r][c], read out as an integer, halves rounded up.
// Stored weights may have FracBits more bits than nominal ones: conductances after variation, and
// cells that are stuck.
//
// Latency     none: one tick a clock. sum_o follows spike_i within the cycle.
// Handshake   ready_o is always 1. A load is not allowed in a cycle with tick_i.
// Load bus    address[21:20] = 0; address[19:0] = {row, group}, the group in its clog2(groups) low
//             bits; there is nothing at a group past the last. A group is 4 columns
//             (WeightBits + FracBits <= 8, byte lanes) or 2 (half-word lanes), lowest column
//             lowest. Undefined until loaded or preset from WeightFile (one load word a line).
// Widths      weights: WeightBits + FracBits, two's complement if Signed, else magnitudes, in
//             steps of 2^-FracBits. Column c is sum_o[c*SumBits +: SumBits], signed if Signed.
// Limits      those of fpsa_xbar_lanes, which only simulation checks: synthesis reads no body.
`ifdef SYNTHESIS
(* blackbox *)
`endif
module fpsa_xbar_macro #(
  parameter Rows       = 256,
  parameter Cols       = 256,
  parameter WeightBits = 8,
  parameter FracBits   = 0,
  parameter Signed     = 1,
  parameter SumBits    = WeightBits + $clog2(Rows),
  parameter WeightFile = ""
) (
  // Clock
  input  wire                    clk_i,
  input  wire                    rst_ni,
  // Tick
  input  wire                    tick_i,
  input  wire [Rows-1:0]         spike_i,
  // Sums
  output wire                    ready_o,
  output wire [Cols*SumBits-1:0] sum_o,
  // Load bus
  input  wire                    load_we_i,
  input  wire [21:0]             load_addr_i,
  input  wire [31:0]             load_data_i
);

`ifndef SYNTHESIS

  wire unused_bus = &{1'b0, rst_ni, tick_i};

  assign ready_o = 1'b1;

  fpsa_xbar_lanes #(
    .Rows      (Rows),
    .Cols      (Cols),
    .WeightBits(WeightBits),
    .FracBits  (FracBits),
    .Signed    (Signed),
    .SumBits   (SumBits),
    .WeightFile(WeightFile)
  ) u_lanes (
    .clk_i      (clk_i),
    .spike_i    (spike_i),
    .sum_o      (sum_o),
    .load_we_i  (load_we_i),
    .load_addr_i(load_addr_i),
    .load_data_i(load_data_i)
  );

`endif

endmodule
