// The window marks (win, live) delayed by whole ticks, with two bits a window instead of two a
// tick: windows follow each other without gap, so win_o is a position in the window that arrives,
// and what is kept moves on once a window.
//
// Latency     Ticks ticks. win_o marks no window that did not come in: before the first one
//             arrives, what the bus carries was never written.
// Handshake   state changes only at tick_i. live_i and live_o are valid with win and hold for the
//             window. Neither after reset.
// Limits      Period >= 1, Ticks >= 0.
module fpsa_window_delay #(
  parameter Period = 6,
  parameter Ticks  = 7
) (
  // Tick
  input  wire clk_i,
  input  wire rst_ni,
  input  wire tick_i,
  // Marks
  input  wire win_i,
  input  wire live_i,
  output wire win_o,
  output wire live_o
);

  localparam        POSITION_BITS = (Period > 1) ? $clog2(Period) : 1;
  localparam        WINDOWS = (Ticks + Period - 1) / Period;
  localparam [31:0] START   = Ticks % Period;
  localparam [31:0] SHIFT   = (Ticks + Period - 1) % Period;

  wire [POSITION_BITS-1:0] position;
  wire                     open;
  wire                     unused_last;
  wire                     unused_full;
  wire                     unused_win;

  fpsa_window_tracker #(
    .Period(Period)
  ) u_tracker (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .tick_i    (tick_i),
    .win_i     (win_i),
    .position_o(position),
    .last_o    (unused_last),
    .open_o    (open),
    .full_o    (unused_full),
    .win_o     (unused_win)
  );

  // A window and whether it lives, as it is on the last tick before a delayed window starts
  wire arrived;

  assign win_o = arrived && position == START[POSITION_BITS-1:0];

  fpsa_tick_delay #(
    .Width(2),
    .Ticks(WINDOWS)
  ) u_marks (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .tick_i(tick_i && position == SHIFT[POSITION_BITS-1:0]),
    .data_i({open, live_i}),
    .data_o({arrived, live_o})
  );

  generate
    if (Period < 1 || Ticks < 0) begin : gen_limits
      fpsa_window_delay_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
