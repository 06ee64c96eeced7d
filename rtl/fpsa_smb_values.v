// Spiking memory block that holds values, one token a word: for rate trains, for words, and for
// sums. Binary trains on both sides need none of it: fpsa_smb_planes.
//
// Train       of either side: 0 binary, 1 rate, 2 words. A word is a window of one tick whose bus
//             carries ActBits bits a lane. Windows of binary trains have WriteBits or ReadBits
//             ticks, those of rate trains 2^WriteBits or 2^ReadBits; a value is at most
//             2^ActBits - 1, and more spikes count as that.
// Write side  a live window's values go to write_base_i a cycle after its last tick. Mode 0 stores;
//             1 keeps the larger of old and new value (pooling); 2 keeps their sum, at most
//             2^ActBits - 1 (residual). write_first_i stores whatever the mode: the first window of
//             a token, since memory has no reset. write_done_i: its last one.
// Read side   a live window plays the values at read_base_i; other windows' trains are silent, and
//             words keep what they were.
// Latency     read: one tick, win_o and live_o too. Write: a cycle after the last tick.
// Handshake   state changes only at the side's own ticks; base, live, first and done hold with a
//             window. write_end_o: this cycle's tick is the last of a token; written_o: it is in
//             memory when the coming clock edge has passed. read_end_o: this cycle's tick takes the
//             token, which is not needed any more. None is read before it is written, nor written
//             while it may be read. Words that merge have a cycle without a tick between them.
// Widths      AddrBits, WriteWidth, ReadWidth: derived, leave them alone.
// Limits      Lanes, Depth, ActBits >= 1; WriteBits, ReadBits >= ActBits; trains 0..2; Mode 0..2,
//             not 1 or 2 with binary windows of one tick.
module fpsa_smb_values #(
  parameter Lanes      = 16,
  parameter Depth      = 4,
  parameter ActBits    = 6,
  parameter WriteTrain = 1,
  parameter ReadTrain  = 1,
  parameter WriteBits  = ActBits,
  parameter ReadBits   = ActBits,
  parameter Mode       = 0,
  parameter AddrBits   = (Depth > 1) ? $clog2(Depth) : 1,
  parameter WriteWidth = (WriteTrain == 2) ? Lanes * ActBits : Lanes,
  parameter ReadWidth  = (ReadTrain == 2) ? Lanes * ActBits : Lanes
) (
  // Clock
  input  wire                  clk_i,
  input  wire                  rst_ni,
  // Write side
  input  wire                  write_tick_i,
  input  wire                  write_win_i,
  input  wire                  write_live_i,
  input  wire                  write_first_i,
  input  wire                  write_done_i,
  input  wire [AddrBits-1:0]   write_base_i,
  input  wire [WriteWidth-1:0] write_spike_i,
  output wire                  write_end_o,
  output wire                  written_o,
  // Read side
  input  wire                  read_tick_i,
  input  wire                  read_win_i,
  input  wire                  read_live_i,
  input  wire [AddrBits-1:0]   read_base_i,
  output wire                  read_end_o,
  output wire                  read_win_o,
  output wire                  read_live_o,
  output wire [ReadWidth-1:0]  read_spike_o
);

  localparam WORD          = Lanes * ActBits;
  localparam TRAIN_PERIOD  = (WriteTrain == 0) ? WriteBits : 1 << WriteBits;
  localparam WRITE_PERIOD  = (WriteTrain == 2) ? 1 : TRAIN_PERIOD;
  localparam POSITION_BITS = (WRITE_PERIOD > 1) ? $clog2(WRITE_PERIOD) : 1;

  genvar g, l;

  // Write side: the window's values, once it has ended
  wire [POSITION_BITS-1:0] unused_position;
  wire                     last;
  wire                     unused_open;
  wire                     unused_full;
  wire                     unused_win;
  wire [WORD-1:0]          values;

  fpsa_window_tracker #(
    .Period(WRITE_PERIOD)
  ) u_tracker (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .tick_i    (write_tick_i),
    .win_i     (write_win_i),
    .position_o(unused_position),
    .last_o    (last),
    .open_o    (unused_open),
    .full_o    (unused_full),
    .win_o     (unused_win)
  );

  generate
    if (WriteTrain == 2) begin : gen_write_words
      reg [WORD-1:0] word_q;

      assign values = word_q;

      always @(posedge clk_i) begin
        if (write_tick_i) word_q <= write_spike_i;
      end
    end else begin : gen_write_trains
      wire [WORD-1:0] unused_values;

      fpsa_train_decoder #(
        .Lanes  (Lanes),
        .ActBits(ActBits),
        .Train  (WriteTrain)
      ) u_decoder (
        .clk_i   (clk_i),
        .tick_i  (write_tick_i),
        .win_i   (write_win_i),
        .spike_i (write_spike_i),
        .values_o(unused_values),
        .held_o  (values)
      );
    end
  endgenerate

  // What goes to memory
  wire                write = write_tick_i && write_live_i && last;

  reg                 store_q;
  reg                 written_q;
  reg  [AddrBits-1:0] addr_q;
  wire [WORD-1:0]     merged;

  assign write_end_o = write && write_done_i;
  assign written_o   = written_q;

  always @(posedge clk_i) begin
    store_q   <= rst_ni && write;
    written_q <= rst_ni && write_end_o;
  end

  always @(posedge clk_i) begin
    addr_q <= write_base_i;
  end

  generate
    if (Mode == 0) begin : gen_store
      wire unused_first = write_first_i;
      assign merged = values;
    end else begin : gen_merge
      reg             first_q;
      wire [WORD-1:0] old;

      always @(posedge clk_i) begin
        first_q <= write_first_i;
      end

      // A copy of the memory: its second read port
      fpsa_smb_memory #(
        .Width(WORD),
        .Words(Depth)
      ) u_old (
        .clk_i       (clk_i),
        .write_i     (store_q),
        .write_addr_i(addr_q),
        .value_i     (merged),
        .read_i      (write),
        .read_addr_i (write_base_i),
        .value_o     (old)
      );

      for (g = 0; g < Lanes; g = g + 64) begin : gen_group
        for (l = g; l < Lanes && l < g + 64; l = l + 1) begin : gen_lane
          fpsa_merge #(
            .ActBits(ActBits),
            .Mode   (Mode)
          ) u_merge (
            .first_i(first_q),
            .old_i  (old[l*ActBits +: ActBits]),
            .new_i  (values[l*ActBits +: ActBits]),
            .value_o(merged[l*ActBits +: ActBits])
          );
        end
      end
    end
  endgenerate

  // Read side
  wire            take = read_tick_i && read_live_i && read_win_i;
  wire [WORD-1:0] word;

  assign read_end_o = take;

  fpsa_smb_memory #(
    .Width(WORD),
    .Words(Depth)
  ) u_memory (
    .clk_i       (clk_i),
    .write_i     (store_q),
    .write_addr_i(addr_q),
    .value_i     (merged),
    .read_i      (take),
    .read_addr_i (read_base_i),
    .value_o     (word)
  );

  reg win_q;
  reg live_q;

  assign read_win_o  = win_q;
  assign read_live_o = live_q;

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      win_q  <= 1'b0;
      live_q <= 1'b0;
    end else if (read_tick_i) begin
      win_q  <= read_win_i;
      live_q <= read_live_i;
    end
  end

  generate
    if (ReadTrain == 2) begin : gen_read_words
      assign read_spike_o = word;
    end else begin : gen_read_trains
      fpsa_train_player #(
        .Lanes     (Lanes),
        .ActBits   (ActBits),
        .Train     (ReadTrain),
        .WindowBits(ReadBits)
      ) u_player (
        .clk_i   (clk_i),
        .tick_i  (read_tick_i),
        .win_i   (read_win_i),
        .show_i  (live_q),
        .values_i(word),
        .spike_o (read_spike_o)
      );
    end
  endgenerate

  generate
    if (Lanes < 1 || Depth < 1 || ActBits < 1 || WriteBits < ActBits || ReadBits < ActBits
        || WriteTrain < 0 || WriteTrain > 2 || ReadTrain < 0 || ReadTrain > 2 || Mode < 0
        || Mode > 2 || (Mode != 0 && TRAIN_PERIOD < 2)) begin : gen_limits
      fpsa_smb_values_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
