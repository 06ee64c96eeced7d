// The walk of a window over maps that follow each other in memory, row by row, in raster order: where
// the taps of each firing lie.
//
// The firings of a map count from 0; with Neighbours, a firing shows that many windows of a row, the
// last one of a row what is left.
// Repeats     with Deal, selections are by phase, else not; see fpsa_line_axis.
// Taps        row_select_o, col_select_o, row_base_o, col_base_o: see fpsa_line_axis. A row's line is
//             ColSlots * Planes words, a token Planes words; rows go on from map to map.
// Latency     one cycle from step_i, when a firing ends; none else.
// Widths      RowPhases, ColPhases: derived, leave them alone.
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
  parameter RepeatRows   = 1,
  parameter RepeatCols   = 1,
  parameter CropTop      = 0,
  parameter CropBottom   = 0,
  parameter CropLeft     = 0,
  parameter CropRight    = 0,
  parameter Deal         = 0,
  parameter Neighbours   = 1,
  parameter RowBanks     = 3,
  parameter RowSlots     = 1,
  parameter ColBanks     = 3,
  parameter ColSlots     = 2,
  parameter Planes       = 6,
  parameter AddrBits     = 4,
  parameter RowPhases    = (Deal != 0) ? RepeatRows : 1,
  parameter ColPhases    = (Deal != 0) ? RepeatCols : 1
) (
  // Clock
  input  wire                                                clk_i,
  input  wire                                                rst_ni,
  // Walk
  input  wire                                                step_i,
  // Taps
  output wire [KernelRows*RowBanks*RowPhases-1:0]            row_select_o,
  output wire [RowBanks*AddrBits-1:0]                        row_base_o,
  output wire [KernelCols*Neighbours*ColBanks*ColPhases-1:0] col_select_o,
  output wire [ColBanks*AddrBits-1:0]                        col_base_o
);

  wire last_col;
  wire unused_last_row;

  fpsa_line_axis #(
    .Size      (Height),
    .Kernel    (KernelRows),
    .Stride    (StrideRows),
    .Dilation  (DilationRows),
    .PadBegin  (PadTop),
    .PadEnd    (PadBottom),
    .Repeat    (RepeatRows),
    .CropBegin (CropTop),
    .CropEnd   (CropBottom),
    .Phases    (RowPhases),
    .Ring      (1),
    .Banks     (RowBanks),
    .Slots     (RowSlots),
    .Words     (ColSlots * Planes),
    .AddrBits  (AddrBits)
  ) u_rows (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .step_i  (step_i && last_col),
    .last_o  (unused_last_row),
    .select_o(row_select_o),
    .base_o  (row_base_o)
  );

  fpsa_line_axis #(
    .Size      (Width),
    .Kernel    (KernelCols),
    .Stride    (StrideCols),
    .Dilation  (DilationCols),
    .PadBegin  (PadLeft),
    .PadEnd    (PadRight),
    .Repeat    (RepeatCols),
    .CropBegin (CropLeft),
    .CropEnd   (CropRight),
    .Phases    (ColPhases),
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
    .base_o  (col_base_o)
  );

endmodule
