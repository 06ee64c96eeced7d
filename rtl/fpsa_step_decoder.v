// Which low bit of the offset enters the coming tick's Horner step: bit ActBits - 1 - position,
// one-hot; none at position 0, where the rest of the offset enters as a whole.
//
// Latency     none.
// Widths      PositionBits, StepBits: derived, leave them alone.
// Limits      ActBits >= 1 (at 1 there is no low bit: step_o is zero).
module fpsa_step_decoder #(
  parameter ActBits      = 6,
  parameter PositionBits = (ActBits > 1) ? $clog2(ActBits) : 1,
  parameter StepBits     = (ActBits > 1) ? ActBits - 1 : 1
) (
  input  wire [PositionBits-1:0] position_i,
  output wire [StepBits-1:0]     step_o
);

  genvar k;
  generate
    for (k = 0; k < StepBits; k = k + 1) begin : gen_step
      localparam [31:0] POSITION = (ActBits > 1) ? ActBits - 1 - k : 1;
      assign step_o[k] = position_i == POSITION[PositionBits-1:0];
    end
  endgenerate

  generate
    if (ActBits < 1) begin : gen_limits
      fpsa_step_decoder_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
