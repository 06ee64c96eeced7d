// Counts the lanes whose value in a live window reached the ceiling, 2^ActBits - 1.
//
// Rule        a lane is at the ceiling if it missed no tick (binary) or at most one (rate).
// Latency     one cycle and that of fpsa_sum_pipe from a live window's last tick to valid_o, which
//             is high for one cycle; count_o is zero in all others, so that counts may be added up
//             as they are. Windows may end every cycle.
// Handshake   what a window's ticks keep changes only at tick_i. Reset forgets counts on their way.
// Widths      CountBits = clog2(Lanes + 1), derived: leave it alone.
// Limits      Lanes, ActBits >= 1; Train 0 binary, 1 rate.
module fpsa_ceiling_counter #(
  parameter Lanes     = 16,
  parameter ActBits   = 6,
  parameter Train     = 0,
  parameter CountBits = $clog2(Lanes + 1)
) (
  // Clock
  input  wire                 clk_i,
  input  wire                 rst_ni,
  // Spikes
  input  wire                 tick_i,
  input  wire                 win_i,
  input  wire                 live_i,
  input  wire [Lanes-1:0]     spike_i,
  // Count
  output wire                 valid_o,
  output wire [CountBits-1:0] count_o
);

  localparam PERIOD        = (Train == 0) ? ActBits : 1 << ActBits;
  localparam POSITION_BITS = (PERIOD > 1) ? $clog2(PERIOD) : 1;

  wire [POSITION_BITS-1:0] unused_position;
  wire                     last;
  wire                     unused_open;
  wire                     unused_full;
  wire                     unused_win;

  fpsa_window_tracker #(
    .Period(PERIOD)
  ) u_tracker (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .tick_i    (tick_i),
    .win_i     (win_i),
    .position_o(unused_position),
    .last_o    (last),
    .open_o    (unused_open),
    .full_o    (unused_full),
    .win_o     (unused_win)
  );

  // Lanes without a miss and, for rate trains, with one
  reg  [Lanes-1:0] perfect_q;
  wire [Lanes-1:0] perfect = (perfect_q | {Lanes{win_i}}) & spike_i;
  reg  [Lanes-1:0] ceiling_q;
  wire [Lanes-1:0] ceiling;

  generate
    if (Train == 0) begin : gen_binary
      assign ceiling = perfect;
    end else begin : gen_rate
      assign ceiling = win_i ? {Lanes{1'b1}} : perfect_q | (ceiling_q & spike_i);
    end
  endgenerate

  always @(posedge clk_i) begin
    if (tick_i) begin
      perfect_q <= perfect;
      ceiling_q <= ceiling;
    end
  end

  // Count, from the cycle after the last tick on
  reg ended_q;

  always @(posedge clk_i) begin
    ended_q <= rst_ni && tick_i && last && live_i;
  end

  fpsa_sum_pipe #(
    .Inputs (Lanes),
    .InBits (1),
    .OutBits(CountBits)
  ) u_count (
    .clk_i  (clk_i),
    .rst_ni (rst_ni),
    .valid_i(ended_q),
    .terms_i(ceiling_q),
    .valid_o(valid_o),
    .sum_o  (count_o)
  );

  generate
    if (Lanes < 1 || ActBits < 1 || Train < 0 || Train > 1) begin : gen_limits
      fpsa_ceiling_counter_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
