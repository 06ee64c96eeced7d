// The sum of two numbers of one width: a column of a cascade.
//
// Latency     none.
// Widths      sum_o wraps; the caller's widths hold every sum.
// Limits      Width >= 1.
module fpsa_lane_adder #(
  parameter Width = 16
) (
  input  wire [Width-1:0] a_i,
  input  wire [Width-1:0] b_i,
  output wire [Width-1:0] sum_o
);

  assign sum_o = a_i + b_i;

  generate
    if (Width < 1) begin : gen_limits
      fpsa_lane_adder_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
