// The part of a bias that one tick of a rate window adds. Over a window the parts make up the bias;
// added all at once it would fire spikes that a falling membrane cannot take back.
//
// Rule        floor(bias / 2^n), and one more at as many ticks as the remainder says, evenly
//             spread: where the bit-reversed position is below it.
// Latency     none.
// Widths      share_o: AccBits, signed like bias_i.
// Limits      1 <= ActBits < AccBits.
module fpsa_bias_share #(
  parameter ActBits = 6,
  parameter AccBits = 23
) (
  input  wire [ActBits-1:0] turn_i,
  input  wire [AccBits-1:0] bias_i,
  output wire [AccBits-1:0] share_o
);

  wire               more  = turn_i < bias_i[ActBits-1:0];
  wire [AccBits-1:0] whole = {{ActBits{bias_i[AccBits-1]}}, bias_i[AccBits-1:ActBits]};

  assign share_o = whole + {{(AccBits-1){1'b0}}, more};

  generate
    if (ActBits < 1 || AccBits <= ActBits) begin : gen_limits
      fpsa_bias_share_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
