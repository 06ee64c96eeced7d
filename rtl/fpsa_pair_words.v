// Codes of a stream to signed words: of each lane x+ - x-, times 2^Shift.
//
// Stream      a beat of an fpsa_smb_decoder, each lane LaneBits wide: x+ of Lanes lanes, and if
//             codes are signed behind them x- of the same.
// Latency     none.
// Widths      words_o is modulo 2^WordBits: the caller's width holds every code that comes.
// Limits      Lanes, LaneBits, WordBits >= 1; Shift >= 0; Signed 0 or 1.
module fpsa_pair_words #(
  parameter Lanes    = 4,
  parameter LaneBits = 8,
  parameter Signed   = 1,
  parameter Shift    = 7,
  parameter WordBits = 16
) (
  input  wire [(1+Signed)*Lanes*LaneBits-1:0] data_i,
  output wire [Lanes*WordBits-1:0]            words_o
);

  localparam WIDE = LaneBits + Shift + WordBits;  // what is not needed falls away

  genvar l;
  generate
    for (l = 0; l < Lanes; l = l + 1) begin : gen_lane
      wire [WIDE-1:0] above = {{(WIDE-LaneBits){1'b0}}, data_i[l*LaneBits +: LaneBits]};
      wire [WIDE-1:0] below;
      wire [WIDE-1:0] word  = (above - below) << Shift;
      wire            unused_bits = &{1'b0, word[WIDE-1:WordBits]};

      if (Signed) begin : gen_pair
        assign below = {{(WIDE-LaneBits){1'b0}}, data_i[(Lanes+l)*LaneBits +: LaneBits]};
      end else begin : gen_single
        assign below = {WIDE{1'b0}};
      end

      assign words_o[l*WordBits +: WordBits] = word[WordBits-1:0];
    end
  endgenerate

  generate
    if (Lanes < 1 || LaneBits < 1 || WordBits < 1 || Shift < 0 || Signed < 0
        || Signed > 1) begin : gen_limits
      fpsa_pair_words_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
