// Array of exact neurons that share their logic: the same spikes on the same ticks as
// fpsa_neurons_exact_binary or _rate, Lanes columns a clock, state and loaded values in memories.
//
// Between ticks, once the sums are valid, it walks the columns: reads a group's state and loaded
// values, steps them, writes the state back and shifts the spikes into a staging register, which
// the tick moves to spike_o.
//
// Train       0 binary, 1 rate.
// Latency     in ticks as the unfolded arrays. ready_o rises ceil(Cols / Lanes) + 1 cycles after
//             sum_valid_i and falls with the tick.
// Handshake   outputs change only at clock edges with tick_i; win_i and sum_i hold from
//             sum_valid_i to the tick.
// Load bus    as the unfolded arrays. Tops, HalfEven likewise.
// Limits      those of fpsa_exact_binary_step or fpsa_exact_rate_step and fpsa_load_memory;
//             1 <= Lanes <= Cols; Train 0 or 1.
module fpsa_neurons_exact_folded #(
  parameter Cols          = 64,
  parameter ActBits       = 6,
  parameter SumBits       = 16,
  parameter AccBits       = 23,
  parameter ThetaBits     = 16,
  parameter OffsetFile    = "",
  parameter ThresholdFile = "",
  parameter Lanes         = 1,
  parameter Train         = 0,
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

  localparam PERIOD        = (Train == 0) ? ActBits : 1 << ActBits;
  localparam POSITION_BITS = (PERIOD > 1) ? $clog2(PERIOD) : 1;
  localparam STEP_BITS     = (ActBits > 1) ? ActBits - 1 : 1;
  localparam BINARY_BITS   = (AccBits > ThetaBits + 1 + ActBits) ? AccBits
                                                                 : ThetaBits + 1 + ActBits;
  localparam REM_BITS      = (Train == 0) ? BINARY_BITS + Tops : AccBits - 1;
  localparam STATE_BITS    = AccBits + REM_BITS;
  localparam GROUPS        = (Cols + Lanes - 1) / Lanes;
  localparam GROUP_BITS    = (GROUPS > 1) ? $clog2(GROUPS) : 1;
  localparam COL_BITS      = (Cols > 1) ? $clog2(Cols) : 1;

  genvar k, l;

  // Windows
  wire [POSITION_BITS-1:0] position;
  wire                     last;
  wire                     unused_open;
  wire                     full;

  fpsa_window_tracker #(
    .Period(PERIOD)
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

  // Walk: read_q is the group to read, step_q the one whose state has arrived
  localparam [31:0] LAST_GROUP = GROUPS - 1;
  localparam [31:0] STRIDE     = Lanes;
  localparam [GROUP_BITS-1:0] ONE = 1;

  reg [GROUP_BITS-1:0] read_q;
  reg [COL_BITS-1:0]   column_q;
  reg                  issued_q;
  reg [GROUP_BITS-1:0] step_q;
  reg                  stepping_q;

  wire read = sum_valid_i && !issued_q;

  assign ready_o = issued_q && !stepping_q;

  always @(posedge clk_i) begin
    if (!rst_ni || tick_i) begin
      read_q     <= {GROUP_BITS{1'b0}};
      column_q   <= {COL_BITS{1'b0}};
      issued_q   <= 1'b0;
      stepping_q <= 1'b0;
    end else begin
      if (read) begin
        read_q   <= read_q + ONE;
        column_q <= column_q + STRIDE[COL_BITS-1:0];
        issued_q <= read_q == LAST_GROUP[GROUP_BITS-1:0];
      end
      stepping_q <= read;
    end
  end

  always @(posedge clk_i) begin
    if (read) step_q <= read_q;
  end

  // State
  (* no_rw_check *)
  reg  [Lanes*STATE_BITS-1:0] state_mem [0:GROUPS-1];
  reg  [Lanes*STATE_BITS-1:0] state_q;
  wire [Lanes*STATE_BITS-1:0] state;

  always @(posedge clk_i) begin
    if (stepping_q) state_mem[step_q] <= state;
    if (read) state_q <= state_mem[read_q];
  end

  // Sums, read like the state
  wire [Lanes*SumBits-1:0] sums [0:GROUPS-1];
  reg  [Lanes*SumBits-1:0] sum_q;

  always @(posedge clk_i) begin
    if (read) sum_q <= sums[read_q];
  end

  generate
    for (k = 0; k < GROUPS; k = k + 1) begin : gen_group
      localparam COUNT = (Cols - k * Lanes < Lanes) ? Cols - k * Lanes : Lanes;

      wire unused_pad;
      assign {unused_pad, sums[k]} =
          {{((Lanes-COUNT)*SumBits+1){1'b0}}, sum_i[k*Lanes*SumBits +: COUNT*SumBits]};
    end
  endgenerate

  // Lanes
  wire [Lanes-1:0] spike;

  generate
    for (l = 0; l < Lanes; l = l + 1) begin : gen_lane
      localparam [31:0] LANE = l;

      wire [COL_BITS-1:0]  column = column_q + LANE[COL_BITS-1:0];
      wire [AccBits-1:0]   offset;
      wire [ThetaBits-1:0] threshold;
      wire [ActBits-1:0]   top;
      wire                 spike_raw;

      fpsa_load_memory #(
        .Cols (Cols),
        .Width(AccBits),
        .File (OffsetFile)
      ) u_offset (
        .clk_i   (clk_i),
        .we_i    (load_we_i && load_addr_i[21:20] == 2'd1),
        .index_i (load_addr_i[19:0]),
        .data_i  (load_data_i),
        .read_i  (read),
        .column_i(column),
        .value_o (offset)
      );

      fpsa_load_memory #(
        .Cols (Cols),
        .Width(ThetaBits),
        .File (ThresholdFile)
      ) u_threshold (
        .clk_i   (clk_i),
        .we_i    (load_we_i && load_addr_i[21:20] == 2'd2),
        .index_i (load_addr_i[19:0]),
        .data_i  (load_data_i),
        .read_i  (read),
        .column_i(column),
        .value_o (threshold)
      );

      if (Tops != 0) begin : gen_tops
        fpsa_load_memory #(
          .Cols (Cols),
          .Width(ActBits),
          .File (TopFile)
        ) u_top (
          .clk_i   (clk_i),
          .we_i    (load_we_i && load_addr_i[21:20] == 2'd3),
          .index_i (load_addr_i[19:0]),
          .data_i  (load_data_i),
          .read_i  (read),
          .column_i(column),
          .value_o (top)
        );
      end else begin : gen_no_tops
        assign top = {ActBits{1'b0}};
      end

      if (Train == 0) begin : gen_binary
        wire [STEP_BITS-1:0] step;

        fpsa_step_decoder #(
          .ActBits(ActBits)
        ) u_decoder (
          .position_i(position),
          .step_o    (step)
        );

        fpsa_exact_binary_step #(
          .ActBits  (ActBits),
          .SumBits  (SumBits),
          .AccBits  (AccBits),
          .ThetaBits(ThetaBits),
          .Tops     (Tops),
          .HalfEven (HalfEven)
        ) u_step (
          .win_i      (win_i),
          .last_i     (last),
          .step_i     (step),
          .offset_i   (offset),
          .threshold_i(threshold),
          .top_i      (top),
          .addend_i   (sum_q[l*SumBits +: SumBits]),
          .spike_o    (spike_raw),
          .sum_i      (state_q[l*STATE_BITS +: AccBits]),
          .rem_i      (state_q[l*STATE_BITS+AccBits +: REM_BITS]),
          .sum_o      (state[l*STATE_BITS +: AccBits]),
          .rem_o      (state[l*STATE_BITS+AccBits +: REM_BITS])
        );
      end else begin : gen_rate
        fpsa_exact_rate_step #(
          .ActBits  (ActBits),
          .SumBits  (SumBits),
          .AccBits  (AccBits),
          .ThetaBits(ThetaBits),
          .Tops     (Tops),
          .HalfEven (HalfEven)
        ) u_step (
          .win_i      (win_i),
          .last_i     (last),
          .position_i (position),
          .offset_i   (offset),
          .threshold_i(threshold),
          .top_i      (top),
          .addend_i   (sum_q[l*SumBits +: SumBits]),
          .spike_o    (spike_raw),
          .sum_i      (state_q[l*STATE_BITS +: AccBits]),
          .rem_i      (state_q[l*STATE_BITS+AccBits +: REM_BITS]),
          .sum_o      (state[l*STATE_BITS +: AccBits]),
          .rem_o      (state[l*STATE_BITS+AccBits +: REM_BITS])
        );
      end

      // No result before a whole window has been summed: the memories then need no reset.
      assign spike[l] = spike_raw && full;
    end
  endgenerate

  // Staging: group 0 has moved down to bit 0 when the last group has come
  localparam STAGE_BITS = GROUPS * Lanes;

  reg  [STAGE_BITS-1:0] staged_q;
  reg  [Cols-1:0]       spike_q;
  wire [STAGE_BITS-1:0] staged;
  wire [Lanes-1:0]      unused_moved;

  assign {staged, unused_moved} = {spike, staged_q};
  assign spike_o = spike_q;

  always @(posedge clk_i) begin
    if (stepping_q) staged_q <= staged;
  end

  always @(posedge clk_i) begin
    if (!rst_ni) spike_q <= {Cols{1'b0}};
    else if (tick_i) spike_q <= staged_q[Cols-1:0];
  end

  generate
    if (Cols < 1 || Lanes < 1 || Lanes > Cols || Train < 0 || Train > 1) begin : gen_limits
      fpsa_neurons_exact_folded_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
