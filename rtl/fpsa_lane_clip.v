// One lane of a stream beat to a value: a byte-padded number, clipped to 2^ActBits - 1.
//
// Latency     none. clipped_o: a bit above the value was set.
// Limits      1 <= ActBits <= LaneBits.
module fpsa_lane_clip #(
  parameter LaneBits = 8,
  parameter ActBits  = 6
) (
  input  wire [LaneBits-1:0] lane_i,
  output wire [ActBits-1:0]  value_o,
  output wire                clipped_o
);

  generate
    if (LaneBits > ActBits) begin : gen_clip
      assign clipped_o = |lane_i[LaneBits-1:ActBits];
      assign value_o   = lane_i[ActBits-1:0] | {ActBits{clipped_o}};
    end else begin : gen_wire
      assign clipped_o = 1'b0;
      assign value_o   = lane_i;
    end
  endgenerate

  generate
    if (ActBits < 1 || LaneBits < ActBits) begin : gen_limits
      fpsa_lane_clip_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
