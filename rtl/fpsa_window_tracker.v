// Where the coming tick lies in the windows of a spike bus; one serves a whole unit.
//
// Outputs     describe the tick to come: its position in its window (0 when win_i), whether it is
//             the last, whether a window is open on the bus at all (open_o) and whether another
//             one went before it (full_o). Both stay low from reset until then, so a unit needs no
//             reset of the state that a window's first tick overwrites.
// Latency     none from win_i; win_o is win_i one tick later.
// Handshake   state changes only at clock edges with tick_i.
// Widths      PositionBits = max(1, clog2(Period)), derived: leave it alone.
// Limits      Period >= 1 (at 1 every tick is first and last).
module fpsa_window_tracker #(
  parameter Period       = 6,
  parameter PositionBits = (Period > 1) ? $clog2(Period) : 1
) (
  // Clock
  input  wire                    clk_i,
  input  wire                    rst_ni,
  // Tick
  input  wire                    tick_i,
  input  wire                    win_i,
  // The coming tick
  output wire [PositionBits-1:0] position_o,
  output wire                    last_o,
  output wire                    open_o,
  output wire                    full_o,
  // The bus after the tick
  output wire                    win_o
);

  localparam [31:0]             LAST  = Period - 1;
  localparam [PositionBits-1:0] FIRST = {PositionBits{1'b0}};
  localparam [PositionBits-1:0] ONE   = 1;

  reg [PositionBits-1:0] next_q;
  reg                    open_q;
  reg                    full_q;
  reg                    win_q;

  assign position_o = win_i ? FIRST : next_q;
  assign last_o     = position_o == LAST[PositionBits-1:0];
  assign open_o     = win_i || open_q;
  assign full_o     = win_i ? open_q : full_q;
  assign win_o      = win_q;

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      next_q <= FIRST;
      open_q <= 1'b0;
      full_q <= 1'b0;
      win_q  <= 1'b0;
    end else if (tick_i) begin
      next_q <= last_o ? FIRST : position_o + ONE;
      open_q <= open_o;
      full_q <= full_o;
      win_q  <= win_i;
    end
  end

  generate
    if (Period < 1) begin : gen_limits
      fpsa_window_tracker_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
