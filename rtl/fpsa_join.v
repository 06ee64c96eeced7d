// Whether an island may fire: all its input channels hold a token, all its output channels have
// room.
//
// Latency     none.
// Limits      Inputs >= 1.
module fpsa_join #(
  parameter Inputs = 2
) (
  input  wire [Inputs-1:0] ready_i,
  output wire              all_o
);

  assign all_o = &ready_i;

  generate
    if (Inputs < 1) begin : gen_limits
      fpsa_join_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
