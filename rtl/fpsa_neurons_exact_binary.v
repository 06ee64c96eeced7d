// Array of exact neurons for binary trains: the integer network's values, bit for bit.
//
// Latency     n + 1 ticks from a window's tick to the output bit of the same weight; win_o is win_i
//             one tick later.
// Handshake   state changes only at clock edges with tick_i; ready_o passes sum_valid_i on.
// Load bus    address[21:20] 1: offsets (bias + floor(threshold / 2), signed), 2: thresholds
//             (at least 1), with Tops 3: greatest codes; address[19:0] = 2 * column + half.
//             Undefined until loaded or preset from OffsetFile, ThresholdFile and TopFile (one
//             hexadecimal value a column).
// Tops        1: a column's values end at its own code. HalfEven 1: ties give even values.
// Widths      column c takes sum_i[c*SumBits +: SumBits], signed, see fpsa_neuron_exact_binary.
// Limits      those of fpsa_neuron_exact_binary and fpsa_load_bank; Cols >= 1.
module fpsa_neurons_exact_binary #(
  parameter Cols          = 256,
  parameter ActBits       = 6,
  parameter SumBits       = 16,
  parameter AccBits       = 23,
  parameter ThetaBits     = 16,
  parameter OffsetFile    = "",
  parameter ThresholdFile = "",
  parameter Tops          = 0,
  parameter HalfEven      = 0,
  parameter TopFile       = ""
) (
  // Clock
  input  wire                    clk_i,
  input  wire                    rst_ni,
  // Tick
  input  wire                    tick_i,
  input  wire                    win_i,
  output wire                    ready_o,
  // Sums
  input  wire                    sum_valid_i,
  input  wire [Cols*SumBits-1:0] sum_i,
  // Spikes
  output wire                    win_o,
  output wire [Cols-1:0]         spike_o,
  // Load bus
  input  wire                    load_we_i,
  input  wire [21:0]             load_addr_i,
  input  wire [31:0]             load_data_i
);

  assign ready_o = sum_valid_i;

  // Loaded values
  wire [Cols*AccBits-1:0]   offset;
  wire [Cols*ThetaBits-1:0] threshold;
  wire [Cols*ActBits-1:0]   top;

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

  generate
    if (Tops != 0) begin : gen_tops
      fpsa_load_bank #(
        .Cols (Cols),
        .Width(ActBits),
        .File (TopFile)
      ) u_top (
        .clk_i   (clk_i),
        .we_i    (load_we_i && load_addr_i[21:20] == 2'd3),
        .index_i (load_addr_i[19:0]),
        .data_i  (load_data_i),
        .values_o(top)
      );
    end else begin : gen_no_tops
      assign top = {Cols{{ActBits{1'b0}}}};
    end
  endgenerate

  // Windows
  localparam POSITION_BITS = (ActBits > 1) ? $clog2(ActBits) : 1;
  localparam STEP_BITS     = (ActBits > 1) ? ActBits - 1 : 1;

  wire [POSITION_BITS-1:0] position;
  wire                     last;
  wire                     unused_open;
  wire                     full;

  fpsa_window_tracker #(
    .Period(ActBits)
  ) u_tracker (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .tick_i    (tick_i),
    .win_i     (win_i),
    .position_o(position),
    .last_o    (last),
    .open_o    (unused_open),
    .full_o    (full),
    .win_o     (win_o)
  );

  // The low offset bit that enters at the coming tick
  wire [STEP_BITS-1:0] step;

  fpsa_step_decoder #(
    .ActBits(ActBits)
  ) u_step (
    .position_i(position),
    .step_o    (step)
  );

  // Columns
  genvar c;
  generate
    for (c = 0; c < Cols; c = c + 1) begin : gen_column
      fpsa_neuron_exact_binary #(
        .ActBits  (ActBits),
        .SumBits  (SumBits),
        .AccBits  (AccBits),
        .ThetaBits(ThetaBits),
        .Tops     (Tops),
        .HalfEven (HalfEven)
      ) u_neuron (
        .clk_i      (clk_i),
        .rst_ni     (rst_ni),
        .tick_i     (tick_i),
        .win_i      (win_i),
        .last_i     (HalfEven != 0 && last),
        .full_i     (full),
        .step_i     (step),
        .offset_i   (offset[c*AccBits +: AccBits]),
        .threshold_i(threshold[c*ThetaBits +: ThetaBits]),
        .top_i      (top[c*ActBits +: ActBits]),
        .sum_i      (sum_i[c*SumBits +: SumBits]),
        .spike_o    (spike_o[c])
      );
    end
  endgenerate

  generate
    if (Cols < 1) begin : gen_limits
      fpsa_neurons_exact_binary_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
