// Random operands, of which each begins a sum or goes on with it, with pauses; sums three cycles
// later.
// verilator lint_off WIDTH
module fpsa_word_mac_tb #(
  parameter XBits   = 5,
  parameter WBits   = 4,
  parameter SumBits = 14,
  parameter Seed    = 1,
  parameter Clocks  = 3000
);

`include "bench.vh"

  reg                live = 0;
  reg                first = 0;
  reg  [XBits-1:0]   x = 0;
  reg  [WBits-1:0]   w = 0;
  wire [SumBits-1:0] sum;

  fpsa_word_mac #(
    .XBits  (XBits),
    .WBits  (WBits),
    .SumBits(SumBits)
  ) u_dut (
    .clk_i  (clk),
    .live_i (live),
    .first_i(first),
    .x_i    (x),
    .w_i    (w),
    .sum_o  (sum)
  );

  // What the sum is after each of the last three edges
  reg signed [63:0] now, later1, later2, later3;
  reg               known, known1, known2, known3;
  reg signed [63:0] wide_x, wide_w;
  integer           i;

  initial begin
    now    = 0;
    known  = 0;
    known1 = 0;
    known2 = 0;
    known3 = 0;
    for (i = 0; i < Clocks; i = i + 1) begin
      @(negedge clk);
      live  = chance(80);
      first = chance(10);
      x     = random(1'b0);
      w     = random(1'b0);
      if (i % 16 == 3) x = 1 << (XBits - 1);
      if (i % 16 == 3) w = 1 << (WBits - 1);
      #1;
      if (known3) expect_value("sum", sum, later3[SumBits-1:0]);
      later3 = later2;
      known3 = known2;
      later2 = later1;
      known2 = known1;
      wide_x = $signed(x);
      wide_w = $signed(w);
      if (live) begin
        now   = first ? wide_x * wide_w : now + wide_x * wide_w;
        known = known || first;
      end
      later1 = now;
      known1 = known;
    end
    pass;
  end

endmodule
