// Windows in which lanes miss no tick, one or more, live and not, the ticks at random clocks. The
// model counts every lane's misses; the count is due Latency clocks after a live window's last
// tick, and zero in all others.
// verilator lint_off WIDTH
module fpsa_ceiling_counter_tb #(
  parameter Lanes   = 6,
  parameter ActBits = 3,
  parameter Train   = 0,
  parameter Latency = 2,
  parameter Seed    = 1,
  parameter Clocks  = 4000
);

`include "bench.vh"

  localparam PERIOD     = (Train == 0) ? ActBits : 1 << ActBits;
  localparam COUNT_BITS = $clog2(Lanes + 1);

  reg                   tick = 0;
  reg                   win = 0;
  reg                   live = 0;
  reg  [Lanes-1:0]      spikes = 0;
  wire                  valid;
  wire [COUNT_BITS-1:0] count;

  fpsa_ceiling_counter #(
    .Lanes  (Lanes),
    .ActBits(ActBits),
    .Train  (Train)
  ) u_dut (
    .clk_i  (clk),
    .rst_ni (rst_n),
    .tick_i (tick),
    .win_i  (win),
    .live_i (live),
    .spike_i(spikes),
    .valid_o(valid),
    .count_o(count)
  );

  integer missed [0:Lanes-1];
  integer due    [0:Latency];  // due[k]: count in k clocks, -1: none
  integer position = 0;
  integer dense = 100;
  reg     moved = 1;
  integer i, l, k;

  task drive;
    begin
      tick = chance(80);
      if (moved) begin
        win = position == 0;
        if (win) live = chance(70);
        if (win && chance(30)) dense = chance(50) ? 100 - 50 / PERIOD : below(101);
        for (l = 0; l < Lanes; l = l + 1) spikes[l] = chance(dense);
      end
      moved = tick;
    end
  endtask

  task move;
    begin
      for (k = 0; k < Latency; k = k + 1) due[k] = due[k+1];
      due[Latency] = -1;
      if (tick) begin
        for (l = 0; l < Lanes; l = l + 1) missed[l] = (position == 0 ? 0 : missed[l]) + !spikes[l];
        if (live && position == PERIOD - 1) begin
          due[Latency-1] = 0;
          for (l = 0; l < Lanes; l = l + 1)
            if (missed[l] <= (Train == 0 ? 0 : 1)) due[Latency-1] = due[Latency-1] + 1;
        end
        position = (position + 1) % PERIOD;
      end
    end
  endtask

  task clear;
    begin
      for (k = 0; k <= Latency; k = k + 1) due[k] = -1;
      position = 0;
      moved    = 1;
    end
  endtask

  initial begin
    clear;
    repeat (3 + Latency) @(negedge clk);
    for (i = 0; i < Clocks; i = i + 1) begin
      @(negedge clk);
      rst_n = i > 0 && !chance(1);
      drive;
      #1;
      if (i > 0) begin
        expect_value("valid", valid, due[0] >= 0);
        expect_value("count", count, due[0] >= 0 ? due[0] : 0);
      end
      move;
      if (!rst_n) clear;
    end
    pass;
  end

endmodule
