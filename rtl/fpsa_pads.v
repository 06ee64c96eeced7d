// Pads of a fabric's edge: nothing enters or leaves while it is not active.
//
// Latency     none.
// Limits      Slots >= 1.
module fpsa_pads #(
  parameter Slots = 8
) (
  input  wire             active_i,
  input  wire [Slots-1:0] pad_i,
  output wire [Slots-1:0] enters_o,
  input  wire [Slots-1:0] leaves_i,
  output wire [Slots-1:0] pad_o
);

  assign enters_o = pad_i & {Slots{active_i}};
  assign pad_o    = leaves_i & {Slots{active_i}};

  generate
    if (Slots < 1) begin : gen_limits
      fpsa_pads_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
