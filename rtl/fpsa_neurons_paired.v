// Array of paired neurons for rate trains: FPSA's positive and negative halves.
//
// Latency     1 tick from sum to spike; win_o is win_i one tick later.
// Handshake   state changes only at clock edges with tick_i; ready_o passes sum_valid_i on.
// Load bus    address[21:20] 1: biases (signed), 2: thresholds
//             (at least 1); address[19:0] = 2 * column + half. Undefined until loaded or preset
//             from OffsetFile and ThresholdFile (one hexadecimal value a column).
// Widths      column c takes sums c (positive) and Cols + c (negative), unsigned; see
//             fpsa_neuron_paired.
// Limits      those of fpsa_neuron_paired and fpsa_load_bank; Cols >= 1.
module fpsa_neurons_paired #(
  parameter Cols          = 256,
  parameter ActBits       = 6,
  parameter SumBits       = 16,
  parameter AccBits       = 23,
  parameter ThetaBits     = 16,
  parameter OffsetFile    = "",
  parameter ThresholdFile = ""
) (
  // Clock
  input  wire                        clk_i,
  input  wire                        rst_ni,
  // Tick
  input  wire                        tick_i,
  input  wire                        win_i,
  output wire                        ready_o,
  // Sums
  input  wire                        sum_valid_i,
  input  wire [2*Cols*SumBits-1:0]   sum_i,
  // Spikes
  output wire                        win_o,
  output wire [Cols-1:0]             spike_o,
  // Load bus
  input  wire                        load_we_i,
  input  wire [21:0]                 load_addr_i,
  input  wire [31:0]                 load_data_i
);

  assign ready_o = sum_valid_i;

  // Loaded values
  wire [Cols*AccBits-1:0]   offset;
  wire [Cols*ThetaBits-1:0] threshold;

  fpsa_load_bank #(
    .Cols (Cols),
    .Width(AccBits),
    .File (OffsetFile)
  ) u_offset (
    .clk_i   (clk_i),
    .we_i    (load_we_i && load_addr_i[21:20] == 2'd1),
    .index_i (load_addr_i[19:0]),
    .data_i  (load_data_i),
    .values_o(offset)
  );

  fpsa_load_bank #(
    .Cols (Cols),
    .Width(ThetaBits),
    .File (ThresholdFile)
  ) u_threshold (
    .clk_i   (clk_i),
    .we_i    (load_we_i && load_addr_i[21:20] == 2'd2),
    .index_i (load_addr_i[19:0]),
    .data_i  (load_data_i),
    .values_o(threshold)
  );

  // Windows
  localparam POSITION_BITS = ActBits;

  wire [POSITION_BITS-1:0] position;
  wire [POSITION_BITS-1:0] turn;
  wire                     unused_last;
  wire                     open;
  wire                     unused_full;

  fpsa_window_tracker #(
    .Period(1 << ActBits)
  ) u_tracker (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .tick_i    (tick_i),
    .win_i     (win_i),
    .position_o(position),
    .last_o    (unused_last),
    .open_o    (open),
    .full_o    (unused_full),
    .win_o     (win_o)
  );

  // Columns
  genvar b, c;
  generate
    for (b = 0; b < ActBits; b = b + 1) begin : gen_turn
      assign turn[b] = position[ActBits-1-b];
    end

    for (c = 0; c < Cols; c = c + 1) begin : gen_column
      fpsa_neuron_paired #(
        .ActBits  (ActBits),
        .SumBits  (SumBits),
        .AccBits  (AccBits),
        .ThetaBits(ThetaBits)
      ) u_neuron (
        .clk_i      (clk_i),
        .rst_ni     (rst_ni),
        .tick_i     (tick_i),
        .win_i      (win_i),
        .open_i     (open),
        .turn_i     (turn),
        .bias_i     (offset[c*AccBits +: AccBits]),
        .threshold_i(threshold[c*ThetaBits +: ThetaBits]),
        .positive_i (sum_i[c*SumBits +: SumBits]),
        .negative_i (sum_i[(Cols+c)*SumBits +: SumBits]),
        .spike_o    (spike_o[c])
      );
    end
  endgenerate

  generate
    if (Cols < 1) begin : gen_limits
      fpsa_neurons_paired_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
