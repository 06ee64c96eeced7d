// Busy comes and goes at random: it is passed on at once, and kept for Cycles clocks.
// verilator lint_off WIDTH
module fpsa_busy_hold_tb #(
  parameter Cycles  = 15,
  parameter Islands = 1,
  parameter Seed    = 1,
  parameter Clocks  = 4000
);

`include "bench.vh"

  reg  [Islands-1:0] busy_in = 0;
  wire               busy;

  fpsa_busy_hold #(
    .Cycles (Cycles),
    .Islands(Islands)
  ) u_dut (
    .clk_i (clk),
    .rst_ni(rst_n),
    .busy_i(busy_in),
    .busy_o(busy)
  );

  integer quiet;  // clocks since the last busy one
  integer i;

  initial begin
    repeat (3) @(negedge clk);
    quiet = Cycles;
    for (i = 0; i < Clocks; i = i + 1) begin
      @(negedge clk);
      rst_n   = !chance(1);
      busy_in = chance(busy_in ? 50 : 5) ? 1 << below(Islands) : 0;
      #1;
      expect_value("busy", busy, busy_in != 0 || quiet < Cycles);
      quiet = !rst_n ? Cycles : busy_in ? 0 : quiet + 1;
    end
    pass;
  end

endmodule
