// Any function of a value: gathers the values of a window, shows them as indices, and plays what it
// is answered in the next window. The function itself, without registers, stands beside it.
//
// Index       {minus (SignedIn), magnitude of InBits bits} a channel. Signed values come and go as
// and value   two lanes, x+ in the lower half of the lanes and x- in the upper, of which one is
//             silent; values have OutBits bits and (SignedOut) minus above them.
// Train 0     binary: one shift register a channel, of max(InBits, OutBits) + 1 bits, holds what has
//             come of this window and what is left to say of the one before. The window's zeros that
//             lead both, it stands.
// Train 1     rate: a count and a value a channel.
// Latency     a window and a tick.
// Handshake   state changes only at tick_i. value_i answers index_o without delay and is taken at
//             the tick that begins the magnitudes' bits. Silent after reset until a whole window
//             has come. Bits of a binary value above InBits are not looked at, but those of x- are
//             zeros; a count ends at 2^InBits - 1.
// Widths      InLanes, OutLanes, IndexBits, ValueBits: derived, leave them alone.
// Limits      Channels, InBits, OutBits >= 1; WindowBits >= InBits, OutBits; Train, SignedIn,
//             SignedOut 0 or 1.
module fpsa_table #(
  parameter Channels   = 16,
  parameter Train      = 0,
  parameter WindowBits = 6,
  parameter InBits     = 6,
  parameter OutBits    = 6,
  parameter SignedIn   = 0,
  parameter SignedOut  = 0,
  parameter InLanes    = Channels * (1 + SignedIn),
  parameter OutLanes   = Channels * (1 + SignedOut),
  parameter IndexBits  = InBits + SignedIn,
  parameter ValueBits  = OutBits + SignedOut
) (
  // Clock
  input  wire                          clk_i,
  input  wire                          rst_ni,
  // Tick
  input  wire                          tick_i,
  input  wire                          win_i,
  // Spikes
  input  wire [InLanes-1:0]            spike_i,
  output wire [OutLanes-1:0]           spike_o,
  // The function
  output wire [Channels*IndexBits-1:0] index_o,
  input  wire [Channels*ValueBits-1:0] value_i
);

  localparam PERIOD   = (Train == 0) ? WindowBits : 1 << WindowBits;
  localparam POS_BITS = (PERIOD > 1) ? $clog2(PERIOD) : 1;
  localparam WORD     = (InBits > OutBits) ? InBits : OutBits;
  localparam [31:0] FIRST = (Train == 0) ? WindowBits - WORD : 0;

  wire [POS_BITS-1:0] position;
  wire                full;
  wire                unused_last;
  wire                unused_open;
  wire                unused_win;

  fpsa_window_tracker #(
    .Period(PERIOD)
  ) u_tracker (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .tick_i    (tick_i),
    .win_i     (win_i),
    .position_o(position),
    .last_o    (unused_last),
    .open_o    (unused_open),
    .full_o    (full),
    .win_o     (unused_win)
  );

  // Magnitudes and signs
  wire [Channels-1:0]         spike;      // of the coming tick
  wire [Channels*InBits-1:0]  gathered;   // of the window before, when it is asked for
  wire [Channels*OutBits-1:0] answer;
  wire [Channels-1:0]         play;
  wire                        take = position == FIRST[POS_BITS-1:0];

  genvar g, c;
  generate
    if (SignedIn != 0) begin : gen_signed_in
      reg  [Channels-1:0] minus_q;
      wire [Channels-1:0] minus = spike_i[Channels +: Channels];

      assign spike = spike_i[0 +: Channels] | minus;

      for (g = 0; g < Channels; g = g + 64) begin : gen_group
        for (c = g; c < Channels && c < g + 64; c = c + 1) begin : gen_channel
          assign index_o[c*IndexBits +: IndexBits] = {minus_q[c], gathered[c*InBits +: InBits]};
        end
      end

      always @(posedge clk_i) begin
        if (tick_i) minus_q <= minus | (take ? {Channels{1'b0}} : minus_q);
      end
    end else begin : gen_unsigned_in
      assign spike   = spike_i;
      assign index_o = gathered;
    end

    if (SignedOut != 0) begin : gen_signed_out
      reg  [Channels-1:0] minus_q;
      wire [Channels-1:0] minus;

      for (g = 0; g < Channels; g = g + 64) begin : gen_group
        for (c = g; c < Channels && c < g + 64; c = c + 1) begin : gen_channel
          assign {minus[c], answer[c*OutBits +: OutBits]} = value_i[c*ValueBits +: ValueBits];
        end
      end

      always @(posedge clk_i) begin
        if (tick_i && take) minus_q <= minus;
      end

      assign spike_o = {play & minus_q, play & ~minus_q};
    end else begin : gen_unsigned_out
      assign answer  = value_i;
      assign spike_o = play;
    end

    if (Train == 0) begin : gen_binary
      reg  [Channels*WORD-1:0] word_q;  // left to say, then come so far
      reg  [Channels-1:0]      play_q;
      wire [Channels*WORD-1:0] word;
      wire [Channels-1:0]      next;
      wire                     moves = {position, 1'b1} > {FIRST[POS_BITS-1:0], 1'b0};

      for (g = 0; g < Channels; g = g + 64) begin : gen_group
        for (c = g; c < Channels && c < g + 64; c = c + 1) begin : gen_channel
          wire [WORD:0] padded = {{(WORD+1-OutBits){1'b0}}, answer[c*OutBits +: OutBits]};
          wire          unused_pad = padded[WORD];
          wire [WORD-1:0] held = word_q[c*WORD +: WORD];

          assign gathered[c*InBits +: InBits] = held[InBits-1:0];
          assign {next[c], word[c*WORD +: WORD]} = {take ? padded[WORD-1:0] : held, spike[c]};
        end
      end

      assign play = play_q;

      always @(posedge clk_i) begin
        if (tick_i && moves) word_q <= word;
      end

      always @(posedge clk_i) begin
        if (!rst_ni) play_q <= {Channels{1'b0}};
        else if (tick_i) play_q <= next & {Channels{full && moves}};
      end
    end else begin : gen_rate
      reg  [Channels*OutBits-1:0] answer_q;
      reg                         full_q;
      wire [Channels*InBits-1:0]  unused_values;

      fpsa_train_decoder #(
        .Lanes  (Channels),
        .ActBits(InBits),
        .Train  (1)
      ) u_decoder (
        .clk_i   (clk_i),
        .tick_i  (tick_i),
        .win_i   (win_i),
        .spike_i (spike),
        .values_o(unused_values),
        .held_o  (gathered)
      );

      fpsa_train_player #(
        .Lanes     (Channels),
        .ActBits   (OutBits),
        .Train     (1),
        .WindowBits(WindowBits)
      ) u_player (
        .clk_i   (clk_i),
        .tick_i  (tick_i),
        .win_i   (win_i),
        .show_i  (full_q),
        .values_i(answer_q),
        .spike_o (play)
      );

      always @(posedge clk_i) begin
        if (tick_i && take) answer_q <= answer;
      end

      always @(posedge clk_i) begin
        if (!rst_ni) full_q <= 1'b0;
        else if (tick_i) full_q <= full;
      end
    end
  endgenerate

  generate
    if (Channels < 1 || InBits < 1 || OutBits < 1 || WindowBits < InBits || WindowBits < OutBits
        || Train < 0 || Train > 1 || SignedIn < 0 || SignedIn > 1 || SignedOut < 0
        || SignedOut > 1) begin : gen_limits
      fpsa_table_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
