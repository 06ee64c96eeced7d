// fpsa_token_split against the beats of a frame that came and those that left for it: as many leave
// as a map has, the first as they came, in the clock in which they came, the others as zeros.
module fpsa_token_split_formal #(
  parameter Tokens = 3,
  parameter Beats  = 2
) (
  input wire       clk_i,
  input wire       rst_ni,
  input wire       valid_i,
  input wire [1:0] data_i,
  input wire       last_i,
  input wire       ready_i
);

  localparam MAP = Tokens * Beats;

  (* registered *) wire token_last;

  wire       ready;
  wire       valid;
  wire [1:0] data;
  wire       frame_error;

  fpsa_token_split #(
    .Tokens  (Tokens),
    .Beats   (Beats),
    .DataBits(2)
  ) u_split (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .s_valid_i    (valid_i),
    .s_ready_o    (ready),
    .s_data_i     (data_i),
    .s_last_i     (last_i),
    .m_valid_o    (valid),
    .m_ready_i    (ready_i),
    .m_data_o     (data),
    .m_last_o     (token_last),
    .frame_error_o(frame_error)
  );

  axi_stream_rules #(
    .DataBits(2),
    .Assume  (1)
  ) u_source (
    .clk_i  (clk_i),
    .rst_ni (rst_ni),
    .valid_i(valid_i),
    .ready_i(ready),
    .data_i (data_i),
    .last_i (last_i)
  );

  axi_stream_rules #(
    .DataBits(2)
  ) u_sink (
    .clk_i  (clk_i),
    .rst_ni (rst_ni),
    .valid_i(valid),
    .ready_i(ready_i),
    .data_i (data),
    .last_i (token_last)
  );

  // Of this frame: beats that came, MAP for as many or more; beats that left for it; whether its
  // last one came
  reg       started_q = 1'b0;
  reg       awake_q;
  reg [3:0] came_q;
  reg [3:0] left_q;
  reg       ended_q;

  wire       take  = valid_i && ready;
  wire       leave = valid && ready_i;
  wire       more  = came_q != MAP;
  wire       ended = ended_q || (take && last_i);
  wire [3:0] came  = came_q + (take && more);
  wire [3:0] left  = left_q + leave;
  wire       done  = ended && left == MAP;

  always @(posedge clk_i) begin
    started_q <= 1'b1;
    awake_q   <= rst_ni;
    came_q    <= (rst_ni && !done) ? came : 4'd0;
    left_q    <= (rst_ni && !done) ? left : 4'd0;
    ended_q   <= rst_ni && !done && ended;
  end

  // Whether a frame was short, or long
  reg was_short_q = 1'b0;
  reg was_long_q = 1'b0;

  always @(posedge clk_i) begin
    if (!started_q) assume (!rst_ni);
    else begin
      never_past_a_map:  assert (left <= MAP);
      passes_at_once:    assert (ended_q || leave == (take && more));
      beat_is_the_same:  assert (ended_q || !leave || data == data_i);
      zeros_fill:        assert (!ended_q || (valid && data == 2'd0));
      source_waits:      assert (!(ended_q && take));
      ready_looks_ahead: assert (ready == (awake_q && !ended_q && (ready_i || !more)));
      valid_looks_back:  assert (valid == (ended_q || (awake_q && valid_i && more)));
      token_is_whole:    assert (token_last == (left_q % Beats == Beats - 1));
      error_once:        assert (frame_error == (take && more && last_i != (came == MAP)));
      good_after_short:  cover (done && !ended_q && was_short_q && !was_long_q && came_q == MAP - 1);
      good_after_long:   cover (done && !ended_q && was_long_q && more);
    end
  end

  always @(posedge clk_i) begin
    was_short_q <= rst_ni && (was_short_q || (done && (ended_q || MAP == 1)));
    was_long_q  <= rst_ni && (was_long_q || (done && !more));
  end

  // What holds in every state that can be reached
  (* hierconn *) wire                \u_split.awake_q ;
  (* hierconn *) wire                \u_split.filling_q ;
  (* hierconn *) wire                \u_split.dropping_q ;
  (* hierconn *) wire [(Beats>2):0]  \u_split.u_beats.count_q ;
  (* hierconn *) wire [(Tokens>2):0] \u_split.u_tokens.count_q ;

  wire [3:0] place = \u_split.u_tokens.count_q * Beats + \u_split.u_beats.count_q ;

  always @(posedge clk_i) begin
    if (started_q) begin
      same_state: assert (\u_split.awake_q == awake_q && \u_split.filling_q == ended_q
                          && \u_split.dropping_q == !more);
      same_place: assert (place == (more ? left_q : 4'd0) && \u_split.u_beats.count_q < Beats
                          && \u_split.u_tokens.count_q < Tokens);
      in_step:    assert (came_q <= left_q && left_q <= MAP - ended_q && (ended_q || came_q == left_q));
    end
  end

endmodule
