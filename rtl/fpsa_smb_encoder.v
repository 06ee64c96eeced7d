// The way in: samples from an AXI4-Stream to spike trains.
//
// Stream      BeatLanes lanes a beat, lane 0 in the low bits, each padded to LANE_BYTES bytes;
//             ceil(Lanes / BeatLanes) beats a sample, s_last_i on its final one. Lanes past the
//             last one in the final beat are ignored. A value above 2^ActBits - 1 is clipped and
//             range_error_o pulses; a frame of the wrong length is dropped whole, frame_error_o
//             pulses, and reading resumes after the next s_last_i. ActBits are the window's: that
//             a lane's tensor holds fewer is not known here.
// Buffers     Depth samples besides the one being played.
// Latency     one tick: the sample taken at tick_i && win_i && live_i plays from the next tick on;
//             win_o and live_o are win_i and live_i one tick later.
// Handshake   sample_valid_o: a whole sample waits. live_i only with sample_valid_o. Without
//             live_i a window is silent. s_ready_o does not look at s_valid_i; it is low after a
//             clock in reset, so a source that is up earlier loses nothing.
// Limits      Lanes, BeatLanes, ActBits, Depth >= 1; Train 0 binary, 1 rate.
module fpsa_smb_encoder #(
  parameter Lanes     = 16,
  parameter ActBits   = 6,
  parameter Train     = 0,
  parameter Depth     = 1,
  parameter BeatLanes = 4
) (
  // Clock
  input  wire                                  clk_i,
  input  wire                                  rst_ni,
  // Samples
  input  wire                                  s_valid_i,
  output wire                                  s_ready_o,
  input  wire [BeatLanes*((ActBits+7)/8)*8-1:0] s_data_i,
  input  wire                                  s_last_i,
  // Tick
  input  wire                                  tick_i,
  input  wire                                  win_i,
  input  wire                                  live_i,
  output wire                                  sample_valid_o,
  // Spikes
  output wire                                  win_o,
  output wire                                  live_o,
  output wire [Lanes-1:0]                      spike_o,
  // Errors
  output wire                                  frame_error_o,
  output wire                                  range_error_o
);

  localparam LANE_BITS = ((ActBits + 7) / 8) * 8;
  localparam BEATS     = (Lanes + BeatLanes - 1) / BeatLanes;
  localparam BEAT_BITS = (BEATS > 1) ? $clog2(BEATS) : 1;
  localparam SLOT_BITS = (Depth > 1) ? $clog2(Depth) : 1;

  // Frames
  wire                 full;
  wire                 dropping;
  wire                 complete;
  wire [BEAT_BITS-1:0] beat_index;
  wire                 beat = s_valid_i && s_ready_o;
  wire                 fill = beat && !dropping;
  reg                  awake_q;

  assign s_ready_o = awake_q && (dropping || !full);

  always @(posedge clk_i) begin
    awake_q <= rst_ni;
  end

  fpsa_frame_check #(
    .Beats(BEATS)
  ) u_frame (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .beat_i    (beat),
    .last_i    (s_last_i),
    .index_o   (beat_index),
    .dropping_o(dropping),
    .complete_o(complete),
    .error_o   (frame_error_o)
  );

  // Values of a beat
  wire [BeatLanes*ActBits-1:0] beat_values;
  wire [BeatLanes-1:0]         clipped;
  wire [BEATS-1:0]             beat_clipped;

  // A final beat may carry fewer lanes than the others.
  wire unused_lanes = &{1'b0, beat_values, clipped};

  assign range_error_o = fill && |beat_clipped;

  genvar b, g, l;
  generate
    for (l = 0; l < BeatLanes; l = l + 1) begin : gen_lane
      fpsa_lane_clip #(
        .LaneBits(LANE_BITS),
        .ActBits (ActBits)
      ) u_clip (
        .lane_i   (s_data_i[l*LANE_BITS +: LANE_BITS]),
        .value_o  (beat_values[l*ActBits +: ActBits]),
        .clipped_o(clipped[l])
      );
    end
  endgenerate

  // Buffered samples and trains, beat by beat
  wire [SLOT_BITS-1:0] write_slot;
  wire [SLOT_BITS-1:0] read_slot;
  wire                 pop = tick_i && win_i && live_i;

  fpsa_ring #(
    .Depth(Depth)
  ) u_ring (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .push_i      (complete),
    .full_o      (full),
    .write_slot_o(write_slot),
    .pop_i       (pop),
    .valid_o     (sample_valid_o),
    .read_slot_o (read_slot)
  );

  generate
    for (g = 0; g < BEATS; g = g + 64) begin : gen_group
      for (b = g; b < BEATS && b < g + 64; b = b + 1) begin : gen_beat
        localparam [31:0] INDEX = b;
        localparam FIRST = b * BeatLanes;
        localparam COUNT = (Lanes - FIRST < BeatLanes) ? Lanes - FIRST : BeatLanes;

        wire here = beat_index == INDEX[BEAT_BITS-1:0];

        assign beat_clipped[b] = here && |clipped[COUNT-1:0];

        fpsa_encoder_beat #(
          .Lanes  (COUNT),
          .ActBits(ActBits),
          .Train  (Train),
          .Depth  (Depth)
        ) u_beat (
          .clk_i       (clk_i),
          .rst_ni      (rst_ni),
          .write_i     (fill && here),
          .write_slot_i(write_slot),
          .values_i    (beat_values[COUNT*ActBits-1:0]),
          .read_slot_i (read_slot),
          .tick_i      (tick_i),
          .win_i       (win_i),
          .live_i      (live_i),
          .spike_o     (spike_o[FIRST +: COUNT])
        );
      end
    end
  endgenerate

  // Window marks
  reg win_q;
  reg live_q;

  assign win_o  = win_q;
  assign live_o = live_q;

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      win_q  <= 1'b0;
      live_q <= 1'b0;
    end else if (tick_i) begin
      win_q <= win_i;
      if (win_i) live_q <= live_i;
    end
  end

  generate
    if (Lanes < 1 || BeatLanes < 1 || ActBits < 1 || Depth < 1 || Train < 0
        || Train > 1) begin : gen_limits
      fpsa_smb_encoder_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
