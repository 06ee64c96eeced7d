// fpsa_xbar_macro for Verilator, with the sums in C++ (xbar_macro_dpi.cpp): the same ports,
// parameters and sums as rtl/fpsa_xbar_macro.v, which it replaces; SystemVerilog.
module fpsa_xbar_macro #(
  parameter int    Rows       = 256,
  parameter int    Cols       = 256,
  parameter int    WeightBits = 8,
  parameter int    FracBits   = 0,
  parameter int    Signed     = 1,
  parameter int    SumBits    = WeightBits + $clog2(Rows),
  parameter string WeightFile = ""
) (
  // Clock
  input  wire                    clk_i,
  input  wire                    rst_ni,
  // Tick
  input  wire                    tick_i,
  input  wire [Rows-1:0]         spike_i,
  // Sums
  output wire                    ready_o,
  output wire [Cols*SumBits-1:0] sum_o,
  // Load bus
  input  wire                    load_we_i,
  input  wire [21:0]             load_addr_i,
  input  wire [31:0]             load_data_i
);

  import "DPI-C" function chandle fpsa_xbar_new(
    input int rows, input int cols, input int weight_bits, input int frac_bits,
    input int is_signed, input int sum_bits);
  import "DPI-C" function void fpsa_xbar_load(input chandle xbar, input int row, input int group,
                                                input int data);
  import "DPI-C" function void fpsa_xbar_sums(
    input chandle xbar, input int version, input bit [31:0] spikes[], output bit [31:0] sums[]);

  localparam int LANES       = (WeightBits + FracBits <= 8) ? 4 : 2;
  localparam int GROUPS      = (Cols + LANES - 1) / LANES;
  localparam int WORDS       = Rows * GROUPS;
  localparam int SPIKE_WORDS = (Rows + 31) / 32;
  localparam int SUM_WORDS   = (Cols * SumBits + 31) / 32;

  wire unused_bus = &{1'b0, rst_ni, tick_i};

  assign ready_o = 1'b1;

  chandle    xbar;
  bit [31:0] file_q [WORDS];
  bit        version_q;

  initial begin
    xbar = fpsa_xbar_new(Rows, Cols, WeightBits, FracBits, Signed, SumBits);
    if (WeightFile != "") begin
      $readmemh(WeightFile, file_q);
      for (int word = 0; word < WORDS; word++)
        fpsa_xbar_load(xbar, word / GROUPS, word % GROUPS, file_q[word]);
    end
    version_q = 1'b0;
  end

  wire [31:0] load_row   = {12'd0, load_addr_i[19:0]} >> $clog2(GROUPS);
  wire [31:0] load_group = {12'd0, load_addr_i[19:0]} - (load_row << $clog2(GROUPS));

  always_ff @(posedge clk_i) begin
    if (load_we_i && load_addr_i[21:20] == 2'd0 && load_row < Rows && load_group < GROUPS) begin
      fpsa_xbar_load(xbar, load_row, load_group, load_data_i);
      version_q <= !version_q;
    end
  end

  // The version of the weights is an argument so that a load, too, brings new sums
  bit [SPIKE_WORDS*32-1:0] padded_spikes;
  bit [31:0]               spikes [SPIKE_WORDS];
  bit [31:0]               sums   [SUM_WORDS];
  wire [SUM_WORDS*32-1:0]  padded_sums;
  wire                     unused_sums = &{1'b0, padded_sums};

  assign sum_o = padded_sums[Cols*SumBits-1:0];

  always_comb begin
    padded_spikes           = '0;
    padded_spikes[Rows-1:0] = spike_i;
    for (int k = 0; k < SPIKE_WORDS; k++) spikes[k] = padded_spikes[k*32 +: 32];
    fpsa_xbar_sums(xbar, {31'd0, version_q}, spikes, sums);
  end

  for (genvar k = 0; k < SUM_WORDS; k++) begin : gen_word
    assign padded_sums[k*32 +: 32] = sums[k];
  end

endmodule
