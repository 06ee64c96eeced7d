// The walk of a window over maps that follow each other in memory, row by row, in raster order: for
// each firing where its taps lie, how many tokens it needs, and how many it lets go.
//
// A token is a position of the map. The firings of a map count from 0; with Neighbours, a firing
// shows that many windows of a row, the last one of a row what is left.
// need_o      tokens that must be held: up to the window's last row and column, held to the map, and
//             at least those that the firing lets go.
// frees_o     tokens that no later firing reads: all before the next window's first tap, or before
//             the row where the next row of windows begins; after the last firing, the whole map.
// Taps        row_select_o, col_select_o, row_base_o, col_base_o: see fpsa_line_axis. A row's line is
//             ColSlots * Planes words, a token Planes words; rows go on from map to map.
// Latency     one cycle from step_i, when a firing ends; none else.
// Widths      AmountBits: enough for the tokens that memory holds.
//
// Both axes are instances of fpsa_line_axis, whose limits hold.
module fpsa_line_walk #(
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
  parameter RowBanks     = 3,
  parameter RowSlots     = 1,
  parameter ColBanks     = 3,
  parameter ColSlots     = 2,
  parameter Planes       = 6,
  parameter AddrBits     = 4,
  parameter AmountBits   = 4
) (
  // Clock
  input  wire                                      clk_i,
  input  wire                                      rst_ni,
  // Walk
  input  wire                                      step_i,
  output wire [AmountBits-1:0]                     need_o,
  output wire [AmountBits-1:0]                     frees_o,
  // Taps
  output wire [KernelRows*RowBanks-1:0]            row_select_o,
  output wire [RowBanks*AddrBits-1:0]              row_base_o,
  output wire [KernelCols*Neighbours*ColBanks-1:0] col_select_o,
  output wire [ColBanks*AddrBits-1:0]              col_base_o
);

  localparam        ROW_BITS = $clog2(Height * Width + 1);
  localparam        COL_BITS = $clog2(Width + 1);
  localparam        SUM_BITS = $clog2((Height + 1) * Width + 1);
  localparam        BITS     = (SUM_BITS > AmountBits) ? SUM_BITS : AmountBits;
  localparam [31:0] ROW      = Width;
  localparam [31:0] WHOLE    = Height * Width;

  wire                last_row;
  wire [ROW_BITS-1:0] row_first;
  wire [ROW_BITS-1:0] row_next;
  wire [ROW_BITS-1:0] row_reach;
  wire                last_col;
  wire [COL_BITS-1:0] unused_first;
  wire [COL_BITS-1:0] col_next;
  wire [COL_BITS-1:0] col_reach;

  fpsa_line_axis #(
    .Size      (Height),
    .Kernel    (KernelRows),
    .Stride    (StrideRows),
    .Dilation  (DilationRows),
    .PadBegin  (PadTop),
    .PadEnd    (PadBottom),
    .Ring      (1),
    .Banks     (RowBanks),
    .Slots     (RowSlots),
    .Words     (ColSlots * Planes),
    .Tokens    (Width),
    .AddrBits  (AddrBits)
  ) u_rows (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .step_i  (step_i && last_col),
    .last_o  (last_row),
    .select_o(row_select_o),
    .base_o  (row_base_o),
    .first_o (row_first),
    .next_o  (row_next),
    .reach_o (row_reach)
  );

  fpsa_line_axis #(
    .Size      (Width),
    .Kernel    (KernelCols),
    .Stride    (StrideCols),
    .Dilation  (DilationCols),
    .PadBegin  (PadLeft),
    .PadEnd    (PadRight),
    .Neighbours(Neighbours),
    .Banks     (ColBanks),
    .Slots     (ColSlots),
    .Words     (Planes),
    .AddrBits  (AddrBits)
  ) u_cols (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .step_i  (step_i),
    .last_o  (last_col),
    .select_o(col_select_o),
    .base_o  (col_base_o),
    .first_o (unused_first),
    .next_o  (col_next),
    .reach_o (col_reach)
  );

  // Tokens of the map: those let go before this firing and after it, those that it needs
  reg  [BITS-1:0] freed_q;
  wire [BITS-1:0] row    = {{(BITS-ROW_BITS){1'b0}}, row_first};
  wire [BITS-1:0] below  = {{(BITS-ROW_BITS){1'b0}}, row_next};
  wire [BITS-1:0] aside  = {{(BITS-COL_BITS){1'b0}}, col_next};
  wire [BITS-1:0] corner = {{(BITS-ROW_BITS){1'b0}}, row_reach} + {{(BITS-COL_BITS){1'b0}}, col_reach};
  wire [BITS-1:0] seen   = (corner > ROW[BITS-1:0]) ? corner - ROW[BITS-1:0] : {BITS{1'b0}};
  wire            again  = !last_row && row_first == row_next;  // the next windows begin in this row, too
  wire            spent  = row == WHOLE[BITS-1:0];              // the windows lie below the map
  wire [BITS-1:0] after  = last_row ? WHOLE[BITS-1:0] : below;
  wire [BITS-1:0] freed  = last_col ? after : (again || spent) ? row : row + aside;
  wire [BITS-1:0] upto   = (seen > freed) ? seen : freed;
  wire [BITS-1:0] need   = upto - freed_q;
  wire [BITS-1:0] frees  = freed - freed_q;
  wire            unused_high = &{1'b0, need, frees};

  assign need_o  = need[AmountBits-1:0];
  assign frees_o = frees[AmountBits-1:0];

  always @(posedge clk_i) begin
    if (!rst_ni) freed_q <= {BITS{1'b0}};
    else if (step_i) freed_q <= (last_row && last_col) ? {BITS{1'b0}} : freed;
  end

endmodule
