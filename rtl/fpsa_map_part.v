// The tokens of a map that a memory takes: the first of its first rows. So a small map can come in the
// tokens of a greater one, and what stands beside it goes past.
//
// Order       maps follow each other, Height rows of Width tokens each. A token is taken if it is one
//             of the first Cols of one of the first Rows rows.
// Reserving   fire_i is a token's, fire_o a taken one's. room_o is room_i for a token that is taken, and
//             high for others.
// Writing     a live window is a token's: live_o is live_i in those of taken ones.
// Latency     none.
// Handshake   fire_i only with room_o. live_i holds through the ticks of a window, the first of which has
//             win_i; it counts at clock edges with tick_i alone.
// Limits      1 <= Rows <= Height; 1 <= Cols <= Width.
module fpsa_map_part #(
  parameter Height = 4,
  parameter Width  = 4,
  parameter Rows   = 2,
  parameter Cols   = 2
) (
  // Clock
  input  wire clk_i,
  input  wire rst_ni,
  // Reserving
  input  wire fire_i,
  output wire fire_o,
  input  wire room_i,
  output wire room_o,
  // Writing
  input  wire tick_i,
  input  wire win_i,
  input  wire live_i,
  output wire live_o
);

  // No count is all ones, so that no comparison is a constant
  localparam                ROW_BITS = $clog2(Height + 1);
  localparam                COL_BITS = $clog2(Width + 1);
  localparam [31:0]         LAST_ROW = Height - 1;
  localparam [31:0]         LAST_COL = Width - 1;
  localparam [31:0]         ROWS_END = Rows - 1;
  localparam [31:0]         COLS_END = Cols - 1;
  localparam [ROW_BITS-1:0] TOP      = {ROW_BITS{1'b0}};
  localparam [COL_BITS-1:0] LEFT     = {COL_BITS{1'b0}};
  localparam [ROW_BITS-1:0] DOWN     = 1;
  localparam [COL_BITS-1:0] ASIDE    = 1;

  function takes(input [ROW_BITS-1:0] row, input [COL_BITS-1:0] col);
    takes = row <= ROWS_END[ROW_BITS-1:0] && col <= COLS_END[COL_BITS-1:0];
  endfunction

  function [ROW_BITS-1:0] row_after(input [ROW_BITS-1:0] row, input [COL_BITS-1:0] col);
    if (col != LAST_COL[COL_BITS-1:0]) row_after = row;
    else row_after = (row == LAST_ROW[ROW_BITS-1:0]) ? TOP : row + DOWN;
  endfunction

  function [COL_BITS-1:0] col_after(input [COL_BITS-1:0] col);
    col_after = (col == LAST_COL[COL_BITS-1:0]) ? LEFT : col + ASIDE;
  endfunction

  // The coming token, as it is reserved and as it is written; and whether the window under way is one
  // that is taken
  reg [ROW_BITS-1:0] fire_row_q;
  reg [COL_BITS-1:0] fire_col_q;
  reg [ROW_BITS-1:0] live_row_q;
  reg [COL_BITS-1:0] live_col_q;
  reg                taken_q;

  wire fires = takes(fire_row_q, fire_col_q);
  wire lives = takes(live_row_q, live_col_q);

  assign fire_o = fire_i && fires;
  assign room_o = room_i || !fires;
  assign live_o = live_i && (win_i ? lives : taken_q);

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      fire_row_q <= TOP;
      fire_col_q <= LEFT;
      live_row_q <= TOP;
      live_col_q <= LEFT;
      taken_q    <= 1'b0;
    end else begin
      if (fire_i) begin
        fire_row_q <= row_after(fire_row_q, fire_col_q);
        fire_col_q <= col_after(fire_col_q);
      end
      if (tick_i && win_i && live_i) begin
        live_row_q <= row_after(live_row_q, live_col_q);
        live_col_q <= col_after(live_col_q);
        taken_q    <= lives;
      end
    end
  end

  generate
    if (Rows < 1 || Rows > Height || Cols < 1 || Cols > Width) begin : gen_limits
      fpsa_map_part_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
