// A channel whose memory is a line walk: fpsa_channel with fpsa_line_planes (Values = 0) or
// fpsa_line_values (1), and fpsa_plane_most behind it, the least of the last lanes. The writer reserves when there is room and
// plays random windows, map after map; the reader takes what there is. Both stall as they like.
//
// The model keeps the tokens by their numbers and looks up each tap of each firing by its
// coordinates; what a firing frees is the least of what all later ones of its map begin with.
// verilator lint_off WIDTH
module fpsa_line_tb #(
  parameter Values       = 0,
  parameter Lanes        = 3,
  parameter ActBits      = 2,
  parameter WriteTrain   = 0,
  parameter ReadTrain    = 0,
  parameter WriteBits    = ActBits,
  parameter ReadBits     = ActBits,
  parameter Height       = 5,
  parameter Width        = 4,
  parameter Rows         = 3,
  parameter KernelRows   = 3,
  parameter KernelCols   = 3,
  parameter StrideRows   = 1,
  parameter StrideCols   = 1,
  parameter DilationRows = 1,
  parameter DilationCols = 1,
  parameter PadTop       = 1,
  parameter PadBottom    = 1,
  parameter PadLeft      = 1,
  parameter PadRight     = 1,
  parameter Neighbours   = 1,
  parameter Beside       = 1,
  parameter RepeatRows   = 1,
  parameter RepeatCols   = 1,
  parameter CropTop      = 0,
  parameter CropBottom   = 0,
  parameter CropLeft     = 0,
  parameter CropRight    = 0,
  parameter Ahead        = 0,
  parameter Deal         = 0,
  parameter Least        = 1,
  parameter Eager        = 0,  // both sides at full speed: from the first firing on no window is idle
  parameter Seed         = 1,
  parameter Clocks       = 6000
);

`include "bench.vh"
`include "line_map.vh"

  localparam CEILING      = (1 << ActBits) - 1;
  localparam WRITE_PERIOD = (WriteTrain == 0) ? WriteBits : 1 << WriteBits;
  localparam READ_PERIOD  = (ReadTrain == 0) ? ReadBits : 1 << ReadBits;
  localparam TAPS         = KernelRows * KernelCols;
  localparam READ_LANES   = Neighbours * TAPS * Lanes;
  localparam PARTS        = Deal ? RepeatRows * RepeatCols : 1;
  localparam WRITE_LANES  = Beside * PARTS * Lanes;
  localparam DEPTH        = Rows * ROW;
  localparam AMOUNT_BITS  = $clog2(DEPTH + 1);
  localparam [AMOUNT_BITS-1:0] ONE = 1;
  localparam LEAD         = (ReadTrain == 0) ? ReadBits - ActBits : 0;
  localparam KEPT         = DEPTH + 2 * MAP;

  // Writer
  reg                    fire = 0;
  reg                    write_tick = 0;
  reg                    write_win = 0;
  reg                    write_live = 0;
  reg  [WRITE_LANES-1:0] write_spike = 0;
  wire                   room;
  wire                   written;
  // Reader
  reg                    read_tick = 0;
  reg                    read_win = 0;
  reg                    read_live = 0;
  wire                   valid;
  wire [AMOUNT_BITS-1:0] need;
  wire [AMOUNT_BITS-1:0] frees;
  wire                   win_out;
  wire                   live_out;
  wire [Neighbours*TAPS-1:0] meets;
  wire [READ_LANES-1:0]  played;
  wire [Lanes-1:0]       most;

  fpsa_channel #(
    .Depth(DEPTH),
    .Most (DEPTH)
  ) u_channel (
    .clk_i    (clk),
    .rst_ni   (rst_n),
    .reserve_i(ONE),
    .room_o   (room),
    .fire_i   (fire),
    .write_i  (written ? ONE : {AMOUNT_BITS{1'b0}}),
    .need_i   (need),
    .valid_o  (valid),
    .free_i   (frees)
  );

  generate
    if (Values) begin : gen_values
      fpsa_line_values #(
        .Lanes       (Lanes),
        .ActBits     (ActBits),
        .WriteTrain  (WriteTrain),
        .ReadTrain   (ReadTrain),
        .WriteBits   (WriteBits),
        .ReadBits    (ReadBits),
        .Height      (Height),
        .Width       (Width),
        .Rows        (Rows),
        .KernelRows  (KernelRows),
        .KernelCols  (KernelCols),
        .StrideRows  (StrideRows),
        .StrideCols  (StrideCols),
        .DilationRows(DilationRows),
        .DilationCols(DilationCols),
        .PadTop      (PadTop),
        .PadBottom   (PadBottom),
        .PadLeft     (PadLeft),
        .PadRight    (PadRight),
        .Neighbours  (Neighbours),
        .Beside      (Beside),
        .RepeatRows  (RepeatRows),
        .RepeatCols  (RepeatCols),
        .CropTop     (CropTop),
        .CropBottom  (CropBottom),
        .CropLeft    (CropLeft),
        .CropRight   (CropRight),
        .Ahead       (Ahead),
        .Deal        (Deal)
      ) u_dut (
        .clk_i        (clk),
        .rst_ni       (rst_n),
        .write_tick_i (write_tick),
        .write_win_i  (write_win),
        .write_live_i (write_live),
        .write_spike_i(write_spike),
        .written_o    (written),
        .read_tick_i  (read_tick),
        .read_win_i   (read_win),
        .read_live_i  (read_live),
        .need_o       (need),
        .frees_o      (frees),
        .read_win_o   (win_out),
        .read_live_o  (live_out),
        .meets_o      (meets),
        .read_spike_o (played)
      );
    end else begin : gen_planes
      fpsa_line_planes #(
        .Lanes       (Lanes),
        .ActBits     (ActBits),
        .WriteBits   (WriteBits),
        .ReadBits    (ReadBits),
        .Height      (Height),
        .Width       (Width),
        .Rows        (Rows),
        .KernelRows  (KernelRows),
        .KernelCols  (KernelCols),
        .StrideRows  (StrideRows),
        .StrideCols  (StrideCols),
        .DilationRows(DilationRows),
        .DilationCols(DilationCols),
        .PadTop      (PadTop),
        .PadBottom   (PadBottom),
        .PadLeft     (PadLeft),
        .PadRight    (PadRight),
        .Neighbours  (Neighbours),
        .Beside      (Beside),
        .RepeatRows  (RepeatRows),
        .RepeatCols  (RepeatCols),
        .CropTop     (CropTop),
        .CropBottom  (CropBottom),
        .CropLeft    (CropLeft),
        .CropRight   (CropRight),
        .Ahead       (Ahead),
        .Deal        (Deal)
      ) u_dut (
        .clk_i        (clk),
        .rst_ni       (rst_n),
        .write_tick_i (write_tick),
        .write_win_i  (write_win),
        .write_live_i (write_live),
        .write_spike_i(write_spike),
        .written_o    (written),
        .read_tick_i  (read_tick),
        .read_win_i   (read_win),
        .read_live_i  (read_live),
        .need_o       (need),
        .frees_o      (frees),
        .read_win_o   (win_out),
        .read_live_o  (live_out),
        .meets_o      (meets),
        .read_spike_o (played)
      );
    end
  endgenerate

  // The first neighbour's taps are the lowest
  fpsa_plane_most #(
    .Lanes (Lanes),
    .Inputs(TAPS),
    .Least (Least),
    .Train (ReadTrain)
  ) u_most (
    .clk_i  (clk),
    .tick_i (read_tick),
    .win_i  (win_out),
    .meets_i(meets[TAPS-1:0]),
    .spike_i(played[TAPS*Lanes-1:0]),
    .spike_o(most)
  );

  integer used, held;      // as fpsa_channel should count them
  integer pending;         // reserved, their window yet to come
  integer write_position;  // of the coming tick
  integer read_position;
  integer now  [0:WRITE_LANES-1];       // the window being written
  integer kept [0:KEPT*WRITE_LANES-1];  // tokens by number
  integer tokens;                 // written
  integer maps, firing;           // of the coming firing
  integer freed;                  // tokens of its map
  integer shown [0:READ_LANES-1]; // what the reader's window shows
  integer largest [0:Lanes-1];
  integer time_shown;             // ticks of it on the outputs, -1: none yet
  reg     shown_win, shown_live;
  reg     late;                   // a token gets into memory in the coming cycle
  reg [READ_LANES-1:0] expected;
  reg [Neighbours*TAPS-1:0] in_map;  // the taps of the reader's window
  integer i, l, m, r, c, y, x, dense, write_pace, read_pace;

  // The train rule, for a value at a tick of its window
  function rule(input integer number, input integer at);
    integer b, reversed;
    begin
      reversed = 0;
      for (b = 0; b < ReadBits; b = b + 1) reversed = 2 * reversed + ((at >> b) & 1);
      rule = ReadTrain == 0 ? (number >> (ReadBits - 1 - at)) & 1 : reversed < number;
    end
  endfunction

  // Where lanes lie that the tap in row r and column c of neighbour m meets; -1: none
  function integer met(input integer m, input integer r, input integer c);
    integer col, part;
    begin
      y   = firing / GROUPS * StrideRows - PadTop + r * DilationRows;
      col = firing % GROUPS * Neighbours + m;
      x   = col * StrideCols - PadLeft + c * DilationCols;
      met = -1;
      if (y >= 0 && y < SEEN_ROWS - CropTop - CropBottom
          && x >= 0 && x < SEEN_COLS - CropLeft - CropRight && col < OUT_COLS) begin
        y    = y + CropTop;
        x    = x + CropLeft;
        part = Deal ? y % RepeatRows * RepeatCols + x % RepeatCols : 0;
        y    = y / RepeatRows;
        x    = x / RepeatCols;
        met  = (maps*MAP + y*ROW + x/Beside) % KEPT * WRITE_LANES + (x%Beside*PARTS + part)*Lanes;
      end
    end
  endfunction

  task drive_write;
    begin
      if (write_position == 0) write_live = pending > 0 && (Eager || chance(80));
      write_win   = write_position == 0;
      write_tick  = chance(write_pace);
      write_spike = {random(0), random(0)};
      for (l = 0; l < WRITE_LANES; l = l + 1) if (chance(dense)) write_spike[l] = dense > 50;
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
      expect_value("room", room, used < DEPTH);
      expect_value("valid", valid, held >= need_of(firing) - freed);
      expect_value("win", win_out, shown_win);
      expect_value("live", live_out, shown_live);
      for (l = 0; l < READ_LANES; l = l + 1)
        expected[l] = shown_live && time_shown >= 0 && rule(shown[l], time_shown);
      expect_value("window", played === expected, 1);
      // In zeros that lead, memory may say nothing
      if (!shown_live) expect_value("meets", meets, 0);
      else if (time_shown >= LEAD) expect_value("meets", meets, in_map);
      for (l = 0; l < Lanes; l = l + 1)
        expect_value("most", most[l],
                     shown_live && time_shown >= 0 && rule(largest[l], time_shown));
    end
  endtask

  // The largest tap in the map, or (the last lanes) the least; 0 if there is none
  task show;
    for (l = 0; l < Lanes; l = l + 1) begin
      largest[l] = -1;
      for (m = 0; m < Neighbours; m = m + 1)
        for (r = 0; r < KernelRows; r = r + 1)
          for (c = 0; c < KernelCols; c = c + 1) begin
            i = (m * KernelRows + r) * KernelCols + c;
            in_map[i]        = met(m, r, c) >= 0;
            shown[i*Lanes+l] = in_map[i] ? kept[met(m, r, c)+l] : 0;
            if (m == 0 && in_map[i] && (largest[l] < 0 || (l < Lanes - Least
                ? shown[i*Lanes+l] > largest[l] : shown[i*Lanes+l] < largest[l])))
              largest[l] = shown[i*Lanes+l];
          end
      if (largest[l] < 0) largest[l] = 0;
    end
  endtask

  task end_firing;
    begin
      held   = held - (freed_of(firing) - freed);
      used   = used - (freed_of(firing) - freed);
      freed  = freed_of(firing);
      firing = firing + 1;
      if (firing == FIRINGS) begin
        firing = 0;
        freed  = 0;
        maps   = maps + 1;
      end
    end
  endtask

  task move_read;
    if (read_tick) begin
      shown_win  = read_win;
      time_shown = read_win ? 0 : time_shown >= 0 ? time_shown + 1 : -1;
      if (read_win) begin
        shown_live = read_live;
        if (read_live) show;
      end
      // Planes are needed to a window's last tick.
      if (read_live && read_position == (Values ? 0 : READ_PERIOD - 1)) end_firing;
      read_position = (read_position + 1) % READ_PERIOD;
    end
  endtask

  task move_write;
    begin
      if (late) held = held + 1;
      late = 0;
      if (fire) begin
        used    = used + 1;
        pending = pending + 1;
      end
      if (write_tick) begin
        if (write_win && write_live) pending = pending - 1;
        for (l = 0; l < WRITE_LANES; l = l + 1) begin
          if (write_win) now[l] = 0;
          if (WriteTrain == 0) now[l] = 2 * now[l] + write_spike[l];
          else if (now[l] < CEILING) now[l] = now[l] + write_spike[l];
        end
        if (write_live && write_position == WRITE_PERIOD - 1) begin
          for (l = 0; l < WRITE_LANES; l = l + 1) kept[tokens%KEPT*WRITE_LANES+l] = now[l];
          tokens = tokens + 1;
          if (Values) late = 1;
          else held = held + 1;
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
      late           = 0;
      tokens         = 0;
      maps           = 0;
      firing         = 0;
      freed          = 0;
      write_position = 0;
      read_position  = 0;
      time_shown     = -1;
      shown_win      = 0;
      shown_live     = 0;
    end
  endtask

  integer clock, firings, resets;

  initial begin
    clear;
    firings = 0;
    resets  = 0;
    repeat (3) @(negedge clk);
    for (clock = 0; clock < Clocks; clock = clock + 1) begin
      @(negedge clk);
      if (clock % 60 == 0) begin
        dense      = below(101);
        write_pace = (Eager || chance(40)) ? 100 : 20 + below(80);
        read_pace  = (Eager || chance(40)) ? 100 : below(100);
      end
      rst_n = clock > 0 && (Eager || clock % 2000 != 1999);
      drive_write;
      drive_read;
      #1;
      // What the sequencers of both sides decide
      fire = rst_n && room && (Eager || chance(80));
      if (read_win) read_live = valid && (Eager || chance(90));
      #1;
      if (clock > 0) check;
      if (Eager && firings > 0) expect_value("full speed", read_live, 1);
      if (rst_n) begin
        if (read_tick && read_win && read_live) firings = firings + 1;
        move_read;
        move_write;
      end else begin
        write_tick = 0;
        read_tick  = 0;
        clear;
      end
    end
    // Whole maps went through, one behind the other
    expect_value("maps", firings > 2 * FIRINGS, 1);
    pass;
  end

endmodule
