// A bus that is silent after reset, then carries windows without a gap, with ticks at random
// clocks. The model counts windows and ticks.
// verilator lint_off WIDTH
module fpsa_window_tracker_tb #(
  parameter Period = 5,
  parameter Seed   = 1,
  parameter Clocks = 2000
);

`include "bench.vh"

  localparam POSITION_BITS = (Period > 1) ? $clog2(Period) : 1;

  reg                      tick = 0;
  reg                      win = 0;
  wire [POSITION_BITS-1:0] position;
  wire                     last;
  wire                     open;
  wire                     full;
  wire                     win_out;

  fpsa_window_tracker #(
    .Period(Period)
  ) u_dut (
    .clk_i     (clk),
    .rst_ni    (rst_n),
    .tick_i    (tick),
    .win_i     (win),
    .position_o(position),
    .last_o    (last),
    .open_o    (open),
    .full_o    (full),
    .win_o     (win_out)
  );

  integer ticks;    // since the first window began, -1: none yet
  integer silence;  // ticks until the first window
  reg     win_before;
  integer i;

  task clear;
    begin
      ticks      = -1;
      silence    = below(2 * Period);
      win_before = 0;
    end
  endtask

  initial begin
    clear;
    repeat (3) @(negedge clk);
    for (i = 0; i < Clocks; i = i + 1) begin
      @(negedge clk);
      rst_n = i > 0 && !chance(1);
      tick  = chance(70);
      win   = ticks < 0 ? silence == 0 : ticks % Period == 0;
      #1;
      if (win && ticks < 0) ticks = 0;
      if (i > 0) begin
        expect_value("win", win_out, win_before);
        expect_value("open", open, ticks >= 0);
        expect_value("full", full, ticks >= Period);
        if (ticks >= 0) begin
          expect_value("position", position, ticks % Period);
          expect_value("last", last, ticks % Period == Period - 1);
        end
      end
      if (tick) begin
        win_before = win;
        if (ticks >= 0) ticks = ticks + 1;
        else silence = silence - 1;
      end
      if (!rst_n) clear;
    end
    pass;
  end

endmodule
