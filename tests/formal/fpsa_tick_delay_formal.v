// fpsa_tick_delay and fpsa_window_delay: what came so many ticks ago, whatever the stalls.
module fpsa_tick_delay_formal #(
  parameter Period = 3,
  parameter Ticks  = 4
) (
  input wire       clk_i,
  input wire       rst_ni,
  input wire       tick_i,
  input wire       live_i,
  input wire [1:0] data_i
);

  wire       win;
  wire       live;
  wire [3:0] position;
  wire [1:0] data_o;
  wire       win_o;
  wire       live_o;

  window_source #(
    .Period(Period)
  ) u_windows (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .tick_i    (tick_i),
    .live_i    (live_i),
    .win_o     (win),
    .live_o    (live),
    .position_o(position)
  );

  fpsa_tick_delay #(
    .Width(2),
    .Ticks(Ticks)
  ) u_delay (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .tick_i(tick_i),
    .data_i(data_i),
    .data_o(data_o)
  );

  fpsa_window_delay #(
    .Period(Period),
    .Ticks (Ticks)
  ) u_marks (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .tick_i(tick_i),
    .win_i (win),
    .live_i(live),
    .win_o (win_o),
    .live_o(live_o)
  );

  // What came, youngest lowest: data, win, live
  reg                 started_q = 1'b0;
  reg [4*(Ticks+1)-1:0] past_q;
  reg [3:0]           given_q;

  wire [4*(Ticks+2)-1:0] past = {past_q, data_i, win, live};
  wire [3:0]             due  = past[4*Ticks +: 4];

  always @(posedge clk_i) begin
    started_q <= 1'b1;
    if (tick_i) past_q <= past;
    if (tick_i && given_q < Ticks) given_q <= given_q + 4'd1;
    if (!rst_ni) past_q <= 0;
    if (!rst_ni) given_q <= 4'd0;
  end

  always @(posedge clk_i) begin
    if (!started_q) assume (!rst_ni);
    else begin
      data_is_late: assert (data_o == due[3:2]);
      win_is_late:  assert (given_q < Ticks || win_o == due[1]);
      live_is_late: assert (given_q < Ticks || live_o == due[0]);
      dead_at_first: assert (given_q == Ticks || !live_o || !win_o);
      live_then_not: cover (given_q == Ticks && win_o && !live_o && past_q[0]);
    end
  end

endmodule
