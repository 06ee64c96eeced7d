// Codes in pairs of magnitudes to words, and words to such codes: random ones, the least and the
// greatest among them.
// verilator lint_off WIDTH
module fpsa_word_pairs_tb #(
  parameter Lanes    = 3,
  parameter LaneBits = 8,
  parameter Signed   = 1,
  parameter InShift  = 5,
  parameter WordBits = 14,
  parameter OutShift = 4,
  parameter CodeBits = 6,
  parameter Seed     = 1
);

`include "bench.vh"

  reg  [(1+Signed)*Lanes*LaneBits-1:0] pairs = 0;
  reg  [Lanes*WordBits-1:0]            words = 0;
  wire [Lanes*WordBits-1:0]            made;
  wire [(1+Signed)*Lanes*LaneBits-1:0] codes;

  fpsa_pair_words #(
    .Lanes   (Lanes),
    .LaneBits(LaneBits),
    .Signed  (Signed),
    .Shift   (InShift),
    .WordBits(WordBits)
  ) u_in (
    .data_i (pairs),
    .words_o(made)
  );

  fpsa_word_pairs #(
    .Lanes   (Lanes),
    .WordBits(WordBits),
    .Shift   (OutShift),
    .CodeBits(CodeBits),
    .LaneBits(LaneBits),
    .Signed  (Signed)
  ) u_out (
    .words_i(words),
    .data_o (codes)
  );

  reg        [63:0] drawn;
  // Whole vectors are driven at once.
  reg [(1+Signed)*Lanes*LaneBits-1:0] next_pairs;
  reg [Lanes*WordBits-1:0]            next_words;
  reg signed [63:0] plus, minus, word, most, code;
  integer           i, l;

  initial begin
    most = (64'sd1 << CodeBits) - 1;
    for (i = 0; i < 3000; i = i + 1) begin
      @(negedge clk);
      for (l = 0; l < (1 + Signed) * Lanes; l = l + 1) begin
        drawn = random(1'b0);
        if (i % 8 == 1) drawn = 64'd0 - 64'd1;
        if (i % 4 == 2 && chance(50)) drawn = 0;
        next_pairs[l*LaneBits +: LaneBits] = drawn[LaneBits-1:0];
      end
      for (l = 0; l < Lanes; l = l + 1) begin
        drawn = random(1'b0);
        if (i % 8 == 1) drawn = 64'd1 << (WordBits - 1);
        if (i % 8 == 2) drawn = (64'd1 << (WordBits - 1)) - 64'd1;
        if (i % 4 == 3) drawn = drawn % (64'd4 << OutShift);
        next_words[l*WordBits +: WordBits] = drawn[WordBits-1:0];
      end
      pairs = next_pairs;
      words = next_words;
      #1;
      for (l = 0; l < Lanes; l = l + 1) begin
        plus = pairs[l*LaneBits +: LaneBits];
        minus = 0;
        if (Signed) minus = pairs[(Signed*Lanes+l)*LaneBits +: LaneBits];
        word = (plus - minus) * (64'sd1 << InShift);
        expect_value("word", made[l*WordBits +: WordBits], word[WordBits-1:0]);
        word = $signed(words[l*WordBits +: WordBits]);
        // floor(word / 2^OutShift + 1/2): a shift of signed words goes down.
        code = (2 * word + (64'sd1 << OutShift)) >>> (OutShift + 1);
        if (code > most) code = most;
        if (code < -most) code = -most;
        expect_value("x+", codes[l*LaneBits +: LaneBits], code > 0 ? code : 0);
        if (Signed)
          expect_value("x-", codes[(Signed*Lanes+l)*LaneBits +: LaneBits], code < 0 ? -code : 0);
      end
    end
    pass;
  end

endmodule
