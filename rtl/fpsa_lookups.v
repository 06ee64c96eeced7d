// The same constant table for every lane.
//
// Latency     none.
// Limits      Lanes >= 1, and those of fpsa_lookup.
module fpsa_lookups #(
  parameter Lanes     = 16,
  parameter IndexBits = 6,
  parameter ValueBits = 6,
  parameter Truth     = {(ValueBits << (IndexBits - 1)){"0"}}
) (
  input  wire [Lanes*IndexBits-1:0] index_i,
  output wire [Lanes*ValueBits-1:0] value_o
);

  genvar g, l;
  generate
    for (g = 0; g < Lanes; g = g + 64) begin : gen_group
      for (l = g; l < Lanes && l < g + 64; l = l + 1) begin : gen_lane
        fpsa_lookup #(
          .IndexBits(IndexBits),
          .ValueBits(ValueBits),
          .Truth    (Truth)
        ) u_lookup (
          .index_i(index_i[l*IndexBits +: IndexBits]),
          .value_o(value_o[l*ValueBits +: ValueBits])
        );
      end
    end
  endgenerate

  generate
    if (Lanes < 1) begin : gen_limits
      fpsa_lookups_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
