// Simulation model of a crossbar, for fpsa_xbar_parallel and fpsa_xbar_macro; not for synthesis.
//
// sum_o[c] = sum over the rows that spike of w[r][c], rounded half up if weights have fractions.
// The weights of a load word lie side by side in one number, so that a spiking row costs one
// addition a group of columns and a silent row none.
//
// Latency     none: sum_o follows spike_i and the weights.
// Load bus    address[21:20] = 0; address[19:0] = {row, group}, the group in its clog2(groups) low
//             bits; there is nothing at a group past the last. A group is 4 columns
//             (WeightBits + FracBits <= 8, byte lanes) or 2 (half-word lanes), lowest column
//             lowest. Undefined until loaded or preset from WeightFile (one load word a line).
// Widths      weights: WeightBits + FracBits, two's complement if Signed, else magnitudes, in
//             steps of 2^-FracBits. Column c is sum_o[c*SumBits +: SumBits], signed if Signed.
// Limits      WeightBits >= 1 (2 if Signed), FracBits >= 0, WeightBits + FracBits <= 16,
//             1 <= Rows <= 1024, 1 <= Cols <= 2048, SumBits >= WeightBits + clog2(Rows); with
//             fractions no weight above the largest integer one, so that no sum rounds out of
//             range.
module fpsa_xbar_lanes #(
  parameter Rows       = 256,
  parameter Cols       = 256,
  parameter WeightBits = 8,
  parameter FracBits   = 0,
  parameter Signed     = 1,
  parameter SumBits    = WeightBits + $clog2(Rows),
  parameter WeightFile = ""
) (
  // Clock
  input  wire                    clk_i,
  // Sums
  input  wire [Rows-1:0]         spike_i,
  output wire [Cols*SumBits-1:0] sum_o,
  // Load bus
  input  wire                    load_we_i,
  input  wire [21:0]             load_addr_i,
  input  wire [31:0]             load_data_i
);

`ifndef SYNTHESIS

  localparam STORED     = WeightBits + FracBits;
  localparam LANES      = (STORED <= 8) ? 4 : 2;
  localparam LANE_BITS  = 32 / LANES;
  localparam GROUPS     = (Cols + LANES - 1) / LANES;
  localparam WORDS      = Rows * GROUPS;
  localparam TOTAL_BITS = SumBits + FracBits;
  localparam GROUP_BITS = LANES * TOTAL_BITS;

  // A running sum starts from START: a half, for rounding, and if Signed the number with the sign
  // bit set, which keeps every lane above zero, so that no lane borrows from the next. Flipping
  // that bit at the end takes it off again.
  localparam [TOTAL_BITS-1:0] SIGN  = (Signed != 0) ? {1'b1, {(TOTAL_BITS-1){1'b0}}}
                                                    : {TOTAL_BITS{1'b0}};
  localparam [TOTAL_BITS:0]   HALF  = {{TOTAL_BITS{1'b0}}, 1'b1} << FracBits;
  localparam [GROUP_BITS-1:0] START = {LANES{SIGN | HALF[TOTAL_BITS:1]}};

  reg [31:0]           file_q    [0:WORDS-1];
  reg [GROUP_BITS-1:0] weights_q [0:Rows-1][0:GROUPS-1];
  reg                  version_q;

  // The sum of w[k] * 2^(k*TOTAL_BITS)
  function [GROUP_BITS-1:0] packed_group(input [31:0] word);
    integer              lane;
    reg [GROUP_BITS-1:0] weight;
    begin
      packed_group = {GROUP_BITS{1'b0}};
      for (lane = LANES - 1; lane >= 0; lane = lane - 1) begin
        weight = {{(GROUP_BITS-STORED){Signed != 0 && word[lane*LANE_BITS+STORED-1]}},
                  word[lane*LANE_BITS +: STORED]};
        packed_group = (packed_group << TOTAL_BITS) + weight;
      end
    end
  endfunction

  // The version of the weights is an argument so that a load, too, brings new sums
  function [GROUPS*GROUP_BITS-1:0] sums(input [Rows-1:0] spikes, input unused_version);
    integer              row;
    integer              group;
    reg [GROUP_BITS-1:0] total [0:GROUPS-1];
    begin
      for (group = 0; group < GROUPS; group = group + 1) total[group] = START;
      for (row = 0; row < Rows; row = row + 1)
        if (spikes[row])
          for (group = 0; group < GROUPS; group = group + 1)
            total[group] = total[group] + weights_q[row][group];
      for (group = 0; group < GROUPS; group = group + 1)
        sums[group*GROUP_BITS +: GROUP_BITS] = total[group] ^ {LANES{SIGN}};
    end
  endfunction

  wire [GROUPS*GROUP_BITS-1:0] totals        = sums(spike_i, version_q);
  wire                         unused_totals = &{1'b0, totals};

  genvar c;
  generate
    if (FracBits == 0) begin : gen_whole
      assign sum_o = totals[Cols*SumBits-1:0];
    end else begin : gen_rounded
      for (c = 0; c < Cols; c = c + 1) begin : gen_column
        assign sum_o[c*SumBits +: SumBits] = totals[c*TOTAL_BITS+FracBits +: SumBits];
      end
    end
  endgenerate

  // Loading
  localparam ROW_BITS         = (Rows > 1) ? $clog2(Rows) : 1;
  localparam GROUP_INDEX_BITS = (GROUPS > 1) ? $clog2(GROUPS) : 1;

  wire [31:0] index        = {12'd0, load_addr_i[19:0]};
  wire [31:0] load_row     = index >> $clog2(GROUPS);
  wire [31:0] load_group   = index - (load_row << $clog2(GROUPS));
  wire        load_weights = load_we_i && load_addr_i[21:20] == 2'd0
                          && load_row < Rows && load_group < GROUPS;
  wire        unused_load  = &{1'b0, load_row, load_group};

  integer word;

  initial begin
    if (WeightFile != "") begin
      $readmemh(WeightFile, file_q);
      for (word = 0; word < WORDS; word = word + 1)
        weights_q[word/GROUPS][word%GROUPS] = packed_group(file_q[word]);
    end
    version_q = 1'b0;
  end

  always @(posedge clk_i) begin
    if (load_weights) begin
      weights_q[load_row[ROW_BITS-1:0]][load_group[GROUP_INDEX_BITS-1:0]] <=
          packed_group(load_data_i);
      version_q <= !version_q;
    end
  end

  generate
    if (Rows < 1 || Rows > 1024 || Cols < 1 || Cols > 2048
        || WeightBits < ((Signed != 0) ? 2 : 1) || FracBits < 0 || STORED > 16
        || SumBits < WeightBits + $clog2(Rows)) begin : gen_limits
      fpsa_xbar_lanes_parameter_out_of_range u_limits ();
    end
  endgenerate

`endif

endmodule
