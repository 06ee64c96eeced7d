// A word or zero, and the products of words: random ones, the least and the greatest among them.
// verilator lint_off WIDTH
module fpsa_word_gate_tb #(
  parameter Width   = 9,
  parameter BBits   = 5,
  parameter OutBits = 14,
  parameter Seed    = 1
);

`include "bench.vh"

  reg                zero = 0;
  reg  [Width-1:0]   word = 0;
  reg  [BBits-1:0]   factor = 0;
  wire [Width-1:0]   gated;
  wire [OutBits-1:0] product;

  fpsa_word_gate #(
    .Width(Width)
  ) u_gate (
    .zero_i(zero),
    .word_i(word),
    .word_o(gated)
  );

  fpsa_word_product #(
    .ABits  (Width),
    .BBits  (BBits),
    .OutBits(OutBits)
  ) u_product (
    .a_i      (word),
    .b_i      (factor),
    .product_o(product)
  );

  reg signed [63:0] a, b, whole;
  integer           i;

  initial begin
    for (i = 0; i < 2000; i = i + 1) begin
      @(negedge clk);
      zero   = chance(50);
      word   = random(1'b0);
      factor = random(1'b0);
      if (i % 8 == 1) word = 1 << (Width - 1);
      if (i % 16 == 1) factor = 1 << (BBits - 1);
      #1;
      a     = $signed(word);
      b     = $signed(factor);
      whole = a * b;
      expect_value("gated", gated, zero ? 0 : word);
      expect_value("product", product, whole[OutBits-1:0]);
    end
    pass;
  end

endmodule
