// What a channel with its memory owes: a queue of tokens of 2 lanes of 2 bits. Drives both sides as
// islands do: the writer reserves only with room, and its windows come some time after; the reader
// takes only what is there. Both play windows one after the other, live or not.
module smb_model #(
  parameter Depth      = 3,
  parameter WriteTrain = 0,  // 0 binary, 1 rate, 2 words
  parameter ReadTrain  = 0,
  parameter WriteBits  = 2,
  parameter ReadBits   = 2,
  parameter Mode       = 0,
  parameter Late       = 0,  // written a cycle after the last tick
  parameter Early      = 0   // needed to a window's first tick, not to its last
) (
  input  wire       clk_i,
  input  wire       rst_ni,
  // Free
  input  wire       fire_i,
  input  wire       write_tick_i,
  input  wire       write_live_i,
  input  wire       first_i,
  input  wire       done_i,
  input  wire [3:0] write_bus_i,
  input  wire       read_tick_i,
  input  wire       read_live_i,
  // The device's answers
  input  wire       room_i,
  input  wire       valid_i,
  input  wire       win_i,
  input  wire       live_i,
  input  wire [3:0] read_bus_i,
  // What both sides do
  output wire       fire_o,
  output wire       write_tick_o,
  output wire       write_win_o,
  output wire       write_live_o,
  output wire       first_o,
  output wire       done_o,
  output wire [3:0] write_bus_o,
  output wire       read_tick_o,
  output wire       read_win_o,
  output wire       read_live_o,
  // State, for lemmas
  output wire       started_o,
  output wire [3:0] used_o,
  output wire [3:0] held_o,
  output wire       late_o,
  output wire       open_o,
  output wire [3:0] write_position_o,
  output wire [3:0] read_position_o,
  output wire [3:0] value_o,          // of the ticks of the window so far
  output wire [3:0] token_o,          // of the windows of the token so far
  output wire [3*4-1:0] queue_o,      // oldest lowest
  output wire [3:0] shown_o,
  output wire [3:0] shown_time_o
);

  localparam WRITE_PERIOD = (WriteTrain == 2) ? 1 : (WriteTrain == 0) ? WriteBits : 1 << WriteBits;
  localparam READ_PERIOD  = (ReadTrain == 2) ? 1 : (ReadTrain == 0) ? ReadBits : 1 << ReadBits;

  reg       started_q = 1'b0;
  reg [3:0] pending_q;
  reg [3:0] held_q;
  reg       open_q;
  reg       late_q;
  reg       busy_q;
  reg       first_q;
  reg       done_q;
  reg [3:0] value_q;
  reg [3:0] token_q;
  reg [3:0] queue0_q, queue1_q, queue2_q;
  reg [3:0] shown_q;
  reg [3:0] shown_time_q;
  reg       shown_win_q;
  reg       shown_live_q;

  wire [3:0] used = pending_q + open_q + late_q + held_q;

  // Both sides' windows
  window_source #(
    .Period(WRITE_PERIOD)
  ) u_write (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .tick_i    (write_tick_o),
    .live_i    (write_live_i && (open_q || pending_q != 4'd0)),
    .win_o     (write_win_o),
    .live_o    (write_live_o),
    .position_o(write_position_o)
  );

  window_source #(
    .Period(READ_PERIOD)
  ) u_read (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .tick_i    (read_tick_o),
    .live_i    (read_live_i && valid_i),
    .win_o     (read_win_o),
    .live_o    (read_live_o),
    .position_o(read_position_o)
  );

  // A binary window carries 2 bits, behind zeros; words that merge wait for each other.
  wire lead = WriteTrain == 0 && write_position_o < WriteBits - 2;

  assign fire_o       = fire_i && room_i;
  assign write_tick_o = write_tick_i && !(WriteTrain == 2 && Mode != 0 && busy_q);
  assign read_tick_o  = read_tick_i;
  assign first_o      = (Mode == 0) || (write_win_o ? first_i || !open_q : first_q);
  assign done_o       = (Mode == 0) || (write_win_o ? done_i : done_q);
  assign write_bus_o  = lead ? 4'd0 : write_bus_i;

  // The rules of trains and of merging, a lane
  function [1:0] grown(input first, input [1:0] value, input spike);
    reg [2:0] sum;
    begin
      sum   = (first ? 3'd0 : (WriteTrain == 0) ? 2 * value : value) + spike;
      grown = (WriteTrain == 1 && sum > 3'd3) ? 2'd3 : sum;
    end
  endfunction

  function [1:0] merged(input store, input [1:0] old, input [1:0] fresh);
    reg [2:0] sum;
    begin
      sum    = old + fresh;
      merged = fresh;
      if (!store && Mode == 1 && old > fresh) merged = old;
      if (!store && Mode == 2) merged = (sum > 3'd3) ? 2'd3 : sum;
    end
  endfunction

  function played(input [1:0] value, input [3:0] at);
    reg [3:0] level;
    begin
      level  = (ReadBits == 2) ? {2'b00, at[0], at[1]} : {1'b0, at[0], at[1], at[2]};
      played = (ReadTrain == 0) ? (at + 2 >= ReadBits) && value[ReadBits-1-at] : level < value;
    end
  endfunction

  wire [3:0] value = (WriteTrain == 2) ? write_bus_o
                   : {grown(write_win_o, value_q[3:2], write_bus_o[1]),
                      grown(write_win_o, value_q[1:0], write_bus_o[0])};
  wire [3:0] token = {merged(first_o, token_q[3:2], value[3:2]),
                      merged(first_o, token_q[1:0], value[1:0])};

  wire begins = write_tick_o && write_win_o && write_live_o && !open_q;
  wire ends   = write_tick_o && write_live_o && write_position_o == WRITE_PERIOD - 1;
  wire whole  = ends && done_o;
  wire push   = Late ? late_q : whole;
  wire take   = read_tick_o && read_win_o && read_live_o;
  wire pop    = read_tick_o && read_live_o
                && read_position_o == (Early ? 4'd0 : READ_PERIOD - 1);
  wire [3:0] pushed = Late ? token_q : token;
  wire [3:0] at     = held_q - pop;

  always @(posedge clk_i) begin
    started_q <= 1'b1;
    pending_q <= rst_ni ? pending_q + fire_o - begins : 4'd0;
    open_q    <= rst_ni && (open_q || begins) && !whole;
    late_q    <= rst_ni && Late && whole;
    busy_q    <= rst_ni && ends;
    held_q    <= rst_ni ? held_q + push - pop : 4'd0;
    if (write_tick_o) begin
      value_q <= value;
      first_q <= first_o;
      done_q  <= done_o;
    end
    if (ends) token_q <= token;
    queue0_q <= (push && at == 0) ? pushed : pop ? queue1_q : queue0_q;
    queue1_q <= (push && at == 1) ? pushed : pop ? queue2_q : queue1_q;
    if (push && at == 2) queue2_q <= pushed;
    if (take) shown_q <= queue0_q;
    if (read_tick_o) begin
      shown_win_q  <= read_win_o;
      shown_live_q <= read_live_o;
      shown_time_q <= read_position_o;
    end
    if (!rst_ni) begin
      shown_win_q  <= 1'b0;
      shown_live_q <= 1'b0;
    end
  end

  // Rules
  always @(posedge clk_i) begin
    if (!started_q) assume (!rst_ni);
    else begin
      room_is_true:  assert (room_i == (used < Depth));
      valid_is_true: assert (valid_i == (held_q != 4'd0));
      marks_follow:  assert (win_i == shown_win_q && live_i == shown_live_q);
      if (ReadTrain == 2) word_is_exact: assert (!shown_live_q || read_bus_i == shown_q);
      else
        train_is_exact: assert (read_bus_i[1:0]
                                == ({2{shown_live_q}} & {played(shown_q[3:2], shown_time_q),
                                                         played(shown_q[1:0], shown_time_q)}));
      fills:         cover (used == Depth && held_q != 4'd0 && shown_live_q && read_tick_o);
    end
  end

  // What holds in every state that can be reached
  always @(posedge clk_i) begin
    if (started_q) begin
      counts_are_small: assert (pending_q <= Depth && held_q <= Depth && used <= Depth);
      places_exist:     assert (write_position_o < WRITE_PERIOD && read_position_o < READ_PERIOD);
      writes_open:      assert (write_win_o || !write_live_o || open_q);
      reads_held:       assert (read_win_o || !read_live_o || Early || held_q != 4'd0);
    end
  end

  assign started_o    = started_q;
  assign used_o       = used;
  assign held_o       = held_q;
  assign late_o       = late_q;
  assign open_o       = open_q;
  assign value_o      = value_q;
  assign token_o      = token_q;
  assign queue_o      = {queue2_q, queue1_q, queue0_q};
  assign shown_o      = shown_q;
  assign shown_time_o = shown_time_q;

endmodule
