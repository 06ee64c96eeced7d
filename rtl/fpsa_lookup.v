// One entry of a constant table: what synthesis makes of it is logic, not memory.
//
// Truth       the truth tables of the value's bits, the highest bit's first, each with the highest
//             index first: digits 0 to 3 of two neighbouring entries each. Text, since a table that
//             comes through a port stays a multiplexer where hierarchy is kept.
// Latency     none.
// Limits      IndexBits, ValueBits >= 1.
module fpsa_lookup #(
  parameter IndexBits = 6,
  parameter ValueBits = 6,
  parameter Truth     = {(ValueBits << (IndexBits - 1)){"0"}}
) (
  input  wire [IndexBits-1:0] index_i,
  output wire [ValueBits-1:0] value_o
);

  localparam DIGITS = 1 << (IndexBits - 1);
  localparam [8*DIGITS*ValueBits-1:0] TEXT = Truth;

  genvar v, g, d;
  generate
    for (v = 0; v < ValueBits; v = v + 1) begin : gen_bit
      wire [2*DIGITS-1:0] truth;

      for (g = 0; g < DIGITS; g = g + 64) begin : gen_group
        for (d = g; d < DIGITS && d < g + 64; d = d + 1) begin : gen_digit
          assign truth[2*d +: 2] = TEXT[8*(v*DIGITS+d) +: 2];
        end
      end

      assign value_o[v] = truth[index_i];
    end
  endgenerate

  generate
    if (IndexBits < 1 || ValueBits < 1) begin : gen_limits
      fpsa_lookup_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
