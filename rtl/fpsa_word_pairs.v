// Signed words to codes of a stream: each word divided by 2^Shift and rounded to nearest, halves
// up, clipped to CodeBits bits beside its sign; its magnitude in x+ or x-, the other zero.
//
// Stream      a beat of an fpsa_smb_encoder, each lane LaneBits wide: x+ of Lanes lanes, and if
//             codes are signed behind them x- of the same. Unsigned codes are zero for words
//             below it.
// Latency     none.
// Limits      Lanes, WordBits >= 1; Shift >= 0; 1 <= CodeBits <= LaneBits; Signed 0 or 1.
module fpsa_word_pairs #(
  parameter Lanes    = 4,
  parameter WordBits = 16,
  parameter Shift    = 8,
  parameter CodeBits = 6,
  parameter LaneBits = 8,
  parameter Signed   = 1
) (
  input  wire [Lanes*WordBits-1:0]            words_i,
  output wire [(1+Signed)*Lanes*LaneBits-1:0] data_o
);

  localparam WIDE = WordBits + CodeBits;  // more than enough: what is not needed falls away

  localparam [WIDE-1:0] ZERO = {WIDE{1'b0}};

  genvar l;
  generate
    for (l = 0; l < Lanes; l = l + 1) begin : gen_lane
      wire [WordBits-1:0] code;

      fpsa_word_round #(
        .InBits  (WordBits),
        .OutBits (WordBits),
        .Shift   (Shift),
        .Rounding(1)
      ) u_round (
        .word_i(words_i[l*WordBits +: WordBits]),
        .word_o(code)
      );

      wire                low  = code[WordBits-1];
      wire [WIDE-1:0]     wide = {{(WIDE-WordBits){low}}, code};
      wire [WIDE-1:0]     size = low ? ZERO - wide : wide;
      wire                over = |size[WIDE-1:CodeBits];
      wire [CodeBits-1:0] held = size[CodeBits-1:0] | {CodeBits{over}};
      wire [LaneBits-1:0] lane;
      wire                unused_pad;

      assign {unused_pad, lane} = {{(LaneBits-CodeBits+1){1'b0}}, held};

      assign data_o[l*LaneBits +: LaneBits]         = low ? {LaneBits{1'b0}} : lane;
      if (Signed != 0) begin : gen_minus
        assign data_o[(Lanes+l)*LaneBits +: LaneBits] = low ? lane : {LaneBits{1'b0}};
      end
    end
  endgenerate

  generate
    if (Lanes < 1 || WordBits < 1 || Shift < 0 || CodeBits < 1
        || CodeBits > LaneBits || Signed < 0 || Signed > 1) begin : gen_limits
      fpsa_word_pairs_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
