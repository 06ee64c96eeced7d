// One input or none is valid; others hold anything.
// verilator lint_off WIDTH
module fpsa_one_hot_tb #(
  parameter Inputs = 5,
  parameter Width  = 9,
  parameter Seed   = 1
);

`include "bench.vh"

  reg  [Inputs-1:0]       valid = 0;
  reg  [Inputs*Width-1:0] words = 0;
  wire                    valid_out;
  wire [Width-1:0]        word;

  fpsa_one_hot #(
    .Inputs(Inputs),
    .Width (Width)
  ) u_dut (
    .valid_i(valid),
    .words_i(words),
    .valid_o(valid_out),
    .word_o (word)
  );

  integer i, which;

  initial begin
    for (i = 0; i < 1000; i = i + 1) begin
      @(negedge clk);
      words = {random(1'b0), random(1'b0), random(1'b0)};
      which = below(Inputs + 1);
      valid = which < Inputs ? 1 << which : 0;
      #1;
      expect_value("valid", valid_out, which < Inputs);
      expect_value("word", word, which < Inputs ? words[which*Width +: Width] : 0);
    end
    pass;
  end

endmodule
