// fpsa_tick_delay, fpsa_memory_delay and fpsa_window_delay against a record of all ticks since the reset: what came
// Ticks ticks ago comes out. Zeros before the first.
// verilator lint_off WIDTH
module fpsa_delay_tb #(
  parameter Width  = 3,
  parameter Ticks  = 7,
  parameter Period = 5,
  parameter Seed   = 1,
  parameter Clocks = 3000
);

`include "bench.vh"

  reg              tick = 0;
  reg              win = 0;
  reg              live = 0;
  reg  [Width-1:0] data = 0;
  wire [Width-1:0] delayed;
  wire             win_out;
  wire             live_out;

  fpsa_tick_delay #(
    .Width(Width),
    .Ticks(Ticks)
  ) u_bus (
    .clk_i (clk),
    .rst_ni(rst_n),
    .tick_i(tick),
    .data_i(data),
    .data_o(delayed)
  );

  wire [Width-1:0] remembered;

  generate
    if (Ticks < 2) begin : gen_short
      assign remembered = delayed;
    end else begin : gen_memory
      fpsa_memory_delay #(
        .Width(Width),
        .Ticks(Ticks)
      ) u_memory (
        .clk_i (clk),
        .rst_ni(rst_n),
        .tick_i(tick),
        .data_i(data),
        .data_o(remembered)
      );
    end
  endgenerate

  fpsa_window_delay #(
    .Period(Period),
    .Ticks (Ticks)
  ) u_marks (
    .clk_i (clk),
    .rst_ni(rst_n),
    .tick_i(tick),
    .win_i (win),
    .live_i(live),
    .win_o (win_out),
    .live_o(live_out)
  );

  // history[k]: what was on the bus at tick k since the reset
  reg [Width+1:0] history [0:Clocks];
  reg [Width+1:0] past;
  integer         ticks;
  integer         start;  // the tick of the first window
  integer         i;

  task check;
    begin
      history[ticks] = {win, live, data};
      past = ticks >= Ticks ? history[ticks-Ticks] : 0;
      expect_value("bus", delayed, past[Width-1:0]);
      expect_value("memory", remembered, past[Width-1:0]);
      expect_value("win", win_out, past[Width+1]);
      // Live is valid with win and holds for the window
      if (ticks < start) expect_value("not live", live_out, 0);
      else expect_value("live", live_out, past[Width]);
    end
  endtask

  task clear;
    begin
      ticks = 0;
      start = below(8);
      live  = 0;
    end
  endtask

  reg moved = 1;

  initial begin
    clear;
    repeat (3) @(negedge clk);
    for (i = 0; i < Clocks; i = i + 1) begin
      @(negedge clk);
      rst_n = i > 0 && (i % 200 != 199);
      tick  = chance(70);
      win   = ticks >= start && (ticks - start) % Period == 0;
      if (win && moved) live = chance(50);
      if (ticks < start) live = 0;
      if (moved) data = random(0);
      #1;
      if (i > 0) check;
      moved = tick;
      if (tick) ticks = ticks + 1;
      if (!rst_n) clear;
    end
    pass;
  end

endmodule
