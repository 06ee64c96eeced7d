// The multiplexer before a wire or an input of a tile in a routing network.
//
// select_i    0: off, the output is 0; k: in_i[k - 1]. Numbers beyond Inputs are off, too.
// Latency     none.
// Limits      Inputs >= 1. SelectBits is not to be set.
module fpsa_route_mux #(
  parameter Inputs     = 4,
  parameter SelectBits = $clog2(Inputs + 1)
) (
  input  wire [Inputs-1:0]     in_i,
  input  wire [SelectBits-1:0] select_i,
  output wire                  out_o
);

  wire [2**SelectBits-1:0] choices;
  assign choices[0]        = 1'b0;
  assign choices[Inputs:1] = in_i;
  generate
    if (2**SelectBits > Inputs + 1) begin : gen_off
      assign choices[2**SelectBits-1:Inputs+1] = {(2**SelectBits - Inputs - 1){1'b0}};
    end
  endgenerate

  assign out_o = choices[select_i];

  generate
    if (Inputs < 1 || SelectBits != $clog2(Inputs + 1)) begin : gen_limits
      fpsa_route_mux_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
