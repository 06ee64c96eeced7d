// Two islands around one channel: the sequencer of either side, and between them fpsa_channel with
// fpsa_smb_planes, joined as a design joins them. Samples come when they like, units stall when they
// like; windows may be longer than the token's 2 planes on either side. Token number k carries
// bits_i[2k+1:2k] (modulo 8), the same in all cycles: whatever they are, the reader plays those of
// token 0, 1, 2, ... so none is lost, doubled, read before it is written, or written over one that
// is not read.
module fpsa_islands_formal #(
  parameter Depth     = 2,
  parameter WriteBits = 3,
  parameter ReadBits  = 2,
  parameter Lag       = 1   // ticks from the writer's start to its result
) (
  input wire        clk_i,
  input wire        rst_ni,
  input wire        sample_i,
  input wire        write_ready_i,
  input wire        read_ready_i,
  input wire [15:0] bits_i
);

  localparam ADDR_BITS = $clog2(Depth * 2);

  reg started_q = 1'b0;

  // Writer: starts with a sample and room, its result is Lag ticks late
  wire room;
  wire write_tick;
  wire write_start_win;
  wire write_start_live;
  wire fire;
  wire write_busy;
  wire write_win;
  wire write_live;

  fpsa_sequencer #(
    .Units (1),
    .Period(WriteBits),
    .Drain (WriteBits + Lag)
  ) u_writer (
    .clk_i         (clk_i),
    .rst_ni        (rst_ni),
    .ready_i       (write_ready_i),
    .tick_o        (write_tick),
    .win_o         (write_start_win),
    .live_o        (write_start_live),
    .sample_valid_i(sample_i && room),
    .sample_pop_o  (fire),
    .busy_o        (write_busy)
  );

  fpsa_window_delay #(
    .Ticks (Lag),
    .Period(WriteBits)
  ) u_lag (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .tick_i(write_tick),
    .win_i (write_start_win),
    .live_i(write_start_live),
    .win_o (write_win),
    .live_o(write_live)
  );

  // Reader: starts with a token
  wire valid;
  wire read_tick;
  wire read_start_win;
  wire read_start_live;
  wire take;
  wire read_busy;

  fpsa_sequencer #(
    .Units (1),
    .Period(ReadBits),
    .Drain (ReadBits + 1)
  ) u_reader (
    .clk_i         (clk_i),
    .rst_ni        (rst_ni),
    .ready_i       (read_ready_i),
    .tick_o        (read_tick),
    .win_o         (read_start_win),
    .live_o        (read_start_live),
    .sample_valid_i(valid),
    .sample_pop_o  (take),
    .busy_o        (read_busy)
  );

  // What the writer's units give: zeros, then the planes of the token
  reg  [2:0] write_position_q;
  reg  [2:0] write_token_q;
  wire [2:0] write_position = write_win ? 3'd0 : write_position_q;
  wire       write_plane    = write_position >= WriteBits - 2;
  wire [3:0] write_bit      = {write_token_q, write_position != WriteBits - 1};
  wire       write_spike    = write_live && write_plane && bits_i[write_bit];
  wire       write_last     = write_tick && write_live && write_position == WriteBits - 1;

  // The channel
  wire                 written;
  wire                 write_end;
  wire                 read_end;
  wire [ADDR_BITS-1:0] write_base;
  wire [ADDR_BITS-1:0] read_base;
  wire                 win;
  wire                 live;
  wire                 spike;

  fpsa_channel #(
    .Depth(Depth)
  ) u_channel (
    .clk_i    (clk_i),
    .rst_ni   (rst_ni),
    .reserve_i(1'b1),
    .room_o   (room),
    .fire_i   (fire),
    .write_i  (written),
    .need_i   (1'b1),
    .valid_o  (valid),
    .free_i   (read_end)
  );

  fpsa_walk #(
    .Words(Depth * 2),
    .Step (2)
  ) u_write (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .step_i(write_end),
    .base_o(write_base)
  );

  fpsa_walk #(
    .Words(Depth * 2),
    .Step (2)
  ) u_read (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .step_i(read_end),
    .base_o(read_base)
  );

  fpsa_smb_planes #(
    .Lanes    (1),
    .Depth    (Depth),
    .ActBits  (2),
    .WriteBits(WriteBits),
    .ReadBits (ReadBits)
  ) u_smb (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .write_tick_i (write_tick),
    .write_win_i  (write_win),
    .write_live_i (write_live),
    .write_first_i(1'b1),
    .write_done_i (1'b1),
    .write_base_i (write_base),
    .write_spike_i(write_spike),
    .write_end_o  (write_end),
    .written_o    (written),
    .read_tick_i  (read_tick),
    .read_win_i   (read_start_win),
    .read_live_i  (read_start_live),
    .read_base_i  (read_base),
    .read_end_o   (read_end),
    .read_win_o   (win),
    .read_live_o  (live),
    .read_spike_o (spike)
  );

  // Tokens since the reset, modulo 8: fired, written whole, taken, given back. Ticks of what the
  // reader shows.
  reg  [2:0] fired_q;
  reg  [2:0] taken_q;
  reg  [2:0] freed_q;
  reg  [2:0] shown_q;
  reg  [2:0] position_q;
  reg [15:0] bits_q;

  wire [2:0] used  = fired_q - freed_q;
  wire [2:0] held  = write_token_q - freed_q;
  wire [2:0] ahead = write_token_q - taken_q;
  wire       plane = position_q >= ReadBits - 2;
  wire [3:0] place = {shown_q, position_q != ReadBits - 1};

  always @(posedge clk_i) begin
    started_q <= 1'b1;
    bits_q    <= bits_i;
    if (write_tick) write_position_q <= write_position + 3'd1;
    if (take) shown_q <= taken_q;
    if (read_tick) position_q <= read_start_win ? 3'd0 : position_q + 3'd1;
    fired_q       <= rst_ni ? fired_q + fire : 3'd0;
    write_token_q <= rst_ni ? write_token_q + write_last : 3'd0;
    taken_q       <= rst_ni ? taken_q + take : 3'd0;
    freed_q       <= rst_ni ? freed_q + read_end : 3'd0;
  end

  always @(posedge clk_i) begin
    if (!started_q) assume (!rst_ni);
    else begin
      assume (bits_i == bits_q);
      room_is_reserved:  assert (used <= Depth && (!fire || used < Depth));
      written_with_room: assert (!write_last || held < used);
      taken_when_whole:  assert (!take || (ahead != 3'd0 && ahead <= Depth));
      token_is_exact:    assert (!live || spike == (plane && bits_i[place]));
      silent_between:    assert (live || !spike);
      wraps:             cover (taken_q > Depth && used == Depth && !room && sample_i);
      reader_waits:      cover (taken_q == Depth && !valid && !read_busy && write_busy);
    end
  end

endmodule
