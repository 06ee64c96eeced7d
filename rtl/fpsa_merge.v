// What a memory lane keeps of its old and its new value: the larger, or the sum.
//
// Mode        1 the larger, 2 the sum, at most 2^ActBits - 1. first_i: the new one always.
// Latency     none.
// Limits      ActBits >= 1, Mode 1 or 2.
module fpsa_merge #(
  parameter ActBits = 6,
  parameter Mode    = 1
) (
  input  wire               first_i,
  input  wire [ActBits-1:0] old_i,
  input  wire [ActBits-1:0] new_i,
  output wire [ActBits-1:0] value_o
);

  generate
    if (Mode == 1) begin : gen_max
      assign value_o = (first_i || new_i > old_i) ? new_i : old_i;
    end else begin : gen_add
      wire [ActBits:0] sum = {1'b0, old_i & {ActBits{!first_i}}} + {1'b0, new_i};
      assign value_o = sum[ActBits-1:0] | {ActBits{sum[ActBits]}};
    end
  endgenerate

  generate
    if (ActBits < 1 || Mode < 1 || Mode > 2) begin : gen_limits
      fpsa_merge_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
