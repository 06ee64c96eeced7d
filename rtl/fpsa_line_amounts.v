// The tokens of a walk over maps that follow each other, row by row, in raster order: how many each
// firing needs, and how many it lets go.
//
// A token is a position of the map, or Beside of a row. Firings are those of fpsa_line_walk, over the
// map with its lines repeated and some of them left out; what they leave out is held to be read, too.
// need_o      tokens that must be held: up to the window's last row and column, held to the map, and
//             at least those that the firing lets go. One at least, so that windows that lie beside
//             the map wait for it, too; with Ahead these wait for none.
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
  parameter RepeatRows   = 1,
  parameter RepeatCols   = 1,
  parameter CropTop      = 0,
  parameter CropBottom   = 0,
  parameter CropLeft     = 0,
  parameter CropRight    = 0,
  parameter Ahead        = 0,
  parameter AmountBits   = 4
) (
  input  wire                  clk_i,
  input  wire                  rst_ni,
  input  wire                  step_i,
  output wire [AmountBits-1:0] need_o,
  output wire [AmountBits-1:0] frees_o
);

  // Windows: lines that one spans, where the first one begins, how many there are, firings in a row
  localparam SPAN_ROWS = (KernelRows - 1) * DilationRows + 1;
  localparam SPAN_COLS = (KernelCols - 1) * DilationCols + 1;
  localparam BEGIN_ROW = CropTop - PadTop;
  localparam BEGIN_COL = CropLeft - PadLeft;
  localparam SEEN_ROWS = Height * RepeatRows + PadBottom - CropBottom - BEGIN_ROW;
  localparam SEEN_COLS = Width * RepeatCols + PadRight - CropRight - BEGIN_COL;
  localparam ROWS      = (SEEN_ROWS - SPAN_ROWS) / StrideRows + 1;
  localparam COLS      = (SEEN_COLS - SPAN_COLS) / StrideCols + 1;
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
  localparam [BITS-1:0] NONE = {BITS{1'b0}};
  localparam [BITS-1:0] ONE  = 1;
  localparam [BITS-1:0] LEAST = (Ahead != 0) ? NONE : ONE;  // that a firing waits for

  // Rows are {tokens, lines of one more row}, columns {tokens, lines of one more token}
  localparam ROW_PART  = RepeatRows;
  localparam COL_PART  = Beside * RepeatCols;
  localparam ROW_REST  = (ROW_PART > 1) ? $clog2(ROW_PART) : 1;
  localparam COL_REST  = (COL_PART > 1) ? $clog2(COL_PART) : 1;
  localparam ROW_WIDTH = BITS + ROW_REST;
  localparam COL_WIDTH = BITS + COL_REST;

  // Lines, some before the map, `part` of which take `tokens`
  function integer split(input integer lines, input integer part, input integer tokens, input integer bits);
    integer rest;
    begin
      rest  = (lines % part + part) % part;
      split = (lines - rest) / part * tokens * (1 << bits) + rest;
    end
  endfunction

  // DOWN, ASIDE: to the next firing's window. FIRST_: before the map's first window, before that below
  // it or after it, and up to its end, what has begun counted whole.
  localparam [31:0] LAST_ROW    = split((ROWS - 1) * StrideRows, ROW_PART, TOKENS, ROW_REST);
  localparam [31:0] DOWN        = split(StrideRows, ROW_PART, TOKENS, ROW_REST);
  localparam [31:0] FIRST_ROW   = split(BEGIN_ROW, ROW_PART, TOKENS, ROW_REST);
  localparam [31:0] FIRST_BELOW = split(BEGIN_ROW + StrideRows, ROW_PART, TOKENS, ROW_REST);
  localparam [31:0] FIRST_TALL  = split(BEGIN_ROW + SPAN_ROWS + ROW_PART - 1, ROW_PART, TOKENS, ROW_REST);
  localparam [31:0] LAST_COL    = split((FIRINGS - 1) * STEP_COLS, COL_PART, 1, COL_REST);
  localparam [31:0] ASIDE       = split(STEP_COLS, COL_PART, 1, COL_REST);
  localparam [31:0] FIRST_ASIDE = split(BEGIN_COL + STEP_COLS, COL_PART, 1, COL_REST);
  localparam [31:0] FIRST_WIDE  = split(BEGIN_COL + REACH + COL_PART - 1, COL_PART, 1, COL_REST);
  localparam [31:0] END         = split(BEGIN_COL + (COLS - 1) * StrideCols + SPAN_COLS + COL_PART - 1,
                                        COL_PART, 1, COL_REST);
  localparam [31:0] ROW_LINES   = ROW_PART;
  localparam [31:0] COL_LINES   = COL_PART;

  localparam [ROW_WIDTH-1:0] TOP  = {ROW_WIDTH{1'b0}};
  localparam [COL_WIDTH-1:0] LEFT = {COL_WIDTH{1'b0}};

  function [ROW_WIDTH-1:0] row_sum(input [ROW_WIDTH-1:0] a, input [ROW_WIDTH-1:0] b);
    reg [ROW_REST:0] rest;
    reg              over;
    begin
      rest = {1'b0, a[ROW_REST-1:0]} + {1'b0, b[ROW_REST-1:0]};
      over = ROW_PART > 1 && rest >= ROW_LINES[ROW_REST:0];
      if (over) rest = rest - ROW_LINES[ROW_REST:0];
      if (ROW_PART == 1) rest = {(ROW_REST + 1){1'b0}};
      row_sum = {a[ROW_WIDTH-1:ROW_REST] + b[ROW_WIDTH-1:ROW_REST] + (over ? ROW[BITS-1:0] : NONE),
                 rest[ROW_REST-1:0]};
    end
  endfunction

  function [COL_WIDTH-1:0] col_sum(input [COL_WIDTH-1:0] a, input [COL_WIDTH-1:0] b);
    reg [COL_REST:0] rest;
    reg              over;
    begin
      rest = {1'b0, a[COL_REST-1:0]} + {1'b0, b[COL_REST-1:0]};
      over = COL_PART > 1 && rest >= COL_LINES[COL_REST:0];
      if (over) rest = rest - COL_LINES[COL_REST:0];
      if (COL_PART == 1) rest = {(COL_REST + 1){1'b0}};
      col_sum = {a[COL_WIDTH-1:COL_REST] + b[COL_WIDTH-1:COL_REST] + (over ? ONE : NONE),
                 rest[COL_REST-1:0]};
    end
  endfunction

  // Whole tokens
  function [BITS-1:0] rows_whole(input [ROW_WIDTH-1:0] row);
    reg unused_rest;
    begin
      rows_whole  = row[ROW_WIDTH-1:ROW_REST];
      unused_rest = &{1'b0, row[ROW_REST-1:0]};
    end
  endfunction

  function [BITS-1:0] cols_whole(input [COL_WIDTH-1:0] col);
    reg unused_rest;
    begin
      cols_whole  = col[COL_WIDTH-1:COL_REST];
      unused_rest = &{1'b0, col[COL_REST-1:0]};
    end
  endfunction

  // Tokens before a place that may lie before the map or behind it
  function [BITS-1:0] held(input [BITS-1:0] place, input [BITS-1:0] most);
    if (place[BITS-1]) held = NONE;
    else held = (place > most) ? most : place;
  endfunction

  // The columns of windows that do not exist are not waited for
  localparam [BITS-1:0] SEEN = held(cols_whole(END[COL_WIDTH-1:0]), ROW[BITS-1:0]);

  // Firings count by the place of their window from the first one's.
  function last(input [ROW_WIDTH-1:0] row, input [COL_WIDTH-1:0] col);
    last = row == LAST_ROW[ROW_WIDTH-1:0] && col == LAST_COL[COL_WIDTH-1:0];
  endfunction

  function [ROW_WIDTH-1:0] row_after(input [ROW_WIDTH-1:0] row, input [COL_WIDTH-1:0] col);
    if (last(row, col)) row_after = TOP;
    else row_after = (col == LAST_COL[COL_WIDTH-1:0]) ? row_sum(row, DOWN[ROW_WIDTH-1:0]) : row;
  endfunction

  function [COL_WIDTH-1:0] col_after(input [COL_WIDTH-1:0] col);
    col_after = (col == LAST_COL[COL_WIDTH-1:0]) ? LEFT : col_sum(col, ASIDE[COL_WIDTH-1:0]);
  endfunction

  // Tokens of the map that no firing after this one reads
  function [BITS-1:0] freed(input [ROW_WIDTH-1:0] row, input [COL_WIDTH-1:0] col);
    reg [BITS-1:0] first, below, aside, gone;
    begin
      first = held(rows_whole(row_sum(row, FIRST_ROW[ROW_WIDTH-1:0])), MAP[BITS-1:0]);
      below = held(rows_whole(row_sum(row, FIRST_BELOW[ROW_WIDTH-1:0])), MAP[BITS-1:0]);
      aside = held(cols_whole(col_sum(col, FIRST_ASIDE[COL_WIDTH-1:0])), ROW[BITS-1:0]);
      if (col == LAST_COL[COL_WIDTH-1:0]) gone = below;
      else if (row != LAST_ROW[ROW_WIDTH-1:0] && first == below) gone = first;  // the next row begins there, too
      else gone = first + aside;
      if (last(row, col)) freed = MAP[BITS-1:0];
      else freed = (gone > STAYING[BITS-1:0]) ? STAYING[BITS-1:0] : gone;
    end
  endfunction

  // Tokens of the map up to the window's last one; and those that it lets go
  function [BITS-1:0] upto(input [ROW_WIDTH-1:0] row, input [COL_WIDTH-1:0] col, input [BITS-1:0] gone);
    reg [BITS-1:0] corner, seen;
    begin
      corner = held(rows_whole(row_sum(row, FIRST_TALL[ROW_WIDTH-1:0])), MAP[BITS-1:0])
               + held(cols_whole(col_sum(col, FIRST_WIDE[COL_WIDTH-1:0])), SEEN);
      seen   = (corner > ROW[BITS-1:0]) ? corner - ROW[BITS-1:0] : NONE;
      upto   = (seen > gone) ? seen : gone;
    end
  endfunction

  function [BITS-1:0] needed(input [BITS-1:0] tokens, input [BITS-1:0] past);
    needed = (tokens == past) ? LEAST : tokens - past;
  endfunction

  // The firing after the coming one, and what its map has lost by then
  localparam [BITS-1:0] FIRST      = freed(TOP, LEFT);
  localparam [BITS-1:0] FIRST_NEED = needed(upto(TOP, LEFT, FIRST), NONE);
  localparam [BITS-1:0] FIRST_GONE = last(TOP, LEFT) ? NONE : FIRST;

  reg [ROW_WIDTH-1:0]  row_q;
  reg [COL_WIDTH-1:0]  col_q;
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
      row_q   <= row_after(TOP, LEFT);
      col_q   <= col_after(LEFT);
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
