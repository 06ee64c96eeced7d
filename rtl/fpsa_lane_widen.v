// Widens every lane of a bus, by sign or by zeros.
//
// Latency     none.
// Limits      Lanes >= 1, 1 <= InBits <= OutBits.
module fpsa_lane_widen #(
  parameter Lanes   = 256,
  parameter InBits  = 16,
  parameter OutBits = 17,
  parameter Signed  = 1
) (
  input  wire [Lanes*InBits-1:0]  lanes_i,
  output wire [Lanes*OutBits-1:0] lanes_o
);

  genvar g, l;
  generate
    if (InBits == OutBits) begin : gen_same
      assign lanes_o = lanes_i;
    end else begin : gen_widen
      for (g = 0; g < Lanes; g = g + 64) begin : gen_group
        for (l = g; l < Lanes && l < g + 64; l = l + 1) begin : gen_lane
          wire [InBits-1:0] lane = lanes_i[l*InBits +: InBits];
          wire              fill = (Signed != 0) && lane[InBits-1];

          assign lanes_o[l*OutBits +: OutBits] = {{(OutBits-InBits){fill}}, lane};
        end
      end
    end
  endgenerate

  generate
    if (Lanes < 1 || InBits < 1 || OutBits < InBits) begin : gen_limits
      fpsa_lane_widen_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
