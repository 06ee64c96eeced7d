// The tokens of a walk over maps that follow each other, row by row, in raster order: how many each
// firing needs, and how many it lets go.
//
// A token is a position of the map. Firings are those of fpsa_line_walk.
// need_o      tokens that must be held: up to the window's last row and column, held to the map, and
//             at least those that the firing lets go.
// frees_o     tokens that no later firing reads: all before the next window's first tap, or before
//             the row where the next row of windows begins; after the last firing, the whole map.
// Latency     one cycle from step_i, when a firing ends, out of registers: whether a window may begin
//             hangs on them, so they are worked out while the firing before is under way.
// Widths      AmountBits: enough for the tokens that memory holds.
//
// It stands beside fpsa_line_walk, whose limits hold.
module fpsa_line_amounts #(
  parameter Height       = 5,
  parameter Width        = 5,
  parameter KernelRows   = 3,
  parameter KernelCols   = 3,
  parameter StrideRows   = 1,
  parameter StrideCols   = 1,
  parameter DilationRows = 1,
  parameter DilationCols = 1,
  parameter PadTop       = 1,
  parameter PadBottom    = 1,
  parameter PadLeft      = 1,
  parameter PadRight     = 1,
  parameter Neighbours   = 1,
  parameter AmountBits   = 4
) (
  input  wire                  clk_i,
  input  wire                  rst_ni,
  input  wire                  step_i,
  output wire [AmountBits-1:0] need_o,
  output wire [AmountBits-1:0] frees_o
);

  // Windows: lines that one spans, how many there are, firings in a row of them
  localparam SPAN_ROWS = (KernelRows - 1) * DilationRows + 1;
  localparam SPAN_COLS = (KernelCols - 1) * DilationCols + 1;
  localparam ROWS      = (PadTop + Height + PadBottom - SPAN_ROWS) / StrideRows + 1;
  localparam COLS      = (PadLeft + Width + PadRight - SPAN_COLS) / StrideCols + 1;
  localparam FIRINGS   = (COLS + Neighbours - 1) / Neighbours;
  localparam STEP_COLS = Neighbours * StrideCols;
  localparam REACH     = STEP_COLS - StrideCols + SPAN_COLS;

  // Places in tokens, in two's complement
  localparam        FAR      = (PadTop + Height + PadBottom + StrideRows) * Width
                               + PadLeft + PadRight + STEP_COLS;
  localparam        FAR_BITS = $clog2(FAR + 1) + 1;
  localparam        BITS     = (FAR_BITS > AmountBits) ? FAR_BITS : AmountBits;
  localparam [31:0] MAP      = Height * Width;
  localparam [31:0] ROW      = Width;
  localparam [31:0] TOP      = PadTop * Width;
  localparam [31:0] DOWN     = StrideRows * Width;
  localparam [31:0] TALL     = SPAN_ROWS * Width;
  localparam [31:0] LAST_ROW = (ROWS - 1) * StrideRows * Width;
  localparam [31:0] LEFT     = PadLeft;
  localparam [31:0] ASIDE    = STEP_COLS;
  localparam [31:0] WIDE     = REACH;
  localparam [31:0] LAST_COL = (FIRINGS - 1) * STEP_COLS;
  localparam [31:0] END      = (COLS - 1) * StrideCols + SPAN_COLS - PadLeft;
  localparam [BITS-1:0] NONE = {BITS{1'b0}};

  // Tokens before a place that may lie before the map or behind it
  function [BITS-1:0] held(input [BITS-1:0] place, input [BITS-1:0] most);
    if (place[BITS-1]) held = NONE;
    else held = (place > most) ? most : place;
  endfunction

  // The columns of windows that do not exist are not waited for
  localparam [BITS-1:0] SEEN = held(END[BITS-1:0], ROW[BITS-1:0]);

  // Firings count by the place of their window from the first one's.
  function last(input [BITS-1:0] row, input [BITS-1:0] col);
    last = row == LAST_ROW[BITS-1:0] && col == LAST_COL[BITS-1:0];
  endfunction

  function [BITS-1:0] row_after(input [BITS-1:0] row, input [BITS-1:0] col);
    if (last(row, col)) row_after = NONE;
    else row_after = (col == LAST_COL[BITS-1:0]) ? row + DOWN[BITS-1:0] : row;
  endfunction

  function [BITS-1:0] col_after(input [BITS-1:0] col);
    col_after = (col == LAST_COL[BITS-1:0]) ? NONE : col + ASIDE[BITS-1:0];
  endfunction

  // Tokens of the map that no firing after this one reads
  function [BITS-1:0] freed(input [BITS-1:0] row, input [BITS-1:0] col);
    reg [BITS-1:0] first, below, aside;
    begin
      first = held(row - TOP[BITS-1:0], MAP[BITS-1:0]);
      below = held(row - TOP[BITS-1:0] + DOWN[BITS-1:0], MAP[BITS-1:0]);
      aside = held(col - LEFT[BITS-1:0] + ASIDE[BITS-1:0], ROW[BITS-1:0]);
      if (last(row, col)) freed = MAP[BITS-1:0];
      else if (col == LAST_COL[BITS-1:0]) freed = below;
      else if (first == MAP[BITS-1:0]) freed = first;  // the windows lie below the map
      else if (row != LAST_ROW[BITS-1:0] && first == below) freed = first;  // the next row begins there, too
      else freed = first + aside;
    end
  endfunction

  // Tokens of the map up to the window's last one; and those that it lets go
  function [BITS-1:0] upto(input [BITS-1:0] row, input [BITS-1:0] col, input [BITS-1:0] gone);
    reg [BITS-1:0] corner, seen;
    begin
      corner = held(row - TOP[BITS-1:0] + TALL[BITS-1:0], MAP[BITS-1:0])
               + held(col - LEFT[BITS-1:0] + WIDE[BITS-1:0], SEEN);
      seen   = (corner > ROW[BITS-1:0]) ? corner - ROW[BITS-1:0] : NONE;
      upto   = (seen > gone) ? seen : gone;
    end
  endfunction

  // The firing after the coming one, and what its map has lost by then
  localparam [BITS-1:0] FIRST      = freed(NONE, NONE);
  localparam [BITS-1:0] FIRST_NEED = upto(NONE, NONE, FIRST);
  localparam [BITS-1:0] FIRST_GONE = last(NONE, NONE) ? NONE : FIRST;

  reg [BITS-1:0]       row_q;
  reg [BITS-1:0]       col_q;
  reg [BITS-1:0]       gone_q;
  reg [AmountBits-1:0] need_q;
  reg [AmountBits-1:0] frees_q;

  wire [BITS-1:0] gone  = freed(row_q, col_q);
  wire [BITS-1:0] need  = upto(row_q, col_q, gone) - gone_q;
  wire [BITS-1:0] frees = gone - gone_q;
  wire            unused_high = &{1'b0, need, frees, FIRST_NEED, FIRST};

  assign need_o  = need_q;
  assign frees_o = frees_q;

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      row_q   <= row_after(NONE, NONE);
      col_q   <= col_after(NONE);
      gone_q  <= FIRST_GONE;
      need_q  <= FIRST_NEED[AmountBits-1:0];
      frees_q <= FIRST[AmountBits-1:0];
    end else if (step_i) begin
      row_q   <= row_after(row_q, col_q);
      col_q   <= col_after(col_q);
      gone_q  <= last(row_q, col_q) ? NONE : gone;
      need_q  <= need[AmountBits-1:0];
      frees_q <= frees[AmountBits-1:0];
    end
  end

endmodule
