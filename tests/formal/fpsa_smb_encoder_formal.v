// fpsa_smb_encoder: 3 lanes of 2 bits, 2 lanes a beat, 2 buffers. Each good frame, clipped, plays
// in the order of arrival; bad ones leave a pulse and nothing else.
module fpsa_smb_encoder_formal #(
  parameter Train = 0
) (
  input wire        clk_i,
  input wire        rst_ni,
  input wire        valid_i,
  input wire [15:0] data_i,
  input wire        last_i,
  input wire        tick_i,
  input wire        live_i
);

  localparam PERIOD = (Train == 0) ? 2 : 4;

  (* registered *) wire ready;
  (* registered *) wire waits;

  wire       win;
  wire       live;
  wire [3:0] position;
  wire       win_o;
  wire       live_o;
  wire [2:0] spike;
  wire       frame_error;
  wire       range_error;

  window_source #(
    .Period(PERIOD)
  ) u_windows (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .tick_i    (tick_i),
    .live_i    (live_i && waits),
    .win_o     (win),
    .live_o    (live),
    .position_o(position)
  );

  fpsa_smb_encoder #(
    .Lanes    (3),
    .ActBits  (2),
    .Train    (Train),
    .Depth    (2),
    .BeatLanes(2)
  ) u_encoder (
    .clk_i         (clk_i),
    .rst_ni        (rst_ni),
    .s_valid_i     (valid_i),
    .s_ready_o     (ready),
    .s_data_i      (data_i),
    .s_last_i      (last_i),
    .tick_i        (tick_i),
    .win_i         (win),
    .live_i        (live),
    .sample_valid_o(waits),
    .win_o         (win_o),
    .live_o        (live_o),
    .spike_o       (spike),
    .frame_error_o (frame_error),
    .range_error_o (range_error)
  );

  // Frames: beats of this one so far, 2 for as many or more; the values of its first beat
  reg  [1:0] length_q;
  wire       beat  = valid_i && ready;
  wire [1:0] low   = (data_i[7:0] > 8'd3) ? 2'd3 : data_i[1:0];
  wire [1:0] high  = (data_i[15:8] > 8'd3) ? 2'd3 : data_i[9:8];
  wire       ranged = data_i[7:0] > 8'd3 || (length_q == 2'd0 && data_i[15:8] > 8'd3);
  wire       good  = beat && last_i && length_q == 2'd1;
  wire       bad   = beat && ((last_i && length_q == 2'd0) || (!last_i && length_q == 2'd1));

  reg [3:0] head_q;

  always @(posedge clk_i) begin
    if (beat) length_q <= last_i ? 2'd0 : (length_q == 2'd2) ? 2'd2 : length_q + 2'd1;
    if (beat && length_q == 2'd0) head_q <= {high, low};
    if (!rst_ni) length_q <= 2'd0;
  end

  // Samples that wait, oldest first, and the one that plays
  reg       started_q = 1'b0;
  reg       awake_q;
  reg [5:0] first_q;
  reg [5:0] second_q;
  reg [1:0] count_q;
  reg [5:0] plays_q;
  reg       win_q;
  reg       live_q;

  wire [5:0] sample = {low, head_q};
  wire       pop    = tick_i && win && live;

  always @(posedge clk_i) begin
    started_q <= 1'b1;
    awake_q   <= rst_ni;
    if (pop) first_q <= second_q;
    if (good && count_q == pop) first_q <= sample;
    if (good && count_q != pop) second_q <= sample;
    count_q <= rst_ni ? count_q + good - pop : 2'd0;
    if (tick_i) begin
      win_q <= win;
      if (win) live_q <= live;
      if (win) plays_q <= live ? first_q : 6'd0;
    end
    if (!rst_ni) {win_q, live_q, plays_q} <= 8'd0;
  end

  // The spike of a value at the tick that was given last: position - 1
  wire [1:0] played = (position == 4'd0) ? PERIOD - 1 : position - 4'd1;

  function spikes(input [1:0] value, input [1:0] at);
    spikes = (Train == 0) ? (at == 2'd0 ? value[1] : value[0]) : {at[0], at[1]} < value;
  endfunction

  always @(posedge clk_i) begin
    if (!started_q) assume (!rst_ni);
    else begin
      ready_with_room:   assert (ready == (awake_q && (count_q != 2'd2 || length_q == 2'd2)));
      waits_with_sample: assert (waits == (count_q != 2'd0));
      marks_a_tick_late: assert (win_o == win_q && live_o == live_q);
      bad_frame_pulses:  assert (frame_error == bad);
      range_pulses:      assert (range_error == (beat && length_q != 2'd2 && ranged));
      train_is_exact:    assert (spike == {spikes(plays_q[5:4], played), spikes(plays_q[3:2], played),
                                           spikes(plays_q[1:0], played)});
      plays_second:      cover (live_o && win_o && count_q == 2'd2 && plays_q == 6'b100111);
      late_dropped:      cover (count_q == 2'd1 && length_q == 2'd2 && beat && last_i);
    end
  end

  // What holds in every state that can be reached
  (* hierconn *) wire [1:0] \u_encoder.u_ring.count_q ;
  (* hierconn *) wire       \u_encoder.u_ring.write_q ;
  (* hierconn *) wire       \u_encoder.u_ring.read_q ;
  (* hierconn *) wire       \u_encoder.u_frame.index_q ;
  (* hierconn *) wire       \u_encoder.u_frame.dropping_q ;
  (* hierconn *) wire [3:0] \u_encoder.gen_group[0].gen_beat[0].u_beat.slot_q[0] ;
  (* hierconn *) wire [3:0] \u_encoder.gen_group[0].gen_beat[0].u_beat.slot_q[1] ;
  (* hierconn *) wire [1:0] \u_encoder.gen_group[0].gen_beat[1].u_beat.slot_q[0] ;
  (* hierconn *) wire [1:0] \u_encoder.gen_group[0].gen_beat[1].u_beat.slot_q[1] ;
  (* hierconn *) wire [3:0] \u_encoder.gen_group[0].gen_beat[0].u_beat.u_train.values_q ;
  (* hierconn *) wire [1:0] \u_encoder.gen_group[0].gen_beat[1].u_beat.u_train.values_q ;
  (* hierconn *) wire [1:0] \u_encoder.gen_group[0].gen_beat[0].u_beat.u_train.gen_rate.time_q ;
  (* hierconn *) wire [1:0] \u_encoder.gen_group[0].gen_beat[1].u_beat.u_train.gen_rate.time_q ;

  wire       turned = \u_encoder.u_ring.read_q ;
  wire       filled = \u_encoder.u_ring.write_q ;
  wire [5:0] slot_a = {\u_encoder.gen_group[0].gen_beat[1].u_beat.slot_q[0] , \u_encoder.gen_group[0].gen_beat[0].u_beat.slot_q[0] };
  wire [5:0] slot_b = {\u_encoder.gen_group[0].gen_beat[1].u_beat.slot_q[1] , \u_encoder.gen_group[0].gen_beat[0].u_beat.slot_q[1] };
  wire [5:0] oldest = turned ? slot_b : slot_a;
  wire [5:0] other  = turned ? slot_a : slot_b;
  wire [3:0] head   = filled ? slot_b[3:0] : slot_a[3:0];
  wire [5:0] state  = {\u_encoder.gen_group[0].gen_beat[1].u_beat.u_train.values_q ,
                       \u_encoder.gen_group[0].gen_beat[0].u_beat.u_train.values_q };

  always @(posedge clk_i) begin
    if (started_q) begin
      same_count:  assert (count_q <= 2'd2 && count_q == \u_encoder.u_ring.count_q );
      same_turn:   assert (filled == (turned ^ count_q[0]));
      same_length: assert (length_q <= 2'd2 && \u_encoder.u_frame.index_q == (length_q == 2'd1)
                           && \u_encoder.u_frame.dropping_q == (length_q == 2'd2));
      same_head:   assert (length_q != 2'd1 || count_q == 2'd2 || head == head_q);
      same_first:  assert (count_q == 2'd0 || oldest == first_q);
      same_second: assert (count_q != 2'd2 || other == second_q);
      full_between: assert (count_q != 2'd2 || length_q != 2'd1);
      place_legal: assert (position < PERIOD);
      if (Train == 0)
        same_state: assert (state == (played == 2'd0 ? plays_q : {plays_q[4], 1'b0, plays_q[2], 1'b0,
                                                                   plays_q[0], 1'b0}));
    end
  end

  generate
    if (Train == 1) begin : gen_rate
      always @(posedge clk_i)
        if (started_q) begin
          same_values: assert (state == plays_q);
          same_time: assert (plays_q == 6'd0
                             || \u_encoder.gen_group[0].gen_beat[0].u_beat.u_train.gen_rate.time_q == played
                                && \u_encoder.gen_group[0].gen_beat[1].u_beat.u_train.gen_rate.time_q == played);
        end
    end
  endgenerate

endmodule
