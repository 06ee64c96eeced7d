// Crossbar of loadable weights as adder trees: every row and column in one clock.
//
// sum_o[c] = sum over the rows that spike of w[r][c]. Synthesis sees a register a weight and an
// adder tree a column; simulation runs fpsa_xbar_lanes, which gives the same sums faster.
//
// Latency     none: sum_o follows spike_i within the cycle.
// Handshake   ready_o is always 1. A load is not allowed in a cycle with tick_i.
// Load bus    address[21:20] = 0; address[19:0] = {row, group}, the group in its clog2(groups) low
//             bits; there is nothing at a group past the last. A group is 4 columns
//             (WeightBits <= 8, byte lanes) or 2 (half-word lanes), lowest column lowest.
//             Undefined until loaded or preset from WeightFile (one load word a line).
// Widths      weights: WeightBits, two's complement if Signed, else magnitudes. Column c is
//             sum_o[c*SumBits +: SumBits], exact, signed if Signed.
// Limits      1 <= WeightBits <= 16 (2 if Signed), 1 <= Rows <= 1024, 1 <= Cols <= 2048,
//             SumBits >= WeightBits + clog2(Rows).
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

  assign ready_o = 1'b1;

  wire unused_bus = &{1'b0, rst_ni, tick_i, load_data_i};

`ifdef SYNTHESIS

  localparam LANES            = (WeightBits <= 8) ? 4 : 2;
  localparam LANE_BITS        = 32 / LANES;
  localparam GROUPS           = (Cols + LANES - 1) / LANES;
  localparam WORDS            = Rows * GROUPS;
  localparam WORD_INDEX_BITS  = (WORDS > 1) ? $clog2(WORDS) : 1;
  localparam GROUP_INDEX_BITS = $clog2(GROUPS);

  // Where a load goes
  wire [31:0] index        = {12'd0, load_addr_i[19:0]};
  wire        load_weights = load_we_i && load_addr_i[21:20] == 2'd0;

  // A load word without the unused bits of its lanes. The ASIC form of fpsa_column_sum wants all
  // bits but a sign inverted.
  localparam        WORD_BITS = LANES * WeightBits;
  localparam [31:0] SIGN      = (Signed != 0) ? 1 << (WeightBits - 1) : 0;
`ifdef FPSA_INVERTED_WEIGHTS
  localparam [WeightBits-1:0] FLIP = ~SIGN[WeightBits-1:0];
`else
  localparam [WeightBits-1:0] FLIP = {WeightBits{1'b0}};
`endif

  wire [WORD_BITS-1:0]            load_word;
  wire                            unused_word = &{1'b0, load_word};
  wire [Rows*Cols*WeightBits-1:0] weights;

  genvar r, c, g, k;
  generate
    for (k = 0; k < LANES; k = k + 1) begin : gen_load_lane
      assign load_word[k*WeightBits +: WeightBits] =
          load_data_i[k*LANE_BITS +: WeightBits] ^ FLIP;
    end

    if (WeightFile == "") begin : gen_registers
      for (r = 0; r < Rows; r = r + 1) begin : gen_row
        for (g = 0; g < GROUPS; g = g + 1) begin : gen_group
          localparam USED  = (g * LANES + LANES > Cols) ? Cols - g * LANES : LANES;
          localparam INDEX = (r << GROUP_INDEX_BITS) + g;

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
                word[k*WeightBits +: WeightBits];
          end
        end
      end
    end else begin : gen_preset
      reg  [31:0] words_q [0:WORDS-1];
      wire [31:0] row   = index >> GROUP_INDEX_BITS;
      wire [31:0] group = index - (row << GROUP_INDEX_BITS);
      wire [31:0] word  = row * GROUPS + group;

      initial $readmemh(WeightFile, words_q);

      always @(posedge clk_i) begin
        if (load_weights && row < Rows && group < GROUPS)
          words_q[word[WORD_INDEX_BITS-1:0]] <= load_data_i;
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
        .spike_ni (~spike_i),
        .weights_i(weights[c*Rows*WeightBits +: Rows*WeightBits]),
        .sum_o    (sum_o[c*SumBits +: SumBits])
      );
    end
  endgenerate

`else

  fpsa_xbar_lanes #(
    .Rows      (Rows),
    .Cols      (Cols),
    .WeightBits(WeightBits),
    .FracBits  (0),
    .Signed    (Signed),
    .SumBits   (SumBits),
    .WeightFile(WeightFile)
  ) u_lanes (
    .clk_i      (clk_i),
    .spike_i    (spike_i),
    .sum_o      (sum_o),
    .load_we_i  (load_we_i),
    .load_addr_i(load_addr_i),
    .load_data_i(load_data_i)
  );

`endif

  generate
    if (Rows < 1 || Rows > 1024 || Cols < 1 || Cols > 2048
        || WeightBits < ((Signed != 0) ? 2 : 1) || WeightBits > 16
        || SumBits < WeightBits + $clog2(Rows)) begin : gen_limits
      fpsa_xbar_parallel_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
