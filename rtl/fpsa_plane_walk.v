// Which plane of a token in memory belongs to the coming tick of a spike bus.
//
// A window of Period ticks carries values of Planes bits, most significant first, behind zeros,
// which are not stored. The planes lie at base_i and the words after it.
//
// Outputs     describe the tick to come: plane_o, it carries a stored plane; top_o, the first of
//             them; last_o, the window's last. addr_o is meant with plane_o.
// Latency     none.
// Handshake   state changes only at tick_i; base_i holds with its window.
// Limits      1 <= Planes <= Period, AddrBits >= 1.
module fpsa_plane_walk #(
  parameter Period   = 6,
  parameter Planes   = 6,
  parameter AddrBits = 5
) (
  // Clock
  input  wire                clk_i,
  input  wire                rst_ni,
  // Tick
  input  wire                tick_i,
  input  wire                win_i,
  input  wire [AddrBits-1:0] base_i,
  // The coming tick
  output wire                plane_o,
  output wire                top_o,
  output wire                last_o,
  output wire [AddrBits-1:0] addr_o
);

  localparam        POSITION_BITS = (Period > 1) ? $clog2(Period) : 1;
  localparam        WIDE          = AddrBits + POSITION_BITS;
  localparam [31:0] LEAD          = Period - Planes;

  wire [POSITION_BITS-1:0] position;
  wire                     unused_open;
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
    .last_o    (last_o),
    .open_o    (unused_open),
    .full_o    (unused_full),
    .win_o     (unused_win)
  );

  wire [POSITION_BITS-1:0] lead = LEAD[POSITION_BITS-1:0];
  wire [WIDE-1:0]          plane = {{AddrBits{1'b0}}, position} - {{AddrBits{1'b0}}, lead};
  wire                     unused_wide = &{1'b0, plane};

  assign top_o  = position == lead;
  assign addr_o = base_i + plane[AddrBits-1:0];

  generate
    if (LEAD == 0) begin : gen_full
      assign plane_o = 1'b1;
    end else begin : gen_behind
      assign plane_o = position >= lead;
    end
  endgenerate

  generate
    if (Planes < 1 || Period < Planes || AddrBits < 1) begin : gen_limits
      fpsa_plane_walk_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
