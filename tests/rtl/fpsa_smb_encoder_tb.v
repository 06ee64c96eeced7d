// Good, short and long frames with values of all sizes, pauses, and windows that start whenever
// the sequencer would let them. The model queues the samples of good frames, clipped, and plays
// them by the rule of the train.
// verilator lint_off WIDTH
// verilator lint_off UNSIGNED
module fpsa_smb_encoder_tb #(
  parameter Lanes     = 7,
  parameter ActBits   = 6,
  parameter Train     = 0,
  parameter Depth     = 2,
  parameter BeatLanes = 3,
  parameter Seed      = 1,
  parameter Clocks    = 6000
);

`include "bench.vh"

  localparam LANE_BITS = ((ActBits + 7) / 8) * 8;
  localparam BEATS     = (Lanes + BeatLanes - 1) / BeatLanes;
  localparam PERIOD    = (Train == 0) ? ActBits : 1 << ActBits;
  localparam CEILING   = (1 << ActBits) - 1;

  reg                            s_valid = 0;
  wire                           s_ready;
  reg  [BeatLanes*LANE_BITS-1:0] s_data = 0;
  reg  [BeatLanes*LANE_BITS-1:0] drawn = 0;
  reg                            s_last = 0;
  reg                            tick = 0;
  reg                            win = 0;
  reg                            live = 0;
  wire                           sample_valid;
  wire                           win_out;
  wire                           live_out;
  wire [Lanes-1:0]               spikes;
  wire                           frame_error;
  wire                           range_error;

  fpsa_smb_encoder #(
    .Lanes    (Lanes),
    .ActBits  (ActBits),
    .Train    (Train),
    .Depth    (Depth),
    .BeatLanes(BeatLanes)
  ) u_dut (
    .clk_i         (clk),
    .rst_ni        (rst_n),
    .s_valid_i     (s_valid),
    .s_ready_o     (s_ready),
    .s_data_i      (s_data),
    .s_last_i      (s_last),
    .tick_i        (tick),
    .win_i         (win),
    .live_i        (live),
    .sample_valid_o(sample_valid),
    .win_o         (win_out),
    .live_o        (live_out),
    .spike_o       (spikes),
    .frame_error_o (frame_error),
    .range_error_o (range_error)
  );

  // Samples: queue[0] is the oldest; filling collects the beats of the current frame
  integer queue   [0:Depth*Lanes-1];
  integer filling [0:Lanes-1];
  integer playing [0:Lanes-1];
  integer queued = 0;
  integer length = 0;    // beats of the current frame so far
  integer target = 0;    // beats it will have, 0: not drawn
  integer silence = 0;   // ticks before the first window after a reset
  integer position = 0;  // of the coming tick
  integer played = -1;   // ticks of the window on spike_o so far
  reg     played_win = 0;
  reg     played_live = 0;
  reg     window_live = 0;
  reg     taken = 0;
  reg     awake = 0;     // no reset at the last clock
  reg     over;
  integer i, l, lane, value, eager, stalls, reversed;

  // In one piece: Verilator 5.006 does not see assignments to parts of it.
  task draw_beat;
    begin
      if (target == 0) target = chance(70) ? BEATS : 1 + below(2 * BEATS + 1);
      s_valid = chance(eager);
      s_last  = s_valid ? length + 1 == target : chance(50);
      for (l = 0; l < BeatLanes; l = l + 1) begin
        value = chance(90) ? below(CEILING + 1) : chance(50) ? random(0) : CEILING + chance(50);
        if (chance(10)) value = 1 << below(LANE_BITS);
        drawn[l*LANE_BITS +: LANE_BITS] = value;
      end
      s_data = drawn;
    end
  endtask

  // The beat's values: above the ceiling they are clipped. Lanes past the last are not looked at.
  task read_beat;
    begin
      over = 0;
      for (l = 0; l < BeatLanes; l = l + 1) begin
        lane  = length * BeatLanes + l;
        value = s_data[l*LANE_BITS +: LANE_BITS];
        if (length < BEATS && lane < Lanes) begin
          over          = over || value > CEILING;
          filling[lane] = value > CEILING ? CEILING : value;
        end
      end
    end
  endtask

  task check_stream;
    reg beat, due;
    begin
      expect_value("ready", s_ready, awake && (length >= BEATS || queued < Depth));
      expect_value("sample valid", sample_valid, queued > 0);
      beat = s_valid && s_ready;
      due  = length == BEATS - 1;
      read_beat;
      expect_value("frame error", frame_error, beat && length < BEATS && s_last != due);
      expect_value("range error", range_error, beat && over);
    end
  endtask

  function expected_spike(input integer of_lane);
    integer b;
    begin
      expected_spike = 0;
      if (played >= 0 && played < PERIOD) begin
        if (Train == 0) begin
          expected_spike = playing[of_lane] >> (ActBits - 1 - played);
        end else begin
          reversed = 0;
          for (b = 0; b < ActBits; b = b + 1)
            reversed = 2 * reversed + ((played >> b) & 1);
          expected_spike = reversed < playing[of_lane];
        end
      end
    end
  endfunction

  task check_spikes;
    begin
      expect_value("win", win_out, played_win);
      expect_value("live", live_out, played_live);
      for (l = 0; l < Lanes; l = l + 1) expect_value("spike", spikes[l], expected_spike(l));
    end
  endtask

  task move_stream;
    reg push;
    begin
      taken = s_valid && s_ready;
      push  = taken && s_last && length == BEATS - 1;
      if (tick && win && live) begin
        for (l = 0; l < Lanes; l = l + 1) playing[l] = queue[l];
        for (l = 0; l < (Depth - 1) * Lanes; l = l + 1) queue[l] = queue[l+Lanes];
        queued = queued - 1;
      end
      if (push) begin
        for (l = 0; l < Lanes; l = l + 1) queue[queued*Lanes+l] = filling[l];
        queued = queued + 1;
      end
      if (taken) length = s_last ? 0 : length + 1;
      if (taken && s_last) target = 0;
    end
  endtask

  task move_ticks;
    if (tick) begin
      if (win && !live) for (l = 0; l < Lanes; l = l + 1) playing[l] = 0;
      if (win || played >= 0) played = win ? 0 : played + 1;
      played_win = win;
      if (win) played_live = live;
      if (silence > 0) silence = silence - 1;
      else position = (position + 1) % PERIOD;
    end
  endtask

  task clear;
    begin
      queued      = 0;
      length      = 0;
      target      = 0;
      silence     = below(2 * PERIOD);
      position    = 0;
      window_live = 0;
      played      = -1;
      played_win  = 0;
      played_live = 0;
      taken       = 1;
    end
  endtask

  initial begin
    repeat (3) @(negedge clk);
    for (i = 0; i < Clocks; i = i + 1) begin
      @(negedge clk);
      if (i % 200 == 0) eager = 20 + below(81);
      if (i % 150 == 0) stalls = chance(30) ? 98 : below(60);
      rst_n = i > 0 && (i % 1000 != 999);
      if (!s_valid || taken) draw_beat;
      tick = !chance(stalls);
      win  = position == 0 && silence == 0;
      #1;
      if (win) window_live = sample_valid && chance(80);
      live = window_live;
      #1;
      if (i > 0) begin
        check_stream;
        check_spikes;
      end
      move_stream;
      move_ticks;
      if (!rst_n) clear;
      awake = rst_n;
    end
    pass;
  end

endmodule
