// A channel with its memory: fpsa_channel, a walk a side, and fpsa_smb_planes (Values = 0) or
// fpsa_smb_values (1). The writer reserves when there is room and plays random windows, some of
// which make one token together; the reader takes what there is. Both stall as they like. The model
// is a queue of values: nothing is lost, doubled or read early, and room and valid tell the truth.
// verilator lint_off WIDTH
module fpsa_smb_tb #(
  parameter Values     = 0,
  parameter Lanes      = 3,
  parameter Depth      = 3,
  parameter ActBits    = 3,
  parameter WriteTrain = 0,
  parameter ReadTrain  = 0,
  parameter WriteBits  = ActBits,
  parameter ReadBits   = ActBits,
  parameter Mode       = 0,
  parameter Seed       = 1,
  parameter Clocks     = 6000
);

`include "bench.vh"

  localparam CEILING      = (1 << ActBits) - 1;
  localparam WORD         = Lanes * ActBits;
  localparam STEP         = Values ? 1 : ActBits;
  localparam ADDR_BITS    = (Depth * STEP > 1) ? $clog2(Depth * STEP) : 1;
  localparam WRITE_WIDTH  = (WriteTrain == 2) ? WORD : Lanes;
  localparam READ_WIDTH   = (ReadTrain == 2) ? WORD : Lanes;
  localparam WRITE_PERIOD = (WriteTrain == 2) ? 1 : (WriteTrain == 0) ? WriteBits : 1 << WriteBits;
  localparam READ_PERIOD  = (ReadTrain == 2) ? 1 : (ReadTrain == 0) ? ReadBits : 1 << ReadBits;
  localparam LATE         = Values || Mode != 0;  // written a cycle after the last tick

  // Writer
  reg                    fire = 0;
  reg                    write_tick = 0;
  reg                    write_win = 0;
  reg                    write_live = 0;
  reg                    write_first = 0;
  reg                    write_done = 0;
  reg  [WRITE_WIDTH-1:0] write_spike = 0;
  wire                   room;
  wire [ADDR_BITS-1:0]   write_base;
  wire                   write_end;
  wire                   written;
  // Reader
  reg                    read_tick = 0;
  reg                    read_win = 0;
  reg                    read_live = 0;
  wire                   valid;
  wire [ADDR_BITS-1:0]   read_base;
  wire                   read_end;
  wire                   win_out;
  wire                   live_out;
  wire [READ_WIDTH-1:0]  played;

  fpsa_channel #(
    .Depth(Depth)
  ) u_channel (
    .clk_i    (clk),
    .rst_ni   (rst_n),
    .reserve_i(1'b1),
    .room_o   (room),
    .fire_i   (fire),
    .write_i  (written),
    .need_i   (1'b1),
    .valid_o  (valid),
    .free_i   (read_end)
  );

  fpsa_walk #(
    .Words(Depth * STEP),
    .Step (STEP)
  ) u_write (
    .clk_i (clk),
    .rst_ni(rst_n),
    .step_i(write_end),
    .base_o(write_base)
  );

  fpsa_walk #(
    .Words(Depth * STEP),
    .Step (STEP)
  ) u_read (
    .clk_i (clk),
    .rst_ni(rst_n),
    .step_i(read_end),
    .base_o(read_base)
  );

  generate
    if (Values) begin : gen_values
      fpsa_smb_values #(
        .Lanes     (Lanes),
        .Depth     (Depth),
        .ActBits   (ActBits),
        .WriteTrain(WriteTrain),
        .ReadTrain (ReadTrain),
        .WriteBits (WriteBits),
        .ReadBits  (ReadBits),
        .Mode      (Mode)
      ) u_dut (
        .clk_i        (clk),
        .rst_ni       (rst_n),
        .write_tick_i (write_tick),
        .write_win_i  (write_win),
        .write_live_i (write_live),
        .write_first_i(write_first),
        .write_done_i (write_done),
        .write_base_i (write_base),
        .write_spike_i(write_spike),
        .write_end_o  (write_end),
        .written_o    (written),
        .read_tick_i  (read_tick),
        .read_win_i   (read_win),
        .read_live_i  (read_live),
        .read_base_i  (read_base),
        .read_end_o   (read_end),
        .read_win_o   (win_out),
        .read_live_o  (live_out),
        .read_spike_o (played)
      );
    end else begin : gen_planes
      fpsa_smb_planes #(
        .Lanes    (Lanes),
        .Depth    (Depth),
        .ActBits  (ActBits),
        .WriteBits(WriteBits),
        .ReadBits (ReadBits),
        .Mode     (Mode)
      ) u_dut (
        .clk_i        (clk),
        .rst_ni       (rst_n),
        .write_tick_i (write_tick),
        .write_win_i  (write_win),
        .write_live_i (write_live),
        .write_first_i(write_first),
        .write_done_i (write_done),
        .write_base_i (write_base),
        .write_spike_i(write_spike),
        .write_end_o  (write_end),
        .written_o    (written),
        .read_tick_i  (read_tick),
        .read_win_i   (read_win),
        .read_live_i  (read_live),
        .read_base_i  (read_base),
        .read_end_o   (read_end),
        .read_win_o   (win_out),
        .read_live_o  (live_out),
        .read_spike_o (played)
      );
    end
  endgenerate

  integer used, held;      // as fpsa_channel should count them
  integer pending;         // reserved, their first window yet to come
  integer write_position;  // of the coming tick
  integer read_position;
  integer now   [0:Lanes-1];      // the window being written
  integer token [0:Lanes-1];      // the token being written
  integer queue [0:16*Lanes-1];   // tokens written, oldest first, in a ring
  integer queue_write, queue_read;
  integer shown [0:Lanes-1];      // what the reader's window shows
  integer time_shown;             // ticks of it on the outputs, -1: none yet
  reg     shown_win, shown_live;
  reg     open;                   // a token lacks windows
  reg     late;                   // a token gets into memory in the coming cycle
  reg     busy;                   // a window does
  reg     live, ends;
  integer i, l, dense, write_pace, read_pace;

  // The train rule, for a value at a tick of its window
  function rule(input integer number, input integer at);
    integer b, reversed;
    begin
      reversed = 0;
      for (b = 0; b < ReadBits; b = b + 1) reversed = 2 * reversed + ((at >> b) & 1);
      rule = ReadTrain == 0 ? (number >> (ReadBits - 1 - at)) & 1 : reversed < number;
    end
  endfunction

  function integer merged(input integer old, input integer fresh);
    case (write_first ? 0 : Mode)
      1: merged = fresh > old ? fresh : old;
      2: merged = old + fresh > CEILING ? CEILING : old + fresh;
      default: merged = fresh;
    endcase
  endfunction

  // Values that a binary window carries have ActBits bits: zeros come before.
  task drive_write;
    begin
      if (write_position == 0) begin
        write_live = (open || pending > 0) && chance(70);
        if (write_live && !open) write_first = 1;
        else write_first = open ? chance(10) : chance(50);
        write_done = chance(50);
      end
      write_win   = write_position == 0;
      write_tick  = chance(write_pace);
      // Words that merge do not follow each other at once.
      if (WriteTrain == 2 && Mode != 0 && busy) write_tick = 0;
      write_spike = {random(0), random(0)};
      if (WriteTrain != 2)
        for (l = 0; l < Lanes; l = l + 1) if (chance(dense)) write_spike[l] = dense > 50;
      if (WriteTrain == 0 && write_position < WriteBits - ActBits) write_spike = 0;
    end
  endtask

  task drive_read;
    begin
      read_win  = read_position == 0;
      read_tick = chance(read_pace);
    end
  endtask

  task check;
    begin
      expect_value("room", room, used < Depth);
      expect_value("valid", valid, held > 0);
      expect_value("win", win_out, shown_win);
      expect_value("live", live_out, shown_live);
      for (l = 0; l < Lanes; l = l + 1)
        if (ReadTrain != 2)
          expect_value("spike", played[l],
                       shown_live && time_shown >= 0 && rule(shown[l], time_shown));
        else if (shown_live)
          expect_value("word", played[l*ActBits +: ActBits], shown[l]);
    end
  endtask

  task move_read;
    if (read_tick) begin
      shown_win  = read_win;
      time_shown = read_win ? 0 : time_shown >= 0 ? time_shown + 1 : -1;
      if (read_win) begin
        shown_live = read_live;
        for (l = 0; l < Lanes; l = l + 1) shown[l] = queue[queue_read*Lanes+l];
        if (read_live) queue_read = (queue_read + 1) % 16;
      end
      // Planes are needed to a window's last tick.
      if (read_live && read_position == (Values ? 0 : READ_PERIOD - 1)) begin
        held = held - 1;
        used = used - 1;
      end
      read_position = (read_position + 1) % READ_PERIOD;
    end
  endtask

  task finish_token;
    begin
      for (l = 0; l < Lanes; l = l + 1) queue[queue_write*Lanes+l] = token[l];
      queue_write = (queue_write + 1) % 16;
    end
  endtask

  task move_write;
    begin
      if (late) held = held + 1;
      late = 0;
      busy = 0;
      if (fire) begin
        used    = used + 1;
        pending = pending + 1;
      end
      if (write_tick) begin
        if (write_win && write_live && !open) begin
          pending = pending - 1;
          open    = 1;
        end
        for (l = 0; l < Lanes; l = l + 1) begin
          if (write_win) now[l] = 0;
          if (WriteTrain == 2) now[l] = write_spike[l*ActBits +: ActBits];
          else if (WriteTrain == 0) now[l] = 2 * now[l] + write_spike[l];
          else if (now[l] < CEILING) now[l] = now[l] + write_spike[l];
        end
        if (write_live && write_position == WRITE_PERIOD - 1) begin
          for (l = 0; l < Lanes; l = l + 1) token[l] = merged(token[l], now[l]);
          busy = 1;
          if (write_done) begin
            open = 0;
            finish_token;
            if (LATE) late = 1;
            else held = held + 1;
          end
        end
        write_position = (write_position + 1) % WRITE_PERIOD;
      end
    end
  endtask

  task clear;
    begin
      used           = 0;
      held           = 0;
      pending        = 0;
      open           = 0;
      late           = 0;
      busy           = 0;
      queue_write    = 0;
      queue_read     = 0;
      write_position = 0;
      read_position  = 0;
      time_shown     = -1;
      shown_win      = 0;
      shown_live     = 0;
    end
  endtask

  initial begin
    clear;
    repeat (3) @(negedge clk);
    for (i = 0; i < Clocks; i = i + 1) begin
      @(negedge clk);
      if (i % 60 == 0) begin
        dense      = below(101);
        write_pace = chance(30) ? 100 : 20 + below(80);
        read_pace  = chance(30) ? 100 : below(100);
      end
      rst_n = i > 0 && (i % 1000 != 999);
      drive_write;
      drive_read;
      #1;
      // What the sequencers of both sides decide
      fire = rst_n && room && chance(60);
      if (read_win) read_live = valid && chance(80);
      #1;
      if (i > 0) check;
      if (rst_n) begin
        move_read;
        move_write;
      end else begin
        write_tick = 0;
        read_tick  = 0;
        clear;
      end
    end
    pass;
  end

endmodule
