// fpsa_window_tracker against a count of the ticks since the last win, whatever the windows do.
module fpsa_window_tracker_formal #(
  parameter Period       = 6,
  parameter PositionBits = (Period > 1) ? $clog2(Period) : 1
) (
  input wire clk_i,
  input wire rst_ni,
  input wire tick_i,
  input wire win_i
);

  wire [PositionBits-1:0] position;
  wire                    last;
  wire                    open;
  wire                    full;
  wire                    win;

  fpsa_window_tracker #(
    .Period(Period)
  ) u_tracker (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .tick_i    (tick_i),
    .win_i     (win_i),
    .position_o(position),
    .last_o    (last),
    .open_o    (open),
    .full_o    (full),
    .win_o     (win)
  );

  // Ticks left of the window that is open, and how many have been opened (0, 1, more)
  reg       started_q = 1'b0;
  reg [7:0] left_q;
  reg [1:0] opened_q;
  reg       win_q;

  wire [7:0] left   = (win_i || left_q == 8'd0) ? Period : left_q;
  wire [1:0] opened = (win_i && opened_q != 2'd2) ? opened_q + 2'd1 : opened_q;

  always @(posedge clk_i) begin
    started_q <= 1'b1;
    if (tick_i) begin
      left_q   <= left - 8'd1;
      opened_q <= opened;
      win_q    <= win_i;
    end
    if (!rst_ni) begin
      left_q   <= 8'd0;
      opened_q <= 2'd0;
      win_q    <= 1'b0;
    end
  end

  always @(posedge clk_i) begin
    if (!started_q) assume (!rst_ni);
    else begin
      if (win_i) first_is_zero: assert (position == 0);
      position_counts: assert (position == Period - left);
      last_is_last:    assert (last == (left == 8'd1));
      open_from_first: assert (open == (opened != 2'd0));
      full_from_second: assert (full == (opened == 2'd2));
      win_a_tick_late: assert (win == win_q);
      second_window:   cover (full && last && tick_i);
    end
  end

  // What holds in every state that can be reached
  (* hierconn *) wire [PositionBits-1:0] \u_tracker.next_q ;
  (* hierconn *) wire                    \u_tracker.open_q ;
  (* hierconn *) wire                    \u_tracker.full_q ;

  always @(posedge clk_i) begin
    if (started_q) begin
      state_is_legal: assert (left_q < Period && opened_q <= 2'd2);
      next_follows:   assert (\u_tracker.next_q == (left_q == 8'd0 ? 8'd0 : Period - left_q));
      open_follows:   assert (\u_tracker.open_q == (opened_q != 2'd0));
      full_follows:   assert (\u_tracker.full_q == (opened_q == 2'd2));
    end
  end

endmodule
