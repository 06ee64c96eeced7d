// Firings end at random, now and then a reset comes: every amount is what the coordinates of the map
// say.
// verilator lint_off WIDTH
module fpsa_line_amounts_tb #(
  parameter Height       = 5,
  parameter Width        = 4,
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
  parameter AmountBits   = $clog2(Height * ((Width + Beside - 1) / Beside) + 1),
  parameter Seed         = 1,
  parameter Clocks       = 600
);

`include "bench.vh"
`include "line_map.vh"

  reg                   step = 0;
  wire [AmountBits-1:0] need;
  wire [AmountBits-1:0] frees;

  fpsa_line_amounts #(
    .Height      (Height),
    .Width       (Width),
    .KernelRows  (KernelRows),
    .KernelCols  (KernelCols),
    .StrideRows  (StrideRows),
    .StrideCols  (StrideCols),
    .DilationRows(DilationRows),
    .DilationCols(DilationCols),
    .PadTop      (PadTop),
    .PadBottom   (PadBottom),
    .PadLeft     (PadLeft),
    .PadRight    (PadRight),
    .Neighbours  (Neighbours),
    .Beside      (Beside),
    .RepeatRows  (RepeatRows),
    .RepeatCols  (RepeatCols),
    .CropTop     (CropTop),
    .CropBottom  (CropBottom),
    .CropLeft    (CropLeft),
    .CropRight   (CropRight),
    .Ahead       (Ahead),
    .AmountBits  (AmountBits)
  ) u_dut (
    .clk_i  (clk),
    .rst_ni (rst_n),
    .step_i (step),
    .need_o (need),
    .frees_o(frees)
  );

  integer firing = 0;
  integer freed = 0;  // tokens of its map
  integer maps = 0;
  integer i;

  initial begin
    repeat (3) @(negedge clk);
    for (i = 0; i < Clocks; i = i + 1) begin
      @(negedge clk);
      rst_n = i > 0 && i % 200 != 199;
      step  = chance(80);
      #1;
      if (i > 0) begin
        expect_value("need", need, need_of(firing) - freed);
        expect_value("frees", frees, freed_of(firing) - freed);
      end
      if (step) begin
        freed  = freed_of(firing);
        firing = firing + 1;
      end
      if (firing == FIRINGS) maps = maps + 1;
      if (!rst_n || firing == FIRINGS) begin
        firing = 0;
        freed  = 0;
      end
    end
    expect_value("maps", maps > 1, 1);
    pass;
  end

endmodule
