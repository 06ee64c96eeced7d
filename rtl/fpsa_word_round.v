// A signed word divided by 2^Shift and rounded to a whole number.
//
// Rounding    0: down; 1: to nearest, halves up; 2: to nearest, halves to even.
// Latency     none.
// Widths      word_o is modulo 2^OutBits: the caller's width holds every quotient that comes.
// Limits      InBits, OutBits >= 1; Shift >= 0; Rounding 0 .. 2.
module fpsa_word_round #(
  parameter InBits   = 32,
  parameter OutBits  = 17,
  parameter Shift    = 15,
  parameter Rounding = 1
) (
  input  wire [InBits-1:0]  word_i,
  output wire [OutBits-1:0] word_o
);

  localparam WIDE = InBits + OutBits + Shift;  // more than enough: what is not needed falls away

  wire [WIDE-1:0] word = {{(WIDE-InBits){word_i[InBits-1]}}, word_i};
  wire [WIDE-1:0] sum;

  assign word_o = sum[Shift +: OutBits];

  wire unused_bits = &{1'b0, sum};

  generate
    if (Shift == 0 || Rounding == 0) begin : gen_down
      assign sum = word;
    end else begin : gen_nearest
      // The half itself goes up, or only up to an even number.
      localparam [WIDE-1:0] HALF = {{(WIDE-1){1'b0}}, 1'b1} << (Shift - 1);
      wire up = (Rounding == 1) || word[Shift];

      assign sum = word + HALF - {{(WIDE-1){1'b0}}, !up};
    end
  endgenerate

  generate
    if (InBits < 1 || OutBits < 1 || Shift < 0 || Rounding < 0 || Rounding > 2) begin : gen_limits
      fpsa_word_round_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
