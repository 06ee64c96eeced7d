// fpsa_sequencer against ages: ticks since the window and since the latest sample began.
module fpsa_sequencer_formal #(
  parameter Units  = 2,
  parameter Period = 3,
  parameter Drain  = 5
) (
  input wire             clk_i,
  input wire             rst_ni,
  input wire [Units-1:0] ready_i,
  input wire             sample_valid_i
);

  wire tick;
  wire win;
  wire live;
  wire pop;
  wire busy;

  fpsa_sequencer #(
    .Units (Units),
    .Period(Period),
    .Drain (Drain)
  ) u_sequencer (
    .clk_i         (clk_i),
    .rst_ni        (rst_ni),
    .ready_i       (ready_i),
    .tick_o        (tick),
    .win_o         (win),
    .live_o        (live),
    .sample_valid_i(sample_valid_i),
    .sample_pop_o  (pop),
    .busy_o        (busy)
  );

  // Ticks given of the open window, 0 if none is open; ticks given since the latest sample was
  // taken, that one included, Drain if it has left
  reg       started_q = 1'b0;
  reg [7:0] given_q;
  reg [7:0] age_q;
  reg       live_q;
  reg       waits_q = 1'b0;

  wire idle = given_q == 8'd0 && age_q == Drain;

  always @(posedge clk_i) begin
    started_q <= 1'b1;
    waits_q   <= rst_ni && sample_valid_i && !pop;
    if (tick) begin
      given_q <= (given_q == Period - 1) ? 8'd0 : given_q + 8'd1;
      if (pop) age_q <= 8'd1;
      else if (age_q != Drain) age_q <= age_q + 8'd1;
      if (given_q == 8'd0) live_q <= pop;
    end
    if (!rst_ni) begin
      given_q <= 8'd0;
      age_q   <= Drain;
    end
  end

  always @(posedge clk_i) begin
    if (waits_q) assume (sample_valid_i);
    if (!started_q) assume (!rst_ni);
    else begin
      tick_needs_ready:  assert (!tick || &ready_i);
      ready_gives_tick:  assert (tick || !busy || !(&ready_i));
      no_idle_tick:      assert (!tick || !idle || sample_valid_i);
      period_exact:      assert (win == (given_q == 8'd0));
      pop_needs_sample:  assert (!pop || sample_valid_i);
      pop_opens_window:  assert (pop == (tick && win && sample_valid_i));
      live_with_sample:  assert (!win || live == sample_valid_i);
      live_holds:        assert (win || live == live_q);
      busy_until_drained: assert (busy == (!idle || sample_valid_i));
    end
  end

  // What holds in every state that can be reached
  localparam POSITION_BITS = (Period > 1) ? $clog2(Period) : 1;

  (* hierconn *) wire [POSITION_BITS-1:0]      \u_sequencer.position_q ;
  (* hierconn *) wire [$clog2(Drain+1)-1:0] \u_sequencer.drain_q ;

  always @(posedge clk_i) begin
    if (started_q) begin
      ages_are_legal:  assert (given_q < Period && age_q >= 8'd1 && age_q <= Drain);
      position_is_age: assert (\u_sequencer.position_q == given_q);
      drain_is_age:    assert (\u_sequencer.drain_q == Drain - age_q);
    end
  end

  // A bubble behind a sample, two samples in a row, rest after work
  reg [1:0] samples_q = 2'd0;

  always @(posedge clk_i) begin
    if (!rst_ni) samples_q <= 2'd0;
    else if (tick && win) samples_q <= sample_valid_i ? samples_q + 2'd1 : 2'd0;
    if (started_q) begin
      if (Drain > Period) bubble: cover (tick && win && !sample_valid_i);
      two_in_a_row: cover (samples_q == 2'd2 && tick);
      rest:         cover (idle && !busy && rst_ni && live_q);
    end
  end

endmodule
