// Samples that come in bursts and long pauses, units that are slow one by one. The model counts
// ticks since the last reset and since the last live window; it must see the network both drain
// and stand.
// verilator lint_off WIDTH
module fpsa_sequencer_tb #(
  parameter Units  = 3,
  parameter Period = 5,
  parameter Drain  = 12,
  parameter Seed   = 1,
  parameter Clocks = 4000
);

`include "bench.vh"

  reg  [Units-1:0] ready = 0;
  wire             tick;
  wire             win;
  wire             live;
  reg              sample_valid = 0;
  wire             sample_pop;
  wire             busy;

  fpsa_sequencer #(
    .Units (Units),
    .Period(Period),
    .Drain (Drain)
  ) u_dut (
    .clk_i         (clk),
    .rst_ni        (rst_n),
    .ready_i       (ready),
    .tick_o        (tick),
    .win_o         (win),
    .live_o        (live),
    .sample_valid_i(sample_valid),
    .sample_pop_o  (sample_pop),
    .busy_o        (busy)
  );

  integer ticks = 0;       // since the last reset
  integer since = Drain;   // ticks from the last live window's first, it included; Drain: none
  integer samples = 0;     // that wait
  integer bubbles = 0;
  integer rests = 0;
  reg     window_live = 0;
  reg     first, works, moves;
  integer i, burst, slow;

  task check;
    begin
      first = ticks % Period == 0;
      if (first) window_live = sample_valid;
      works = !first || since < Drain || sample_valid;
      moves = works && ready == {Units{1'b1}};
      expect_value("win", win, first);
      expect_value("live", live, window_live);
      expect_value("busy", busy, works);
      expect_value("tick", tick, moves);
      expect_value("pop", sample_pop, moves && first && sample_valid);
      if (first && works && !sample_valid) bubbles = bubbles + 1;
      if (!works) rests = rests + 1;
    end
  endtask

  initial begin
    repeat (3) @(negedge clk);
    for (i = 0; i < Clocks; i = i + 1) begin
      @(negedge clk);
      if (i % 100 == 0) burst = chance(50) ? 1 : 30;
      if (i % 150 == 0) slow = below(60);
      rst_n = i > 0 && !chance(1);
      samples = samples + (samples < 2 && chance(burst));
      sample_valid = samples > 0;
      ready = {Units{1'b1}};
      if (chance(slow)) ready[below(Units)] = 1'b0;
      #1;
      if (i > 0) check;
      if (i > 0 && moves) begin
        if (first && sample_valid) samples = samples - 1;
        if (first && sample_valid) since = 1;
        else if (since < Drain) since = since + 1;
        ticks = ticks + 1;
      end
      if (!rst_n) begin
        ticks       = 0;
        since       = Drain;
        window_live = 0;
      end
    end
    expect_value("drained and stood", (bubbles > 0 || Drain <= Period) && rests > 0, 1);
    pass;
  end

endmodule
