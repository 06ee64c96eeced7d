// The C++ macro model (tb/fpsa_xbar_macro_fast.v) beside the Verilog one: differ_o must stay 0.
module fpsa_xbar_macro_pair #(
  parameter Rows       = 40,
  parameter Cols       = 130,
  parameter WeightBits = 8,
  parameter FracBits   = 0,
  parameter Signed     = 1,
  parameter SumBits    = WeightBits + $clog2(Rows)
) (
  input  wire            clk_i,
  input  wire [Rows-1:0] spike_i,
  output wire            differ_o,
  output wire            busy_o,
  input  wire            load_we_i,
  input  wire [21:0]     load_addr_i,
  input  wire [31:0]     load_data_i
);

  wire                    unused_ready;
  wire [Cols*SumBits-1:0] fast_sum;
  wire [Cols*SumBits-1:0] lanes_sum;

  assign differ_o = fast_sum != lanes_sum;
  assign busy_o   = |lanes_sum;

  fpsa_xbar_macro #(
    .Rows      (Rows),
    .Cols      (Cols),
    .WeightBits(WeightBits),
    .FracBits  (FracBits),
    .Signed    (Signed)
  ) u_fast (
    .clk_i      (clk_i),
    .rst_ni     (1'b1),
    .tick_i     (1'b0),
    .spike_i    (spike_i),
    .ready_o    (unused_ready),
    .sum_o      (fast_sum),
    .load_we_i  (load_we_i),
    .load_addr_i(load_addr_i),
    .load_data_i(load_data_i)
  );

  fpsa_xbar_lanes #(
    .Rows      (Rows),
    .Cols      (Cols),
    .WeightBits(WeightBits),
    .FracBits  (FracBits),
    .Signed    (Signed)
  ) u_lanes (
    .clk_i      (clk_i),
    .spike_i    (spike_i),
    .sum_o      (lanes_sum),
    .load_we_i  (load_we_i),
    .load_addr_i(load_addr_i),
    .load_data_i(load_data_i)
  );

endmodule
