// What a memory lane keeps of its old and its new value.
//
// Mode        0 the new one, 1 the larger, 2 their sum, saturating. first_i: the new one always.
// Latency     none.
// Limits      ActBits >= 1, Mode 0..2.
module fpsa_merge #(
  parameter ActBits = 6,
  parameter Mode    = 0
) (
  input  wire               first_i,
  input  wire [ActBits-1:0] old_i,
  input  wire [ActBits-1:0] new_i,
  output wire [ActBits-1:0] value_o
);

  generate
    if (Mode == 1) begin : gen_max
      assign value_o = (first_i || new_i > old_i) ? new_i : old_i;
    end else if (Mode == 2) begin : gen_add
      wire [ActBits:0] sum = {1'b0, old_i & {ActBits{!first_i}}} + {1'b0, new_i};
      assign value_o = sum[ActBits-1:0] | {ActBits{sum[ActBits]}};
    end else begin : gen_store
      wire unused_old = &{1'b0, first_i, old_i};
      assign value_o = new_i;
    end
  endgenerate

  generate
    if (ActBits < 1 || Mode < 0 || Mode > 2) begin : gen_limits
      fpsa_merge_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
