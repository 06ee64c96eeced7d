// Windows as a spike bus knows them: one after the other without a gap in ticks, live or not as
// live_i says when a window begins.
module window_source #(
  parameter Period = 3
) (
  input  wire       clk_i,
  input  wire       rst_ni,
  input  wire       tick_i,
  input  wire       live_i,
  // The coming tick
  output wire       win_o,
  output wire       live_o,
  output wire [3:0] position_o
);

  reg [3:0] position_q;
  reg       live_q;

  assign win_o      = position_q == 4'd0;
  assign live_o     = win_o ? live_i : live_q;
  assign position_o = position_q;

  always @(posedge clk_i) begin
    if (!rst_ni) position_q <= 4'd0;
    else if (tick_i) position_q <= (position_q == Period - 1) ? 4'd0 : position_q + 4'd1;
    if (tick_i) live_q <= live_o;
  end

endmodule
