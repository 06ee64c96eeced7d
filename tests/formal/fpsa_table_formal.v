// A channel of fpsa_table, whatever the function: it asks for the value of the window before, and what
// it is answered it plays in this one.
module fpsa_table_formal #(
  parameter Train      = 0,
  parameter WindowBits = 3,
  parameter InBits     = 2,
  parameter OutBits    = 2,
  parameter SignedIn   = 0,
  parameter SignedOut  = 0
) (
  input wire                         clk_i,
  input wire                         rst_ni,
  // Free
  input wire                         tick_i,
  input wire                         spike_i,
  input wire                         negative_i,
  input wire [OutBits+SignedOut-1:0] value_i
);

  localparam PERIOD    = (Train == 0) ? WindowBits : 1 << WindowBits;
  localparam TIME_BITS = (PERIOD > 1) ? $clog2(PERIOD) : 1;
  localparam WORD      = (InBits > OutBits) ? InBits : OutBits;
  localparam FIRST     = (Train == 0) ? WindowBits - WORD : 0;
  localparam LEAD      = (Train == 0) ? WindowBits - InBits : 0;

  reg                         started_q = 1'b0;
  reg                         negative_q;
  reg [WORD-1:0]              value_q;    // of the window so far
  reg                         minus_q;
  reg [WORD-1:0]              asked_q;    // of the window before
  reg                         asked_minus_q;
  reg                         answers_q;  // there was one
  reg [OutBits+SignedOut-1:0] answer_q;
  reg [1:0]                   shown_q;    // x-, x+
  reg                         shows_q;    // in a window that has an answer

  wire       win;
  wire       unused_live;
  wire [3:0] position;

  window_source #(
    .Period(PERIOD)
  ) u_windows (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .tick_i    (tick_i),
    .live_i    (1'b1),
    .win_o     (win),
    .live_o    (unused_live),
    .position_o(position)
  );

  // x+ and x-, of which one is silent; x- leads with zeros
  wire       negative = (SignedIn != 0) && (win ? negative_i : negative_q);
  wire       minus    = negative && spike_i && position >= LEAD;
  wire       spike    = minus || (!negative && spike_i);
  wire [1:0] lanes    = {minus, spike && !negative};

  wire [SignedOut:0]                 played;
  wire [InBits+SignedIn-1:0]         index;

  fpsa_table #(
    .Channels  (1),
    .Train     (Train),
    .WindowBits(WindowBits),
    .InBits    (InBits),
    .OutBits   (OutBits),
    .SignedIn  (SignedIn),
    .SignedOut (SignedOut)
  ) u_table (
    .clk_i  (clk_i),
    .rst_ni (rst_ni),
    .tick_i (tick_i),
    .win_i  (win),
    .spike_i(lanes[SignedIn:0]),
    .spike_o(played),
    .index_o(index),
    .value_i(value_i)
  );

  function [WORD-1:0] grown(input [WORD-1:0] value, input one);
    if (Train == 0) grown = 2 * value + one;
    else grown = (value == (1 << InBits) - 1) ? value : value + one;
  endfunction

  // The train of a magnitude at a tick of its window
  function plays(input [3:0] magnitude, input [3:0] at);
    reg [3:0] level;
    begin
      level = {at[0], at[1], at[2], at[3]} >> (4 - WindowBits);
      plays = (Train == 0) ? magnitude >> (WindowBits - 1 - at) : level < magnitude;
    end
  endfunction

  wire [WORD-1:0]              value  = grown(win ? {WORD{1'b0}} : value_q, spike);
  wire                         below  = minus || (!win && minus_q);
  wire                         take   = position == FIRST;
  wire [OutBits+SignedOut-1:0] answer = take ? value_i : answer_q;
  wire                         sign   = (SignedOut != 0) && answer[OutBits+SignedOut-1];
  wire                         one    = answers_q && position >= FIRST
                                        && plays(answer[OutBits-1:0], position);

  always @(posedge clk_i) begin
    started_q <= 1'b1;
    if (tick_i) begin
      negative_q <= negative;
      value_q    <= value;
      minus_q    <= below;
      answer_q   <= answer;
      shown_q    <= {one && sign, one && !sign};
      shows_q    <= answers_q;
      if (position == PERIOD - 1) begin
        asked_q       <= value;
        asked_minus_q <= below;
        answers_q     <= 1'b1;
      end
    end
    if (!rst_ni) begin
      answers_q <= 1'b0;
      shown_q   <= 2'b00;
      shows_q   <= 1'b0;
    end
  end

  always @(posedge clk_i) begin
    if (!started_q) assume (!rst_ni);
    else begin
      asks_exactly:  assert (!take || !answers_q
                             || (index[InBits-1:0] == asked_q[InBits-1:0]
                                 && (SignedIn == 0 || index[InBits+SignedIn-1] == asked_minus_q)));
      plays_exactly: assert (played == shown_q[SignedOut:0]);
      says:          cover (shown_q[SignedOut] && answers_q && asked_q == {InBits{1'b1}});
    end
  end

  // What holds in every state that can be reached
  (* hierconn *) wire [TIME_BITS-1:0] \u_table.u_tracker.next_q ;
  (* hierconn *) wire \u_table.u_tracker.open_q ;
  (* hierconn *) wire \u_table.u_tracker.full_q ;
  (* hierconn *) wire \u_table.gen_signed_in.minus_q ;
  (* hierconn *) wire \u_table.gen_signed_out.minus_q ;
  (* hierconn *) wire [WORD-1:0] \u_table.gen_binary.word_q ;
  (* hierconn *) wire [InBits-1:0] \u_table.gen_rate.u_decoder.values_q ;
  (* hierconn *) wire [OutBits-1:0] \u_table.gen_rate.answer_q ;
  (* hierconn *) wire \u_table.gen_rate.full_q ;
  (* hierconn *) wire [TIME_BITS-1:0] \u_table.gen_rate.u_player.time_q ;

  wire            gathers = position > FIRST;  // what was asked for is gone
  wire [3:0]      come    = position - FIRST;
  wire [WORD-1:0] ones    = ~({WORD{1'b1}} << come);
  wire [WORD-1:0] word    = (answer_q[OutBits-1:0] << come) | (value_q & ones);

  always @(posedge clk_i) begin
    if (started_q) begin
      place_agrees:  assert (position < PERIOD && \u_table.u_tracker.next_q == position);
      full_agrees:   assert (win ? \u_table.u_tracker.open_q == answers_q
                                 : \u_table.u_tracker.open_q
                                   && \u_table.u_tracker.full_q == answers_q);
      shows_follow:  assert (win ? !shows_q || answers_q : shows_q == answers_q);
      minus_agrees:  assert (SignedIn == 0 || (!gathers && !answers_q)
                             || \u_table.gen_signed_in.minus_q
                                == (gathers ? minus_q : asked_minus_q));
      leads_silent:  assert (win || !minus_q || position > LEAD);
      one_sign:      assert (win || !minus_q || negative_q);
      sign_agrees:   assert (SignedOut == 0 || (!gathers && !answers_q)
                             || \u_table.gen_signed_out.minus_q == answer_q[OutBits+SignedOut-1]);
      word_agrees:   assert (Train != 0 || (gathers ? \u_table.gen_binary.word_q == word
                                             : !answers_q || \u_table.gen_binary.word_q [InBits-1:0]
                                                             == asked_q[InBits-1:0]));
      count_agrees:  assert (Train == 0 || (!gathers && !answers_q)
                             || \u_table.gen_rate.u_decoder.values_q
                                == (gathers ? value_q[InBits-1:0] : asked_q[InBits-1:0]));
      answer_agrees: assert (Train == 0 || (!gathers && !answers_q)
                             || \u_table.gen_rate.answer_q == answer_q[OutBits-1:0]);
      count_fits:    assert (Train == 0 || !gathers || value_q < 1 << InBits);
      show_agrees:   assert (Train == 0 || \u_table.gen_rate.full_q == shows_q);
      time_agrees:   assert (Train == 0 || !shows_q || \u_table.gen_rate.u_player.time_q
                                                       == (win ? PERIOD : position) - 1);
    end
  end

endmodule
