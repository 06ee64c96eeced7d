// The tokens of a walk over maps that follow each other, row by row, in raster order: how many each
// firing needs, and how many it lets go.
//
// A token is a position of the map, or Beside of a row. Firings are those of fpsa_line_walk.
// need_o      tokens that must be held: up to the window's last row and column, held to the map, and
//             at least those that the firing lets go. One at least, so that windows that lie beside
//             the map wait for it, too.
// frees_o     tokens that no later firing reads: all before the next window's first tap, or before
//             the row where the next row of windows begins. The map's last token stays to the last
//             firing.
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
  parameter Beside       = 1,
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
  localparam        TOKENS   = (Width + Beside - 1) / Beside;  // a row
  localparam        FAR      = (PadTop + Height + PadBottom + StrideRows) * TOKENS
                               + PadLeft + PadRight + STEP_COLS;
  localparam        FAR_BITS = $clog2(FAR + 1) + 1;
  localparam        BITS     = (FAR_BITS > AmountBits) ? FAR_BITS : AmountBits;
  localparam [31:0] MAP      = Height * TOKENS;
  localparam [31:0] STAYING  = MAP - 1;
  localparam [31:0] ROW      = TOKENS;
  localparam [31:0] TOP      = PadTop * TOKENS;
  localparam [31:0] DOWN     = StrideRows * TOKENS;
  localparam [31:0] TALL     = SPAN_ROWS * TOKENS;
  localparam [31:0] LAST_ROW = (ROWS - 1) * StrideRows * TOKENS;
  localparam [BITS-1:0] NONE = {BITS{1'b0}};
  localparam [BITS-1:0] ONE  = 1;

  // Columns are {tokens, positions of one more}
  localparam REST = (Beside > 1) ? $clog2(Beside) : 1;
  localparam COL  = BITS + REST;

  // Positions, some before the map, as columns
  function integer column(input integer positions);
    integer rest;
    begin
      rest   = (positions % Beside + Beside) % Beside;
      column = (positions - rest) / Beside * (1 << REST) + rest;
    end
  endfunction

  // ASIDE: to the next firing's window. FIRST_ASIDE: before that of the second firing. FIRST_WIDE: up
  // to the first one's end, tokens begun count whole.
  localparam [31:0]    BESIDE      = Beside;
  localparam [31:0]    ASIDE       = column(STEP_COLS);
  localparam [31:0]    LAST_COL    = column((FIRINGS - 1) * STEP_COLS);
  localparam [31:0]    FIRST_ASIDE = column(STEP_COLS - PadLeft);
  localparam [31:0]    FIRST_WIDE  = column(REACH - PadLeft + Beside - 1);
  localparam [31:0]    END         = column((COLS - 1) * StrideCols + SPAN_COLS - PadLeft + Beside - 1);
  localparam [COL-1:0] START       = {COL{1'b0}};

  function [COL-1:0] sum(input [COL-1:0] a, input [COL-1:0] b);
    reg [REST:0] rest;
    reg          over;
    begin
      rest = {1'b0, a[REST-1:0]} + {1'b0, b[REST-1:0]};
      over = rest >= BESIDE[REST:0];
      if (over) rest = rest - BESIDE[REST:0];
      if (Beside == 1) rest = {(REST + 1){1'b0}};
      sum = {a[COL-1:REST] + b[COL-1:REST] + {{(BITS-1){1'b0}}, over}, rest[REST-1:0]};
    end
  endfunction

  // Whole tokens of a column
  function [BITS-1:0] whole(input [COL-1:0] col);
    reg unused_rest;
    begin
      whole       = col[COL-1:REST];
      unused_rest = &{1'b0, col[REST-1:0]};
    end
  endfunction

  // Tokens before a place that may lie before the map or behind it
  function [BITS-1:0] held(input [BITS-1:0] place, input [BITS-1:0] most);
    if (place[BITS-1]) held = NONE;
    else held = (place > most) ? most : place;
  endfunction

  // The columns of windows that do not exist are not waited for
  localparam [BITS-1:0] SEEN = held(whole(END[COL-1:0]), ROW[BITS-1:0]);

  // Firings count by the place of their window from the first one's.
  function last(input [BITS-1:0] row, input [COL-1:0] col);
    last = row == LAST_ROW[BITS-1:0] && col == LAST_COL[COL-1:0];
  endfunction

  function [BITS-1:0] row_after(input [BITS-1:0] row, input [COL-1:0] col);
    if (last(row, col)) row_after = NONE;
    else row_after = (col == LAST_COL[COL-1:0]) ? row + DOWN[BITS-1:0] : row;
  endfunction

  function [COL-1:0] col_after(input [COL-1:0] col);
    col_after = (col == LAST_COL[COL-1:0]) ? START : sum(col, ASIDE[COL-1:0]);
  endfunction

  // Tokens of the map that no firing after this one reads
  function [BITS-1:0] freed(input [BITS-1:0] row, input [COL-1:0] col);
    reg [BITS-1:0] first, below, aside, gone;
    begin
      first = held(row - TOP[BITS-1:0], MAP[BITS-1:0]);
      below = held(row - TOP[BITS-1:0] + DOWN[BITS-1:0], MAP[BITS-1:0]);
      aside = held(whole(sum(col, FIRST_ASIDE[COL-1:0])), ROW[BITS-1:0]);
      if (col == LAST_COL[COL-1:0]) gone = below;
      else if (row != LAST_ROW[BITS-1:0] && first == below) gone = first;  // the next row begins there, too
      else gone = first + aside;
      if (last(row, col)) freed = MAP[BITS-1:0];
      else freed = (gone > STAYING[BITS-1:0]) ? STAYING[BITS-1:0] : gone;
    end
  endfunction

  // Tokens of the map up to the window's last one; and those that it lets go
  function [BITS-1:0] upto(input [BITS-1:0] row, input [COL-1:0] col, input [BITS-1:0] gone);
    reg [BITS-1:0] corner, seen;
    begin
      corner = held(row - TOP[BITS-1:0] + TALL[BITS-1:0], MAP[BITS-1:0])
               + held(whole(sum(col, FIRST_WIDE[COL-1:0])), SEEN);
      seen   = (corner > ROW[BITS-1:0]) ? corner - ROW[BITS-1:0] : NONE;
      upto   = (seen > gone) ? seen : gone;
    end
  endfunction

  function [BITS-1:0] needed(input [BITS-1:0] tokens, input [BITS-1:0] past);
    needed = (tokens == past) ? ONE : tokens - past;
  endfunction

  // The firing after the coming one, and what its map has lost by then
  localparam [BITS-1:0] FIRST      = freed(NONE, START);
  localparam [BITS-1:0] FIRST_NEED = needed(upto(NONE, START, FIRST), NONE);
  localparam [BITS-1:0] FIRST_GONE = last(NONE, START) ? NONE : FIRST;

  reg [BITS-1:0]       row_q;
  reg [COL-1:0]        col_q;
  reg [BITS-1:0]       gone_q;
  reg [AmountBits-1:0] need_q;
  reg [AmountBits-1:0] frees_q;

  wire [BITS-1:0] gone  = freed(row_q, col_q);
  wire [BITS-1:0] need  = needed(upto(row_q, col_q, gone), gone_q);
  wire [BITS-1:0] frees = gone - gone_q;
  wire            unused_high = &{1'b0, need, frees, FIRST_NEED, FIRST};

  assign need_o  = need_q;
  assign frees_o = frees_q;

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      row_q   <= row_after(NONE, START);
      col_q   <= col_after(START);
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
