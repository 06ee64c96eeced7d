// Adds the partial sums that arrive from the processing element above to a unit's own sums, column
// by column. The last element of a cascade feeds its neurons with the result.
//
// Latency     none.
// Widths      sum_i, sum_o: SumBits a column, which hold every sum of the whole cascade.
//             Signed 1: two's complement; 0: unsigned sums (paired neurons).
// Simulation  adds all columns as one wide word without their top bits, so that no carry crosses
//             into the next column, and puts the top bits right afterwards: far less code than an
//             addition a column.
// Limits      Cols >= 1, 2 <= OwnBits <= SumBits.
module fpsa_cascade_adder #(
  parameter Cols    = 256,
  parameter OwnBits = 16,
  parameter SumBits = 17,
  parameter Signed  = 1
) (
  input  wire [Cols*SumBits-1:0] sum_i,
  input  wire [Cols*OwnBits-1:0] own_i,
  output wire [Cols*SumBits-1:0] sum_o
);

  wire [Cols*SumBits-1:0] own;

  fpsa_lane_widen #(
    .Lanes  (Cols),
    .InBits (OwnBits),
    .OutBits(SumBits),
    .Signed (Signed)
  ) u_own (
    .lanes_i(own_i),
    .lanes_o(own)
  );

`ifdef SYNTHESIS

  genvar c;
  generate
    for (c = 0; c < Cols; c = c + 1) begin : gen_column
      fpsa_lane_adder #(
        .Width(SumBits)
      ) u_lane (
        .a_i  (sum_i[c*SumBits +: SumBits]),
        .b_i  (own[c*SumBits +: SumBits]),
        .sum_o(sum_o[c*SumBits +: SumBits])
      );
    end
  endgenerate

`else

  localparam [Cols*SumBits-1:0] TOP = {Cols{1'b1, {(SumBits-1){1'b0}}}};

  assign sum_o = ((sum_i & ~TOP) + (own & ~TOP)) ^ ((sum_i ^ own) & TOP);

`endif

  generate
    if (Cols < 1 || OwnBits < 2 || SumBits < OwnBits) begin : gen_limits
      fpsa_cascade_adder_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
