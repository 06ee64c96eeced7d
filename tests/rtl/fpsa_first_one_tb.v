// Every input of a narrow tree, sparse random ones of a wide tree, against a search from below.
// verilator lint_off WIDTH
module fpsa_first_one_tb #(
  parameter Width  = 5,
  parameter Seed   = 1,
  parameter Checks = 600
);

`include "bench.vh"

  localparam INDEX_BITS = (Width > 1) ? $clog2(Width) : 1;

  reg  [Width-1:0]      bits = 0;
  wire                  any;
  wire [INDEX_BITS-1:0] index;

  fpsa_first_one #(
    .Width(Width)
  ) u_dut (
    .bits_i (bits),
    .any_o  (any),
    .index_o(index)
  );

  integer i, k;

  initial begin
    for (i = 0; i < Checks; i = i + 1) begin
      bits = i;
      if (Width > 8) for (k = 0; k < Width; k = k + 1) bits[k] = chance(i % 10);
      @(negedge clk);
      k = 0;
      while (k < Width && !bits[k]) k = k + 1;
      expect_value("any", any, k < Width);
      expect_value("index", index, k < Width ? k : 0);
    end
    pass;
  end

endmodule
