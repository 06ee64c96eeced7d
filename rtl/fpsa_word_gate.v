// A word, or zero.
//
// Latency     none.
// Limits      Width >= 1.
module fpsa_word_gate #(
  parameter Width = 16
) (
  input  wire             zero_i,
  input  wire [Width-1:0] word_i,
  output wire [Width-1:0] word_o
);

  assign word_o = word_i & {Width{!zero_i}};

  generate
    if (Width < 1) begin : gen_limits
      fpsa_word_gate_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
