// A channel with fpsa_smb_values: tokens of 2 lanes of 2 bits leave whole, once and in order; room and
// valid tell the truth.
module fpsa_smb_values_formal #(
  parameter Depth      = 3,
  parameter WriteTrain = 1,
  parameter ReadTrain  = 1,
  parameter WriteBits  = 2,
  parameter ReadBits   = 2,
  parameter Mode       = 0
) (
  input wire       clk_i,
  input wire       rst_ni,
  input wire       fire_i,
  input wire       write_tick_i,
  input wire       write_live_i,
  input wire       first_i,
  input wire       done_i,
  input wire [3:0] write_bus_i,
  input wire       read_tick_i,
  input wire       read_live_i
);

  localparam ADDR_BITS   = $clog2(Depth);
  localparam WRITE_WIDTH = (WriteTrain == 2) ? 4 : 2;
  localparam READ_WIDTH  = (ReadTrain == 2) ? 4 : 2;
  localparam PERIOD      = (ReadTrain == 0) ? ReadBits : 1 << ReadBits;
  localparam TIME_BITS   = $clog2(PERIOD);
  localparam PLACE_BITS  = (WriteTrain == 2) ? 1 : (WriteTrain == 0) ? $clog2(WriteBits) : WriteBits;

  // Both sides
  wire                 room;
  wire                 valid;
  wire                 fire;
  wire                 write_tick;
  wire                 write_win;
  wire                 write_live;
  wire                 first;
  wire                 done;
  wire [3:0]           write_bus;
  wire                 read_tick;
  wire                 read_win;
  wire                 read_live;
  // The device
  wire                 write_end;
  wire                 written;
  wire                 read_end;
  wire [ADDR_BITS-1:0] write_base;
  wire [ADDR_BITS-1:0] read_base;
  wire                 win;
  wire                 live;
  wire [READ_WIDTH-1:0] read_bus;
  // The model's state
  wire                 started;
  wire [3:0]           used;
  wire [3:0]           held;
  wire                 late;
  wire                 open;
  wire [3:0]           write_position;
  wire [3:0]           read_position;
  wire [3:0]           value;
  wire [3:0]           token;
  wire [11:0]          queue;
  wire [3:0]           shown;
  wire [3:0]           shown_time;

  smb_model #(
    .Depth     (Depth),
    .WriteTrain(WriteTrain),
    .ReadTrain (ReadTrain),
    .WriteBits (WriteBits),
    .ReadBits  (ReadBits),
    .Mode      (Mode),
    .Late      (1),
    .Early     (1)
  ) u_model (
    .clk_i           (clk_i),
    .rst_ni          (rst_ni),
    .fire_i          (fire_i),
    .write_tick_i    (write_tick_i),
    .write_live_i    (write_live_i),
    .first_i         (first_i),
    .done_i          (done_i),
    .write_bus_i     (write_bus_i),
    .read_tick_i     (read_tick_i),
    .read_live_i     (read_live_i),
    .room_i          (room),
    .valid_i         (valid),
    .win_i           (win),
    .live_i          (live),
    .read_bus_i      ({{(4-READ_WIDTH){1'b0}}, read_bus}),
    .fire_o          (fire),
    .write_tick_o    (write_tick),
    .write_win_o     (write_win),
    .write_live_o    (write_live),
    .first_o         (first),
    .done_o          (done),
    .write_bus_o     (write_bus),
    .read_tick_o     (read_tick),
    .read_win_o      (read_win),
    .read_live_o     (read_live),
    .started_o       (started),
    .used_o          (used),
    .held_o          (held),
    .late_o          (late),
    .open_o          (open),
    .write_position_o(write_position),
    .read_position_o (read_position),
    .value_o         (value),
    .token_o         (token),
    .queue_o         (queue),
    .shown_o         (shown),
    .shown_time_o    (shown_time)
  );

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
    .Words(Depth * 1),
    .Step (1)
  ) u_write (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .step_i(write_end),
    .base_o(write_base)
  );

  fpsa_walk #(
    .Words(Depth * 1),
    .Step (1)
  ) u_read (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .step_i(read_end),
    .base_o(read_base)
  );

  fpsa_smb_values #(
    .Lanes     (2),
    .Depth     (Depth),
    .ActBits   (2),
    .WriteTrain(WriteTrain),
    .ReadTrain (ReadTrain),
    .WriteBits (WriteBits),
    .ReadBits  (ReadBits),
    .Mode      (Mode)
  ) u_smb (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .write_tick_i (write_tick),
    .write_win_i  (write_win),
    .write_live_i (write_live),
    .write_first_i(first),
    .write_done_i (done),
    .write_base_i (write_base),
    .write_spike_i(write_bus[WRITE_WIDTH-1:0]),
    .write_end_o  (write_end),
    .written_o    (written),
    .read_tick_i  (read_tick),
    .read_win_i   (read_win),
    .read_live_i  (read_live),
    .read_base_i  (read_base),
    .read_end_o   (read_end),
    .read_win_o   (win),
    .read_live_o  (live),
    .read_spike_o (read_bus)
  );

  // What holds in every state that can be reached
  (* hierconn *) wire [$clog2(Depth+2)-1:0] \u_channel.used_q ;
  (* hierconn *) wire [$clog2(Depth+2)-1:0] \u_channel.held_q ;

  function [3:0] wrap(input [3:0] slot);
    wrap = (slot < Depth) ? slot : slot - Depth;
  endfunction

  always @(posedge clk_i) begin
    if (started) begin
      channel_counts: assert (\u_channel.used_q == used && \u_channel.held_q == held);
      walks_agree:    assert (read_base < Depth
                              && write_base == wrap(read_base + held + late));
    end
  end

  (* hierconn *) wire [3:0] \u_smb.u_memory.words_q[0] ;
  (* hierconn *) wire [3:0] \u_smb.u_memory.words_q[1] ;
  (* hierconn *) wire [3:0] \u_smb.u_memory.words_q[2] ;
  (* hierconn *) wire [3:0] \u_smb.u_memory.value_q ;
  (* hierconn *) wire [3:0] \u_smb.values ;
  (* hierconn *) wire       \u_smb.store_q ;
  (* hierconn *) wire [1:0] \u_smb.addr_q ;

  (* hierconn *) wire [PLACE_BITS-1:0] \u_smb.u_tracker.next_q ;
  (* hierconn *) wire [TIME_BITS-1:0]  \u_smb.gen_read_trains.u_player.time_q ;

  wire [11:0] memory = {\u_smb.u_memory.words_q[2] , \u_smb.u_memory.words_q[1] ,
                        \u_smb.u_memory.words_q[0] };
  wire [11:0] ahead = {memory, memory} >> (4 * read_base);

  reg     same;
  integer i;

  always @* begin
    same = 1'b1;
    for (i = 0; i < Depth; i = i + 1)
      if (i < held && ahead[4*i +: 4] != queue[4*i +: 4]) same = 1'b0;
  end

  always @(posedge clk_i) begin
    if (started && Mode == 0) begin
      tokens_agree: assert (same);
      store_agrees: assert (\u_smb.store_q == late);
      late_agrees:  assert (!late || (\u_smb.values == token
                                      && \u_smb.addr_q == wrap(read_base + held)));
      place_agrees: assert (\u_smb.u_tracker.next_q == write_position);
      time_agrees:  assert (!live || ReadTrain == 2
                            || \u_smb.gen_read_trains.u_player.time_q == shown_time);
      value_agrees: assert (write_win || !write_live || \u_smb.values == value);
      time_follows: assert (!live || ReadTrain == 2 || shown_time
                            == (read_win ? PERIOD : read_position) - 1);
      same_window:  assert (read_win || read_live == live);
      word_agrees:  assert (!live || \u_smb.u_memory.value_q == shown);
    end
  end

endmodule
