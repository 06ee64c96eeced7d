// fpsa_smb_decoder: 3 lanes of 2 bits, 2 lanes a beat, 2 buffers. Each live window leaves as one
// sample, whole and in order.
module fpsa_smb_decoder_formal #(
  parameter Train = 0
) (
  input wire       clk_i,
  input wire       rst_ni,
  input wire       tick_i,
  input wire       live_i,
  input wire [2:0] spike_i,
  input wire       ready_i
);

  localparam PERIOD = (Train == 0) ? 2 : 4;

  (* registered *) wire        valid;
  (* registered *) wire [15:0] data;
  (* registered *) wire        is_last;
  (* registered *) wire        captured;

  wire       win;
  wire       live;
  wire       ready;
  wire [3:0] position;
  wire       tick = tick_i && ready;

  window_source #(
    .Period(PERIOD)
  ) u_windows (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .tick_i    (tick),
    .live_i    (live_i),
    .win_o     (win),
    .live_o    (live),
    .position_o(position)
  );

  fpsa_smb_decoder #(
    .Lanes    (3),
    .ActBits  (2),
    .Train    (Train),
    .Depth    (2),
    .BeatLanes(2)
  ) u_decoder (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .tick_i    (tick),
    .ready_o   (ready),
    .win_i     (win),
    .live_i    (live),
    .spike_i   (spike_i),
    .m_valid_o (valid),
    .m_ready_i (ready_i),
    .m_data_o  (data),
    .m_last_o  (is_last),
    .captured_o(captured)
  );

  axi_stream_rules #(
    .DataBits(16)
  ) u_rules (
    .clk_i  (clk_i),
    .rst_ni (rst_ni),
    .valid_i(valid),
    .ready_i(ready_i),
    .data_i (data),
    .last_i (is_last)
  );

  // The window's value so far, by lane, and with the coming tick
  function [1:0] grown(input first, input [1:0] value, input spike);
    reg [2:0] sum;
    begin
      sum   = (first ? 3'd0 : (Train == 0) ? 2 * value : value) + spike;
      grown = (Train == 1 && sum > 3'd3) ? 2'd3 : sum;
    end
  endfunction

  reg  [5:0] values_q;
  wire [5:0] values = {grown(win, values_q[5:4], spike_i[2]), grown(win, values_q[3:2], spike_i[1]),
                       grown(win, values_q[1:0], spike_i[0])};

  // Samples that wait, oldest first, and beats of the oldest that have left
  reg       started_q = 1'b0;
  reg       push_q = 1'b0;
  reg [5:0] first_q;
  reg [5:0] second_q;
  reg [1:0] count_q;
  reg       beat_q;

  wire push = tick && live && position == PERIOD - 1;
  wire pop  = valid && ready_i && beat_q;

  always @(posedge clk_i) begin
    started_q <= 1'b1;
    push_q    <= rst_ni && push;
    if (tick) values_q <= values;
    if (pop) first_q <= second_q;
    if (push && count_q == pop) first_q <= values;
    if (push && count_q != pop) second_q <= values;
    count_q <= rst_ni ? count_q + push - pop : 2'd0;
    if (valid && ready_i) beat_q <= !beat_q;
    if (!rst_ni) beat_q <= 1'b0;
  end

  wire [15:0] beat = beat_q ? {14'd0, first_q[5:4]} : {6'd0, first_q[3:2], 6'd0, first_q[1:0]};

  always @(posedge clk_i) begin
    if (!started_q) assume (!rst_ni);
    else begin
      valid_with_sample: assert (valid == (count_q != 2'd0));
      sample_is_exact:   assert (!valid || data == beat);
      last_ends_sample:  assert (!valid || is_last == beat_q);
      room_or_wait:      assert (ready == !(live && position == PERIOD - 1 && count_q == 2'd2));
      captured_once:     assert (captured == push_q);
      third_waits:       cover (!ready && count_q == 2'd2 && ready_i && is_last);
    end
  end

  // What holds in every state that can be reached
  (* hierconn *) wire [1:0] \u_decoder.u_ring.count_q ;
  (* hierconn *) wire       \u_decoder.u_ring.write_q ;
  (* hierconn *) wire       \u_decoder.u_ring.read_q ;
  (* hierconn *) wire [5:0] \u_decoder.slot_q[0] ;
  (* hierconn *) wire [5:0] \u_decoder.slot_q[1] ;
  (* hierconn *) wire       \u_decoder.beat_q ;
  (* hierconn *) wire [5:0] \u_decoder.u_train.values_q ;
  (* hierconn *) wire [(PERIOD>2):0] \u_decoder.u_tracker.next_q ;

  wire       turned = \u_decoder.u_ring.read_q ;
  wire [5:0] oldest = turned ? \u_decoder.slot_q[1] : \u_decoder.slot_q[0] ;
  wire [5:0] other  = turned ? \u_decoder.slot_q[0] : \u_decoder.slot_q[1] ;

  always @(posedge clk_i) begin
    if (started_q) begin
      same_count:  assert (count_q <= 2'd2 && count_q == \u_decoder.u_ring.count_q );
      same_turn:   assert (\u_decoder.u_ring.write_q == (turned ^ count_q[0]));
      same_first:  assert (count_q == 2'd0 || oldest == first_q);
      same_second: assert (count_q != 2'd2 || other == second_q);
      same_beat:   assert (beat_q == \u_decoder.beat_q && (!beat_q || count_q != 2'd0));
      same_place:  assert (\u_decoder.u_tracker.next_q == position && position < PERIOD);
      same_values: assert (win || values_q == \u_decoder.u_train.values_q );
    end
  end

endmodule
