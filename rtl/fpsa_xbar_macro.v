// Crossbar as a macro: ReRAM or SRAM that computes its sums in place.
//
// Synthesis sees a black box, whose area comes from a technology file. Simulation sees what the
// macro would compute with the weights it was given: those of fpsa_xbar_parallel, exact. Device
// variation and stuck cells are in the weights themselves, so that the golden reference has the
// same ones.
//
// Latency     none: sum_o follows spike_i within the cycle.
// Handshake   ready_o is always 1. A load is not allowed in a cycle with tick_i.
// Load bus    as fpsa_xbar_parallel's.
// Widths      as fpsa_xbar_parallel's.
// Limits      as fpsa_xbar_parallel's.
(* blackbox *)
module fpsa_xbar_macro #(
  parameter Rows       = 256,
  parameter Cols       = 256,
  parameter WeightBits = 8,
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
  fpsa_xbar_parallel #(
    .Rows      (Rows),
    .Cols      (Cols),
    .WeightBits(WeightBits),
    .Signed    (Signed),
    .SumBits   (SumBits),
    .WeightFile(WeightFile)
  ) u_model (
    .clk_i      (clk_i),
    .rst_ni     (rst_ni),
    .tick_i     (tick_i),
    .spike_i    (spike_i),
    .ready_o    (ready_o),
    .sum_o      (sum_o),
    .load_we_i  (load_we_i),
    .load_addr_i(load_addr_i),
    .load_data_i(load_data_i)
  );
`endif

endmodule
