// The iCE40 form of rtl/fpsa_gated_adder.v: a logic cell a bit. The carry adds a and b whatever the
// gate says, and the sum's LUT, of which an adder leaves an input free, takes the sum or a.
module fpsa_gated_adder #(
  parameter Width = 8
) (
  input  wire             gate_i,
  input  wire [Width-1:0] a_i,
  input  wire [Width-1:0] b_i,
  output wire [Width-1:0] sum_o
);

  // Bit I0 + 2*I1 + 4*I2 + 8*I3: I0 ? I1 ^ I2 ^ I3 : I1
  localparam [15:0] SUM_OR_A = 16'hC66C;

  wire [Width:0] carry;

  assign carry[0] = 1'b0;

  genvar i;
  generate
    for (i = 0; i < Width; i = i + 1) begin : gen_bit
      SB_CARRY u_carry (
        .I0(a_i[i]),
        .I1(b_i[i]),
        .CI(carry[i]),
        .CO(carry[i+1])
      );

      SB_LUT4 #(
        .LUT_INIT(SUM_OR_A)
      ) u_sum (
        .I0(gate_i),
        .I1(a_i[i]),
        .I2(b_i[i]),
        .I3(carry[i]),
        .O (sum_o[i])
      );
    end
  endgenerate

endmodule
