// Words of a datapath against 64-bit arithmetic: sum, product with a constant, rounding and clip of
// the same random words, the least and the greatest among them.
// verilator lint_off WIDTH
module fpsa_word_tb #(
  parameter ABits    = 9,
  parameter BBits    = 7,
  parameter SumBits  = 10,
  parameter Subtract = 0,
  parameter OutBits  = 20,
  parameter Plus     = 1024,
  parameter Minus    = 301,
  parameter Product  = 0,
  parameter Shift    = 4,
  parameter Rounding = 1,
  parameter ClipBits = 5,
  parameter Seed     = 1
);

`include "bench.vh"

  localparam ROUND_BITS = ABits - Shift + 1 > 0 ? ABits - Shift + 1 : 1;

  reg  [ABits-1:0]      a = 0;
  reg  [BBits-1:0]      b = 0;
  wire [SumBits-1:0]    sum;
  wire [OutBits-1:0]    product;
  wire [ROUND_BITS-1:0] rounded;
  wire [ClipBits-1:0]   clip;
  wire                  clipped;

  fpsa_word_sum #(
    .ABits   (ABits),
    .BBits   (BBits),
    .OutBits (SumBits),
    .Subtract(Subtract)
  ) u_sum (
    .a_i  (a),
    .b_i  (b),
    .sum_o(sum)
  );

  fpsa_word_scale #(
    .InBits (ABits),
    .OutBits(OutBits),
    .Plus   (Plus),
    .Minus  (Minus),
    .Product(Product)
  ) u_scale (
    .word_i(a),
    .word_o(product)
  );

  fpsa_word_round #(
    .InBits  (ABits),
    .OutBits (ROUND_BITS),
    .Shift   (Shift),
    .Rounding(Rounding)
  ) u_round (
    .word_i(a),
    .word_o(rounded)
  );

  fpsa_word_clip #(
    .InBits (ABits),
    .OutBits(ClipBits)
  ) u_clip (
    .word_i   (a),
    .word_o   (clip),
    .clipped_o(clipped)
  );

  reg signed [63:0] wide_a, wide_b, quotient, rest, held;
  integer           i;

  task look;
    begin
      wide_a = $signed(a);
      wide_b = $signed(b);
      held   = Subtract != 0 ? wide_a - wide_b : wide_a + wide_b;
      expect_value("sum", sum, held[SumBits-1:0]);
      held   = wide_a * (Plus - Minus);
      expect_value("product", product, held[OutBits-1:0]);
      quotient = wide_a >>> Shift;
      rest     = 2 * (wide_a - (quotient <<< Shift));
      if (Rounding == 1 && Shift > 0 && rest >= (1 << Shift)) quotient = quotient + 1;
      if (Rounding == 2 && Shift > 0 && (rest > (1 << Shift) || (rest == (1 << Shift) && quotient[0])))
        quotient = quotient + 1;
      expect_value("rounded", rounded, quotient[ROUND_BITS-1:0]);
      held = wide_a;
      if (wide_a > (1 << (ClipBits - 1)) - 1) held = (1 << (ClipBits - 1)) - 1;
      if (wide_a < -(1 << (ClipBits - 1))) held = -(1 << (ClipBits - 1));
      expect_value("clip", clip, held[ClipBits-1:0]);
      expect_value("clipped", clipped, held != wide_a);
    end
  endtask

  initial begin
    for (i = 0; i < 4096; i = i + 1) begin
      @(negedge clk);
      a = i < 2048 ? i : random(1'b0);
      b = random(1'b0);
      if (i % 8 == 1) a = 1 << (ABits - 1);
      if (i % 8 == 2) a = (1 << (ABits - 1)) - 1;
      if (i % 8 == 1 || i % 16 == 2) b = 1 << (BBits - 1);
      #1 look;
    end
    pass;
  end

endmodule
