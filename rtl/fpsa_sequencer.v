// Gives the ticks of a network and marks its windows.
//
// A window starts live when a sample waits, as a bubble while a sample is still in flight, and
// otherwise not at all: the network then stands still.
//
// Latency     tick_o, win_o, live_o are combinational: they describe the tick to come.
// Handshake   ready_i has a bit a unit; tick_o is never high while one of them is low. The sample
//             is taken at the tick with sample_pop_o. At a window's first tick live_o follows
//             sample_valid_i, then it holds.
// Widths      Drain: ticks from a live window's first, counted as 1, to the one that captures its
//             output.
// Limits      Units >= 1, Period >= 1, Drain >= 1.
module fpsa_sequencer #(
  parameter Units  = 1,
  parameter Period = 6,
  parameter Drain  = 14
) (
  // Clock
  input  wire             clk_i,
  input  wire             rst_ni,
  // Units
  input  wire [Units-1:0] ready_i,
  output wire             tick_o,
  output wire             win_o,
  output wire             live_o,
  // Samples
  input  wire             sample_valid_i,
  output wire             sample_pop_o,
  // State
  output wire             busy_o
);

  localparam        POSITION_BITS = (Period > 1) ? $clog2(Period) : 1;
  localparam        DRAIN_BITS    = $clog2(Drain + 1);
  localparam [31:0] DRAIN_LOAD    = Drain - 1;
  localparam [31:0] LAST          = Period - 1;
  localparam [POSITION_BITS-1:0] STEP = 1;
  localparam [DRAIN_BITS-1:0]    ONE  = 1;

  reg [POSITION_BITS-1:0] position_q;
  reg [DRAIN_BITS-1:0]    drain_q;
  reg                     live_q;

  wire in_flight = drain_q != {DRAIN_BITS{1'b0}};

  assign win_o        = position_q == {POSITION_BITS{1'b0}};
  assign live_o       = win_o ? sample_valid_i : live_q;
  assign busy_o       = !win_o || in_flight || sample_valid_i;
  assign tick_o       = (&ready_i) && busy_o;
  assign sample_pop_o = tick_o && win_o && sample_valid_i;

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      position_q <= {POSITION_BITS{1'b0}};
      drain_q    <= {DRAIN_BITS{1'b0}};
      live_q     <= 1'b0;
    end else if (tick_o) begin
      position_q <= (position_q == LAST[POSITION_BITS-1:0]) ? {POSITION_BITS{1'b0}}
                                                           : position_q + STEP;
      live_q     <= live_o;
      if (sample_pop_o) drain_q <= DRAIN_LOAD[DRAIN_BITS-1:0];
      else if (in_flight) drain_q <= drain_q - ONE;
    end
  end

  generate
    if (Units < 1 || Period < 1 || Drain < 1) begin : gen_limits
      fpsa_sequencer_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
