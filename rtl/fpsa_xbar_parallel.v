// Crossbar of loadable weights as adder trees: every row and column in one clock.
//
// sum_o[c] = sum over the rows that spike of w[r][c]. Synthesis sees a register a weight and an
// adder tree a column. Simulation keeps the weights of a load word side by side in one word, so
// that a spiking row costs one addition a group of columns and a silent row none; the sums are
// the same.
//
// Latency     none: sum_o follows spike_i within the cycle.
// Handshake   ready_o is always 1. A load is not allowed in a cycle with tick_i.
// Load bus    address[21:20] = 0; address[19:0] = row * groups + group, a group being 4 columns
//             (WeightBits <= 8, byte lanes) or 2 (half-word lanes), lowest column lowest.
//             Undefined until loaded or preset from WeightFile (one load word a line).
// Widths      weights: WeightBits, two's complement if Signed, else magnitudes. Column c is
//             sum_o[c*SumBits +: SumBits], exact, signed if Signed.
// Limits      1 <= WeightBits <= 16 (2 if Signed), Rows <= 1024, Cols <= 2048, at most 2^20 load
//             words, SumBits >= WeightBits + clog2(Rows).
module fpsa_xbar_parallel #(
  parameter Rows       = 256,
  parameter Cols       = 256,
  parameter WeightBits = 8,
  parameter Signed     = 1,
  parameter SumBits    = WeightBits + $clog2(Rows),
  parameter WeightFile = ""
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

  localparam LANES      = (WeightBits <= 8) ? 4 : 2;
  localparam LANE_BITS  = 32 / LANES;
  localparam GROUPS     = (Cols + LANES - 1) / LANES;
  localparam WORDS      = Rows * GROUPS;

  assign ready_o = 1'b1;

  // Where a load goes
  wire [31:0] index        = {12'd0, load_addr_i[19:0]};
  wire        load_weights = load_we_i && load_addr_i[21:20] == 2'd0 && index < WORDS;
  wire        unused_bus   = &{1'b0, rst_ni, tick_i, load_data_i};

`ifdef SYNTHESIS

  localparam INDEX_BITS = (WORDS > 1) ? $clog2(WORDS) : 1;

  // A load word without the unused bits of its lanes. fpsa_column_sum wants sign bits flipped; the
  // registers hold the inverse of that, so that a NOR with the inverted spike gates a bit.
  localparam                  WORD_BITS = LANES * WeightBits;
  localparam [31:0]           SIGN      = (Signed != 0) ? 1 << (WeightBits - 1) : 0;
  localparam [WeightBits-1:0] FLIP      = SIGN[WeightBits-1:0];

  wire [WORD_BITS-1:0]            load_word;
  wire                            unused_word = &{1'b0, load_word};
  wire [Rows*Cols*WeightBits-1:0] weights;

  genvar r, c, g, k;
  generate
    for (k = 0; k < LANES; k = k + 1) begin : gen_load_lane
      assign load_word[k*WeightBits +: WeightBits] =
          load_data_i[k*LANE_BITS +: WeightBits] ^ ~FLIP;
    end

    if (WeightFile == "") begin : gen_registers
      for (r = 0; r < Rows; r = r + 1) begin : gen_row
        for (g = 0; g < GROUPS; g = g + 1) begin : gen_group
          localparam USED  = (g * LANES + LANES > Cols) ? Cols - g * LANES : LANES;
          localparam INDEX = r * GROUPS + g;

          wire [USED*WeightBits-1:0] word;

          fpsa_load_register #(
            .Width(USED * WeightBits)
          ) u_register (
            .clk_i (clk_i),
            .we_i  (load_weights && index == INDEX),
            .data_i(load_word[USED*WeightBits-1:0]),
            .q_o   (word)
          );

          for (k = 0; k < USED; k = k + 1) begin : gen_lane
            assign weights[((g*LANES+k)*Rows+r)*WeightBits +: WeightBits] =
                ~word[k*WeightBits +: WeightBits];
          end
        end
      end
    end else begin : gen_preset
      reg [31:0] words_q [0:WORDS-1];

      initial $readmemh(WeightFile, words_q);

      always @(posedge clk_i) begin
        if (load_weights) words_q[index[INDEX_BITS-1:0]] <= load_data_i;
      end

      for (r = 0; r < Rows; r = r + 1) begin : gen_row
        for (c = 0; c < Cols; c = c + 1) begin : gen_column
          assign weights[(c*Rows+r)*WeightBits +: WeightBits] =
              words_q[r*GROUPS+c/LANES][(c%LANES)*LANE_BITS +: WeightBits] ^ FLIP;
        end
      end
    end

    for (c = 0; c < Cols; c = c + 1) begin : gen_sum
      fpsa_column_sum #(
        .Rows      (Rows),
        .WeightBits(WeightBits),
        .Signed    (Signed),
        .SumBits   (SumBits)
      ) u_sum (
        .spike_i  (spike_i),
        .weights_i(weights[c*Rows*WeightBits +: Rows*WeightBits]),
        .sum_o    (sum_o[c*SumBits +: SumBits])
      );
    end
  endgenerate

`else

  // A group's weights as one number, the sum of w[k] * 2^(k*SumBits). START keeps every lane of a
  // running sum above zero, so no lane borrows from the next; flipping it back gives the sums.
  localparam                  GROUP_BITS = LANES * SumBits;
  localparam [GROUP_BITS-1:0] START      =
      (Signed != 0) ? {LANES{1'b1, {(SumBits-1){1'b0}}}} : {GROUP_BITS{1'b0}};

  reg [31:0]           file_q    [0:WORDS-1];
  reg [GROUP_BITS-1:0] weights_q [0:Rows-1][0:GROUPS-1];
  reg                  version_q;

  function [GROUP_BITS-1:0] packed_group(input [31:0] word);
    integer              lane;
    reg [GROUP_BITS-1:0] weight;
    begin
      packed_group = {GROUP_BITS{1'b0}};
      for (lane = LANES - 1; lane >= 0; lane = lane - 1) begin
        weight = {{(GROUP_BITS-WeightBits){Signed != 0 && word[lane*LANE_BITS+WeightBits-1]}},
                  word[lane*LANE_BITS +: WeightBits]};
        packed_group = (packed_group << SumBits) + weight;
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
        sums[group*GROUP_BITS +: GROUP_BITS] = total[group] ^ START;
    end
  endfunction

  wire [GROUPS*GROUP_BITS-1:0] group_sums  = sums(spike_i, version_q);
  wire                         unused_sums = &{1'b0, group_sums};

  assign sum_o = group_sums[Cols*SumBits-1:0];

  localparam ROW_BITS         = (Rows > 1) ? $clog2(Rows) : 1;
  localparam GROUP_INDEX_BITS = (GROUPS > 1) ? $clog2(GROUPS) : 1;

  wire [31:0] load_row    = index / GROUPS;
  wire [31:0] load_group  = index % GROUPS;
  wire        unused_load = &{1'b0, load_row, load_group};

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

  initial
    if (Rows < 1 || Rows > 1024 || Cols < 1 || Cols > 2048 || WORDS > 1 << 20
        || WeightBits < ((Signed != 0) ? 2 : 1) || WeightBits > 16
        || SumBits < WeightBits + $clog2(Rows))
      $fatal(1, "fpsa_xbar_parallel: bad parameters");

`endif

endmodule
