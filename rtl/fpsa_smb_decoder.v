// The way out: spike trains to samples on an AXI4-Stream.
//
// Stream      as fpsa_smb_encoder's: BeatLanes byte-padded lanes a beat, m_last_o on the final
//             one; padding bits and the lanes past the last one are zero.
// Buffers     Depth samples. ready_o falls only if the coming tick would complete one too many.
// Latency     the sample is on the stream in the cycle after its window's last tick, with
//             captured_o high for that one cycle.
// Handshake   live_i holds with its window. m_valid_o does not look at m_ready_i.
// Limits      Lanes, BeatLanes, ActBits, Depth >= 1; Train 0 binary, 1 rate.
module fpsa_smb_decoder #(
  parameter Lanes     = 16,
  parameter ActBits   = 6,
  parameter Train     = 0,
  parameter Depth     = 2,
  parameter BeatLanes = 4
) (
  // Clock
  input  wire                                  clk_i,
  input  wire                                  rst_ni,
  // Tick
  input  wire                                  tick_i,
  output wire                                  ready_o,
  // Spikes
  input  wire                                  win_i,
  input  wire                                  live_i,
  input  wire [Lanes-1:0]                      spike_i,
  // Samples
  output wire                                  m_valid_o,
  input  wire                                  m_ready_i,
  output wire [BeatLanes*((ActBits+7)/8)*8-1:0] m_data_o,
  output wire                                  m_last_o,
  // Count
  output wire                                  captured_o
);

  localparam PERIOD        = (Train == 0) ? ActBits : 1 << ActBits;
  localparam POSITION_BITS = (PERIOD > 1) ? $clog2(PERIOD) : 1;
  localparam LANE_BITS     = ((ActBits + 7) / 8) * 8;
  localparam BEATS         = (Lanes + BeatLanes - 1) / BeatLanes;
  localparam BEAT_BITS     = (BEATS > 1) ? $clog2(BEATS) : 1;
  localparam SLOT_BITS     = (Depth > 1) ? $clog2(Depth) : 1;

  // Trains
  wire [POSITION_BITS-1:0] unused_position;
  wire                     last;
  wire                     unused_open;
  wire                     unused_full;
  wire                     unused_win;
  wire [Lanes*ActBits-1:0] values;
  wire [Lanes*ActBits-1:0] unused_held;

  fpsa_window_tracker #(
    .Period(PERIOD)
  ) u_tracker (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .tick_i    (tick_i),
    .win_i     (win_i),
    .position_o(unused_position),
    .last_o    (last),
    .open_o    (unused_open),
    .full_o    (unused_full),
    .win_o     (unused_win)
  );

  fpsa_train_decoder #(
    .Lanes  (Lanes),
    .ActBits(ActBits),
    .Train  (Train)
  ) u_train (
    .clk_i   (clk_i),
    .tick_i  (tick_i),
    .win_i   (win_i),
    .spike_i (spike_i),
    .values_o(values),
    .held_o  (unused_held)
  );

  // Buffered samples
  wire                 full;
  wire [SLOT_BITS-1:0] write_slot;
  wire [SLOT_BITS-1:0] read_slot;
  wire                 complete = live_i && last;
  wire                 push     = tick_i && complete;
  wire                 pop      = m_valid_o && m_ready_i && m_last_o;

  reg [Lanes*ActBits-1:0] slot_q [0:Depth-1];
  reg                     captured_q;

  assign ready_o    = !(complete && full);
  assign captured_o = captured_q;

  fpsa_ring #(
    .Depth(Depth)
  ) u_ring (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .push_i      (push),
    .full_o      (full),
    .write_slot_o(write_slot),
    .pop_i       (pop),
    .valid_o     (m_valid_o),
    .read_slot_o (read_slot)
  );

  always @(posedge clk_i) begin
    if (push) slot_q[write_slot] <= values;
  end

  always @(posedge clk_i) begin
    captured_q <= rst_ni && push;
  end

  // Beats
  localparam [31:0]          LAST = BEATS - 1;
  localparam [BEAT_BITS-1:0] ONE  = 1;

  reg [BEAT_BITS-1:0] beat_q;

  wire [BEATS*BeatLanes*LANE_BITS-1:0] padded;
  wire [Lanes*ActBits-1:0]             sample = slot_q[read_slot];

  assign m_last_o = beat_q == LAST[BEAT_BITS-1:0];
  assign m_data_o = padded[beat_q*BeatLanes*LANE_BITS +: BeatLanes*LANE_BITS];

  genvar g, l;
  generate
    for (g = 0; g < BEATS * BeatLanes; g = g + 64) begin : gen_group
      for (l = g; l < BEATS * BeatLanes && l < g + 64; l = l + 1) begin : gen_lane
        wire unused_pad;

        if (l < Lanes) begin : gen_value
          assign {unused_pad, padded[l*LANE_BITS +: LANE_BITS]} =
              {{(LANE_BITS-ActBits+1){1'b0}}, sample[l*ActBits +: ActBits]};
        end else begin : gen_padding
          assign {unused_pad, padded[l*LANE_BITS +: LANE_BITS]} = {(LANE_BITS+1){1'b0}};
        end
      end
    end
  endgenerate

  always @(posedge clk_i) begin
    if (!rst_ni) beat_q <= {BEAT_BITS{1'b0}};
    else if (m_valid_o && m_ready_i) beat_q <= m_last_o ? {BEAT_BITS{1'b0}} : beat_q + ONE;
  end

  generate
    if (Lanes < 1 || BeatLanes < 1 || ActBits < 1 || Depth < 1 || Train < 0
        || Train > 1) begin : gen_limits
      fpsa_smb_decoder_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
