// One half of a paired neuron on sums and shares that its membrane holds, thresholds of all sizes up
// to what a membrane can hold.
// verilator lint_off WIDTH
module fpsa_neuron_half_tb #(
  parameter SumBits   = 4,
  parameter AccBits   = 7,
  parameter ThetaBits = 7,
  parameter Seed      = 1,
  parameter Clocks    = 4000
);

`include "bench.vh"

  localparam TOP = (1 << AccBits) - 1;

  reg                  tick = 0;
  reg                  win = 0;
  reg  [AccBits-1:0]   start = 0;
  reg  [ThetaBits-1:0] threshold = 1;
  reg  [AccBits-1:0]   share = 0;
  reg  [SumBits-1:0]   sum = 0;
  wire                 fire;

  fpsa_neuron_half #(
    .SumBits  (SumBits),
    .AccBits  (AccBits),
    .ThetaBits(ThetaBits)
  ) u_dut (
    .clk_i      (clk),
    .tick_i     (tick),
    .win_i      (win),
    .start_i    (start),
    .threshold_i(threshold),
    .share_i    (share),
    .sum_i      (sum),
    .fire_o     (fire)
  );

  integer membrane = 0;  // before the coming tick
  integer after, room, i;

  initial begin
    for (i = 0; i < Clocks; i = i + 1) begin
      @(negedge clk);
      tick  = chance(80);
      win   = i == 0 || chance(20);
      start = below(TOP + 1);
      if (win) threshold = 1 + below(chance(50) ? (1 << ThetaBits) - 1 : 20);
      room  = TOP - (win ? start : membrane);
      sum   = below((room < (1 << SumBits) ? room : (1 << SumBits) - 1) + 1);
      share = chance(30) ? room - sum : below(room - sum + 1);
      #1;
      after = (win ? start : membrane) + sum + share;
      expect_value("fire", fire, after >= threshold);
      if (i == 0 || tick) membrane = after >= threshold ? after - threshold : after;
      if (i == 0) tick = 1;
    end
    pass;
  end

endmodule
