// One lane: a stage and its parity.

module fpsa_lane (
  input  wire       clk_i,
  input  wire [5:0] data_i,
  output wire [3:0] sum_o
);

  wire [5:0] unused_u_stage_data_o;
  wire       unused_u_stage_parity_o;

  fpsa_test_stage #(
    .Lanes   (2),
    .Bits    (3),
    .InitFile("mem/w.mem")
  ) u_stage (
    .clk_i   (clk_i),
    .data_i  (data_i),
    .enable_i(1'b1),
    .sum_o   (sum_o),
    .data_o  (unused_u_stage_data_o),
    .parity_o(unused_u_stage_parity_o)
  );

endmodule
