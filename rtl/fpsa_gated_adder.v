// Sum of two numbers of which the second counts only while its gate is open.
//
// A leaf of its own because families differ in what gates best: flows/yosys/ice40_gated_adder.v
// does it inside the carry cells.
//
// Latency     none, combinational.
// Widths      sum_o is modulo 2^Width.
// Limits      Width >= 1.
module fpsa_gated_adder #(
  parameter Width = 8
) (
  input  wire             gate_i,
  input  wire [Width-1:0] a_i,
  input  wire [Width-1:0] b_i,
  output wire [Width-1:0] sum_o
);

  assign sum_o = a_i + ({Width{gate_i}} & b_i);

  generate
    if (Width < 1) begin : gen_limits
      fpsa_gated_adder_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
