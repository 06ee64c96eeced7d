// fpsa_load_bank and fpsa_load_memory on one load bus: right indices, those past the last column,
// both halves, clocks without a write. The model is an array of values with a mask of what is
// known. With a File the values at time 0 come from it.
// verilator lint_off WIDTH
module fpsa_load_tb #(
  parameter Cols   = 5,
  parameter Width  = 40,
  parameter File   = "",
  parameter Seed   = 1,
  parameter Clocks = 2000
);

`include "bench.vh"

  localparam COL_BITS = (Cols > 1) ? $clog2(Cols) : 1;

  reg                   we = 0;
  reg  [19:0]           index = 0;
  reg  [31:0]           data = 0;
  reg                   read = 0;
  reg  [COL_BITS-1:0]   column = 0;
  wire [Cols*Width-1:0] bank;
  wire [Width-1:0]      held;

  fpsa_load_bank #(
    .Cols (Cols),
    .Width(Width),
    .File (File)
  ) u_bank (
    .clk_i   (clk),
    .we_i    (we),
    .index_i (index),
    .data_i  (data),
    .values_o(bank)
  );

  fpsa_load_memory #(
    .Cols (Cols),
    .Width(Width),
    .File (File)
  ) u_memory (
    .clk_i   (clk),
    .we_i    (we),
    .index_i (index),
    .data_i  (data),
    .read_i  (read),
    .column_i(column),
    .value_o (held)
  );

  reg [63:0]      value [0:Cols-1];
  reg [63:0]      known [0:Cols-1];
  reg [Width-1:0] preset [0:Cols-1];
  reg [63:0]      read_value = 0;
  reg [63:0]      read_known = 0;
  integer         i, c;

  task drive;
    begin
      we     = chance(70);
      index  = chance(70) ? below(2 * Cols) : below(8 * Cols);
      if (chance(10)) index = index ^ (20'd1 << below(20));
      data   = random(0);
      read   = !we && chance(50);
      column = below(Cols);
    end
  endtask

  task check;
    begin
      for (c = 0; c < Cols; c = c + 1)
        expect_value("bank", bank[c*Width +: Width] & known[c], value[c] & known[c]);
      expect_value("memory", held & read_known, read_value & read_known);
    end
  endtask

  task move;
    begin
      if (we && index / 2 < Cols) begin
        c = index / 2;
        value[c] = index[0] ? {data, value[c][31:0]} : {value[c][63:32], data};
        known[c] = index[0] ? {32'hffffffff, known[c][31:0]} : {known[c][63:32], 32'hffffffff};
        value[c] = value[c] & ~(~64'd0 << Width);
        known[c] = known[c] & ~(~64'd0 << Width);
      end
      if (read) begin
        read_value = value[column];
        read_known = known[column];
      end
    end
  endtask

  initial begin
    if (File != "") $readmemh(File, preset);
    for (c = 0; c < Cols; c = c + 1) begin
      value[c] = File != "" ? preset[c] : 0;
      known[c] = File != "" ? ~(~64'd0 << Width) : 0;
    end
    repeat (3) @(negedge clk);
    for (i = 0; i < Clocks; i = i + 1) begin
      @(negedge clk);
      if (i < 100 && File != "") begin
        we     = 0;
        read   = 1;
        column = i % Cols;
      end else begin
        drive;
      end
      #1;
      check;
      move;
    end
    pass;
  end

endmodule
