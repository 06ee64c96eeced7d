// Tokens reserved and windows written at random, with pauses and empty windows; now and then a reset.
// The model counts both and takes remainders.
// verilator lint_off WIDTH
module fpsa_map_part_tb #(
  parameter Height = 4,
  parameter Width  = 5,
  parameter Rows   = 2,
  parameter Cols   = 3,
  parameter Period = 3,
  parameter Seed   = 1,
  parameter Clocks = 4000
);

`include "bench.vh"

  reg  fire = 0;
  reg  room = 0;
  reg  tick = 0;
  reg  win = 0;
  reg  live = 0;
  wire fire_out;
  wire room_out;
  wire live_out;

  fpsa_map_part #(
    .Height(Height),
    .Width (Width),
    .Rows  (Rows),
    .Cols  (Cols)
  ) u_dut (
    .clk_i (clk),
    .rst_ni(rst_n),
    .fire_i(fire),
    .fire_o(fire_out),
    .room_i(room),
    .room_o(room_out),
    .tick_i(tick),
    .win_i (win),
    .live_i(live),
    .live_o(live_out)
  );

  function taken(input integer token);
    taken = token / Width % Height < Rows && token % Width < Cols;
  endfunction

  integer position = 0;  // of the coming tick in its window
  integer fired = 0;     // since the reset
  integer lived = 0;     // with the window under way
  integer seen = 0;
  integer i;

  initial begin
    repeat (3) @(negedge clk);
    for (i = 0; i < Clocks; i = i + 1) begin
      @(negedge clk);
      rst_n = i > 0 && i % 1000 != 999;
      room  = chance(50);
      tick  = chance(80);
      win   = position == 0;
      if (win) live = chance(80);
      fire = 0;
      #1;
      fire = chance(60) && room_out;
      #1;
      if (i > 0) begin
        expect_value("room", room_out, room || !taken(fired));
        expect_value("fire", fire_out, fire && taken(fired));
        expect_value("live", live_out, live && taken(win ? lived : lived - 1));
      end
      if (fire) fired = fired + 1;
      if (tick && win && live) lived = lived + 1;
      if (tick) position = (position + 1) % Period;
      if (lived > seen) seen = lived;
      if (!rst_n) begin
        fired    = 0;
        lived    = 0;
        position = 0;
      end
    end
    expect_value("maps", seen > 2 * Height * Width, 1);
    pass;
  end

endmodule
