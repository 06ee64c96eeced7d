// fpsa_top: two lanes and a wide word.
//
// Drawn from a network; names such as /model/Gemm_output_0 are made legal, and a header line as
// long as this one is broken at a blank.

module model_Gemm0 (
  // Clock
  input  wire         clk_i,
  // Streams
  input  wire [11:0]  model_input0,
  output wire [9:0]   model_Gemm_output0,
  output wire [699:0] wide_o
);

  wire [7:0] sums;
  wire       parity;

  // Repeated bits.
  assign model_Gemm_output0 = {{2{sums[7]}}, sums};
  assign wide_o = {
    sums[1:0], sums[2:1], sums[3:2], sums[4:3], sums[5:4], sums[6:5], sums[7:6], sums[1:0],
    sums[2:1], sums[3:2], sums[4:3], sums[5:4], sums[6:5], sums[7:6], sums[1:0], sums[2:1],
    sums[3:2], sums[4:3], sums[5:4], sums[6:5], sums[7:6], sums[1:0], sums[2:1], sums[3:2],
    sums[4:3], sums[5:4], sums[6:5], sums[7:6], sums[1:0], sums[2:1], sums[3:2], sums[4:3],
    sums[5:4], sums[6:5], sums[7:6], sums[1:0], sums[2:1], sums[3:2], sums[4:3], sums[5:4],
    sums[6:5], sums[7:6], sums[1:0], sums[2:1], sums[3:2], sums[4:3], sums[5:4], sums[6:5],
    sums[7:6], sums[1:0], sums[2:1], sums[3:2], sums[4:3], sums[5:4], sums[6:5], sums[7:6],
    sums[1:0], sums[2:1], sums[3:2], sums[4:3], {20{parity}}, 44'h24924924924,
    256'h9249249249249249249249249249249249249249249249249249249249249249, model_input0, 248'h0
  };

  // Both lanes take the same clock.
  fpsa_lane u_lane0 (
    .clk_i (clk_i),
    .data_i(model_input0[5:0]),
    .sum_o (sums[3:0])
  );

  fpsa_lane u_lane1 (
    .clk_i (clk_i),
    .data_i(model_input0[11:6]),
    .sum_o (sums[7:4])
  );

  fpsa_test_parity #(
    .Width(12)
  ) u_wire (
    .data_i  (model_input0),
    .parity_o(parity)
  );

endmodule
