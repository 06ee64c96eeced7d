// A channel with fpsa_smb_planes: tokens of 2 lanes of 2 bits leave whole, once and in order; room and
// valid tell the truth.
module fpsa_smb_planes_formal #(
  parameter Depth     = 3,
  parameter WriteBits = 2,
  parameter ReadBits  = 2,
  parameter Mode      = 0
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

  localparam ADDR_BITS   = $clog2(Depth * 2);

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
  wire [1:0]           read_bus;
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
    .WriteBits (WriteBits),
    .ReadBits  (ReadBits),
    .Mode      (Mode),
    .Late      (Mode != 0)
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
    .read_bus_i      ({2'b00, read_bus}),
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
    .Lanes     (2),
    .Depth     (Depth),
    .ActBits   (2),
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
    .write_spike_i(write_bus[1:0]),
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
      walks_agree:    assert (!read_base[0] && !write_base[0] && read_base < 2 * Depth
                              && write_base == 2 * wrap((read_base >> 1) + held + late));
    end
  end

  (* hierconn *) wire [1:0] \u_smb.u_memory.words_q[0] ;
  (* hierconn *) wire [1:0] \u_smb.u_memory.words_q[1] ;
  (* hierconn *) wire [1:0] \u_smb.u_memory.words_q[2] ;
  (* hierconn *) wire [1:0] \u_smb.u_memory.words_q[3] ;
  (* hierconn *) wire [1:0] \u_smb.u_memory.words_q[4] ;
  (* hierconn *) wire [1:0] \u_smb.u_memory.words_q[5] ;
  (* hierconn *) wire [1:0] \u_smb.u_memory.value_q ;
  (* hierconn *) wire       \u_smb.plane_q ;
  (* hierconn *) wire [$clog2(WriteBits)-1:0] \u_smb.u_write.u_tracker.next_q ;
  (* hierconn *) wire [$clog2(ReadBits)-1:0]  \u_smb.u_read.u_tracker.next_q ;

  wire [11:0] memory = {\u_smb.u_memory.words_q[5] , \u_smb.u_memory.words_q[4] ,
                        \u_smb.u_memory.words_q[3] , \u_smb.u_memory.words_q[2] ,
                        \u_smb.u_memory.words_q[1] , \u_smb.u_memory.words_q[0] };

  // The upper (0) or lower (1) plane of a token
  function [1:0] plane(input [3:0] number, input lower);
    plane = lower ? {number[2], number[0]} : {number[3], number[1]};
  endfunction

  // The planes of the token that is `after` the oldest
  wire [11:0] ahead = {memory, memory} >> (2 * read_base);
  wire [3:0]  begun = ahead >> (4 * held);

  reg     same;
  integer i;

  always @* begin
    same = 1'b1;
    for (i = 0; i < Depth; i = i + 1)
      if (i < held && ahead[4*i +: 4] != {plane(queue[4*i +: 4], 1'b1), plane(queue[4*i +: 4], 1'b0)})
        same = 1'b0;
  end

  always @(posedge clk_i) begin
    if (started && Mode == 0) begin
      places_agree: assert (\u_smb.u_write.u_tracker.next_q == write_position
                            && \u_smb.u_read.u_tracker.next_q == read_position);
      tokens_agree: assert (same);
      zeros_first:  assert (!write_live || write_win || write_position > WriteBits - 2 || value == 0);
      begun_agrees: assert (!write_live || write_win || write_position != WriteBits - 1
                            || (begun[1:0] == {value[2], value[0]} && !value[3] && !value[1]));
      shown_is_old: assert (read_win || !read_live || shown == queue[3:0]);
      time_follows: assert (!live || shown_time == (read_win ? ReadBits : read_position) - 1);
      same_window:  assert (read_win || read_live == live);
      plane_shown:  assert (\u_smb.plane_q == (live && shown_time + 2 >= ReadBits));
      plane_exact:  assert (!\u_smb.plane_q || \u_smb.u_memory.value_q
                            == plane(shown, shown_time == ReadBits - 1));
    end
  end

endmodule
