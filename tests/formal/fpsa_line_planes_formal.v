// A channel with fpsa_line_planes, 2x2 windows of one lane of one bit: each tap shows its token of the
// map and whether it lies in it, none before it is written; none is written without room, or where one
// lies that is read later; room and valid tell the truth. The model is the queue of the tokens that
// that are held, of Beside (1 or 2) positions each, which windows see once or twice along each axis.
module fpsa_line_planes_formal #(
  parameter Height     = 2,
  parameter Width      = 3,
  parameter Rows       = 3,  // with Width, such that a bank has 2 slots a side
  parameter StrideRows = 1,
  parameter StrideCols = 1,
  parameter PadTop     = 1,
  parameter PadBottom  = 0,
  parameter PadLeft    = 1,
  parameter PadRight   = 1,
  parameter Beside     = 1,
  parameter RepeatRows = 1,  // 1 or 2
  parameter RepeatCols = 1,
  parameter CropTop    = 0,
  parameter CropLeft   = 0,
  parameter Ahead      = 0,
  parameter Deal       = 0,
  parameter ReadBits   = 1,
  parameter Parts      = Deal ? RepeatRows * RepeatCols : 1
) (
  input wire clk_i,
  input wire rst_ni,
  // Free
  input wire fire_i,
  input wire write_tick_i,
  input wire write_live_i,
  input wire [Beside*Parts-1:0] write_bus_i,
  input wire read_tick_i,
  input wire read_live_i
);

  localparam ROW         = (Width + Beside - 1) / Beside;
  localparam DEPTH       = Rows * ROW;
  localparam AMOUNT_BITS = $clog2(DEPTH + 1);
  localparam MAP         = Height * ROW;
  localparam SETS        = Beside * Parts;  // of lanes in a token
  localparam SEEN_ROWS   = Height * RepeatRows;
  localparam SEEN_COLS   = Width * RepeatCols;
  localparam OUT_ROWS    = (PadTop - CropTop + SEEN_ROWS + PadBottom - 2) / StrideRows + 1;
  localparam OUT_COLS    = (PadLeft - CropLeft + SEEN_COLS + PadRight - 2) / StrideCols + 1;
  localparam FIRINGS     = OUT_ROWS * OUT_COLS;
  localparam FAR_BITS    = $clog2((PadTop + SEEN_ROWS + PadBottom + StrideRows) * ROW
                                  + PadLeft + PadRight + CropLeft + StrideCols + 1) + 1;
  localparam PLACE_BITS  = (FAR_BITS > AMOUNT_BITS) ? FAR_BITS : AMOUNT_BITS;
  localparam COL_REST    = (Beside * RepeatCols > 2) ? 2 : 1;

  // Counts and places are small: five bits hold all, seven a sum of some. Dividers of 32 bits would
  // be most of the model.
  localparam [6:0] HIGH = Height;
  localparam [6:0] WIDE = ROW;

  reg             started_q = 1'b0;
  reg [4:0]       pending_q;
  reg [4:0]       held_q;
  reg [DEPTH*SETS-1:0] queue_q;  // oldest lowest
  reg [4:0]       row_q;       // of the coming firing's window
  reg [4:0]       col_q;
  reg [4:0]       freed_q;     // tokens of its map
  reg [1:0]       base_q;      // where its map begins, in rows of the ring
  reg [3:0]       shown_q;
  reg [3:0]       meets_q;
  reg             shown_win_q;
  reg             shown_live_q;
  reg             shown_last_q;

  wire [4:0] used = pending_q + held_q;
  wire [6:0] firing = row_q * OUT_COLS + col_q;

  // Tokens before the first that a firing looks at, or before its row of windows if it is its first;
  // those that none after it does; those it needs
  function [6:0] first_of(input integer f);
    integer top, left;
    begin
      top  = f / OUT_COLS * StrideRows - PadTop + CropTop;
      left = (f % OUT_COLS == 0) ? 0 : f % OUT_COLS * StrideCols - PadLeft + CropLeft;
      first_of = ((top < 0) ? 0 : top) / RepeatRows * ROW + ((left < 0) ? 0 : left) / RepeatCols / Beside;
      if (first_of > MAP - 1) first_of = MAP - 1;  // which stays to the last firing
    end
  endfunction

  function [6:0] freed_of(input [6:0] f);
    integer g;
    begin
      freed_of = MAP;
      for (g = 1; g < FIRINGS; g = g + 1)
        if (g > f && first_of(g) < freed_of) freed_of = first_of(g);
    end
  endfunction

  function [6:0] last_of(input integer f);
    integer bottom, right;
    begin
      bottom  = f / OUT_COLS * StrideRows - PadTop + CropTop + 1;
      right   = f % OUT_COLS * StrideCols - PadLeft + CropLeft + 1;
      last_of = (bottom < 0) ? 0 : ((bottom >= SEEN_ROWS) ? Height - 1 : bottom / RepeatRows) * ROW
                                   + ((right >= SEEN_COLS) ? Width - 1 : right / RepeatCols) / Beside + 1;
    end
  endfunction

  function [6:0] need_of(input [6:0] f);
    integer g;
    begin
      need_of = (f == 0) ? 0 : freed_of(f - 1);
      if (Ahead == 0) need_of = need_of + 1;  // one that is there
      if (freed_of(f) > need_of) need_of = freed_of(f);
      for (g = 0; g < FIRINGS; g = g + 1)
        if (g == f && last_of(g) > need_of) need_of = last_of(g);
    end
  endfunction

  // Whether tap t of the coming firing lies in the map, and what it reads
  function in_map(input integer t);
    reg [6:0] y, x;
    begin
      y      = row_q * StrideRows + t / 2;  // PadTop more than the row
      x      = col_q * StrideCols + t % 2;
      in_map = y >= PadTop && y < PadTop + SEEN_ROWS - CropTop
               && x >= PadLeft && x < PadLeft + SEEN_COLS - CropLeft;
    end
  endfunction

  function tap(input integer t);
    reg [6:0] y, x, place;
    begin
      y     = row_q * StrideRows + t / 2 - PadTop + CropTop;
      x     = col_q * StrideCols + t % 2 - PadLeft + CropLeft;
      place = (y / RepeatRows * ROW - freed_q) * SETS + x / RepeatCols * Parts
              + (Deal ? y % RepeatRows * RepeatCols + x % RepeatCols : 0);
      tap   = in_map(t) && queue_q[place];
    end
  endfunction

  // Both sides' windows
  wire       write_win, write_live, read_win, read_live;
  wire [3:0] write_position, read_position;
  wire       room, valid, written, win, live;
  wire [3:0] bus, meets;
  wire [AMOUNT_BITS-1:0] need, frees;
  wire [AMOUNT_BITS-1:0] one = 1;

  window_source #(
    .Period(1)
  ) u_write_windows (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .tick_i    (write_tick_i),
    .live_i    (write_live_i && pending_q != 5'd0),
    .win_o     (write_win),
    .live_o    (write_live),
    .position_o(write_position)
  );

  window_source #(
    .Period(ReadBits)
  ) u_read_windows (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .tick_i    (read_tick_i),
    .live_i    (read_live_i && valid),
    .win_o     (read_win),
    .live_o    (read_live),
    .position_o(read_position)
  );

  wire [6:0] freed    = freed_of(firing);  // of its map, when the coming firing is over
  wire [6:0] need_now = need_of(firing);

  wire fire  = fire_i && room;
  wire write = write_tick_i && write_live;
  wire take  = read_tick_i && read_live && read_win;
  wire ends  = read_tick_i && read_live && read_position == ReadBits - 1;

  fpsa_channel #(
    .Depth(DEPTH),
    .Most (DEPTH)
  ) u_channel (
    .clk_i    (clk_i),
    .rst_ni   (rst_ni),
    .reserve_i(one),
    .room_o   (room),
    .fire_i   (fire),
    .write_i  (written ? one : {AMOUNT_BITS{1'b0}}),
    .need_i   (need),
    .valid_o  (valid),
    .free_i   (frees)
  );

  fpsa_line_planes #(
    .Lanes     (1),
    .ActBits   (1),
    .ReadBits  (ReadBits),
    .Height    (Height),
    .Width     (Width),
    .Rows      (Rows),
    .KernelRows(2),
    .KernelCols(2),
    .StrideRows(StrideRows),
    .StrideCols(StrideCols),
    .PadTop    (PadTop),
    .PadBottom (PadBottom),
    .PadLeft   (PadLeft),
    .PadRight  (PadRight),
    .Beside    (Beside),
    .RepeatRows(RepeatRows),
    .RepeatCols(RepeatCols),
    .CropTop   (CropTop),
    .CropLeft  (CropLeft),
    .Ahead     (Ahead),
    .Deal      (Deal)
  ) u_line (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .write_tick_i (write_tick_i),
    .write_win_i  (write_win),
    .write_live_i (write_live),
    .write_spike_i(write_bus_i),
    .written_o    (written),
    .read_tick_i  (read_tick_i),
    .read_win_i   (read_win),
    .read_live_i  (read_live),
    .need_o       (need),
    .frees_o      (frees),
    .read_win_o   (win),
    .read_live_o  (live),
    .meets_o      (meets),
    .read_spike_o (bus)
  );

  wire [6:0]       gone   = ends ? freed - freed_q : 7'd0;
  wire             bottom = row_q == OUT_ROWS - 1;
  wire             right  = col_q == OUT_COLS - 1;
  wire [DEPTH*SETS-1:0] first = {SETS{1'b1}};
  wire [DEPTH*SETS-1:0] place = first << held_q * SETS;
  wire [DEPTH*SETS-1:0] queue = write ? (queue_q & ~place) | (place & {DEPTH{write_bus_i}}) : queue_q;

  always @(posedge clk_i) begin
    started_q <= 1'b1;
    pending_q <= rst_ni ? pending_q + fire - write : 5'd0;
    held_q    <= rst_ni ? held_q + write - gone : 5'd0;
    queue_q   <= queue >> gone * SETS;
    if (!rst_ni) begin
      row_q   <= 5'd0;
      col_q   <= 5'd0;
      freed_q <= 5'd0;
      base_q  <= 2'd0;
    end else if (ends) begin
      col_q   <= right ? 5'd0 : col_q + 5'd1;
      freed_q <= (right && bottom) ? 5'd0 : freed;
      if (right) row_q <= bottom ? 5'd0 : row_q + 5'd1;
      if (right && bottom) base_q <= base_q + Height;
    end
    if (!rst_ni) begin
      shown_win_q  <= 1'b0;
      shown_live_q <= 1'b0;
      shown_last_q <= 1'b0;
    end else if (read_tick_i) begin
      shown_win_q  <= read_win;
      shown_live_q <= read_live;
      shown_last_q <= read_position == ReadBits - 1;
    end
    // With ReadBits > 1, the plane comes last
    if (ends) shown_q <= {tap(3), tap(2), tap(1), tap(0)};
    if (ends) meets_q <= {in_map(3), in_map(2), in_map(1), in_map(0)};
  end

  always @(posedge clk_i) begin
    if (!started_q) assume (!rst_ni);
    else begin
      room_is_true:    assert (room == (used < DEPTH));
      valid_is_true:   assert (!read_win || valid == (held_q + freed_q >= need_now));
      marks_follow:    assert (win == shown_win_q && live == shown_live_q);
      window_is_exact: assert (bus == (shown_q & {4{shown_live_q && shown_last_q}}));
      meets_are_exact: assert (meets == (meets_q & {4{shown_live_q && shown_last_q}}));
      overlaps:        cover (shown_live_q && held_q + freed_q > MAP);
      fills:           cover (shown_live_q && used == DEPTH);
    end
  end

  // What holds in every state that can be reached
  (* hierconn *) wire [$clog2(2*DEPTH+1)-1:0] \u_channel.used_q ;
  (* hierconn *) wire [$clog2(2*DEPTH+1)-1:0] \u_channel.held_q ;

  always @(posedge clk_i) begin
    if (started_q) begin
      counts:           assert (\u_channel.used_q == used && \u_channel.held_q == held_q);
      counts_are_small: assert (pending_q <= DEPTH && held_q <= DEPTH && used <= DEPTH);
      firing_exists:    assert (write_position == 0 && row_q < OUT_ROWS && col_q < OUT_COLS && read_position < ReadBits);
      freed_before:     assert (freed_q == ((firing == 0) ? 7'd0 : freed_of(firing - 7'd1)));
      reads_held:       assert (read_win || !read_live || held_q + freed_q >= need_now);
      same_window:      assert (read_win || read_live == live);
      shown_last:       assert (!live || shown_last_q == (read_position == 0));
    end
  end

  // Where both sides stand: the places of the walks in tokens and lines, banks and slots. The writer
  // stands so many tokens behind the reader as are held.
  (* hierconn *) wire [$clog2(PadTop+SEEN_ROWS+PadBottom+StrideRows+2):0] \u_line.u_banks.u_read.u_rows.at_q ;
  (* hierconn *) wire [$clog2(PadLeft+SEEN_COLS+PadRight+StrideCols+2):0] \u_line.u_banks.u_read.u_cols.at_q ;
  (* hierconn *) wire [$clog2(Height+2):0] \u_line.u_banks.u_write.u_rows.at_q ;
  (* hierconn *) wire [$clog2(ROW+2):0] \u_line.u_banks.u_write.u_cols.at_q ;
  (* hierconn *) wire [PLACE_BITS:0] \u_line.u_banks.u_amounts.row_q ;
  (* hierconn *) wire [PLACE_BITS+COL_REST-1:0] \u_line.u_banks.u_amounts.col_q ;
  (* hierconn *) wire [PLACE_BITS-1:0] \u_line.u_banks.u_amounts.gone_q ;
  (* hierconn *) wire [AMOUNT_BITS-1:0] \u_line.u_banks.u_amounts.need_q ;
  (* hierconn *) wire [AMOUNT_BITS-1:0] \u_line.u_banks.u_amounts.frees_q ;
  (* hierconn *) wire [2*RepeatRows-1:0] \u_line.u_banks.u_read.u_rows.bank_q ;
  (* hierconn *) wire [1:0] \u_line.u_banks.u_read.u_rows.slot_q ;
  (* hierconn *) wire [2*RepeatCols-1:0] \u_line.u_banks.u_read.u_cols.bank_q ;
  (* hierconn *) wire [1:0] \u_line.u_banks.u_read.u_cols.slot_q ;
  (* hierconn *) wire [1:0] \u_line.u_banks.u_write.u_rows.bank_q ;
  (* hierconn *) wire [1:0] \u_line.u_banks.u_write.u_rows.slot_q ;
  (* hierconn *) wire [2/Beside-1:0] \u_line.u_banks.u_write.u_cols.bank_q ;
  (* hierconn *) wire [1:0] \u_line.u_banks.u_write.u_cols.slot_q ;
  (* hierconn *) wire \u_line.plane_q ;
  (* hierconn *) wire [$clog2(ReadBits+(ReadBits==1))-1:0] \u_line.u_read.u_tracker.next_q ;

  // Bank, one-hot, and slot of line `line`, of which two lie in a bank, `words` words each
  function [3:0] lies(input [6:0] line, input [1:0] words);
    lies = {line[0] ? 2'b10 : 2'b01, line[1] ? words : 2'b00};
  endfunction

  // The same of a line as windows see it, with its phase
  function [5:0] seen(input [6:0] line, input twice, input [1:0] words);
    if (twice) seen = {4'b0001 << line[1:0], line[2] ? words : 2'b00};
    else seen = {2'b00, lies(line, words)};
  endfunction

  // The same of a token's column
  function [1+2/Beside:0] written_to(input [6:0] col);
    if (Beside == 1) written_to = lies(col, 2'd1);
    else written_to = {1'b1, col[1:0]};
  endfunction

  wire [6:0] ahead     = freed_q + held_q;  // tokens from the reader's map to the writer
  wire [6:0] ahead_row = ahead / WIDE;
  wire [6:0] write_row = ahead_row % HIGH;
  wire [6:0] write_col = ahead % WIDE;

  // The firing after the coming one
  wire [6:0] next_row = !right ? row_q : bottom ? 7'd0 : row_q + 7'd1;
  wire [6:0] next_col = right ? 7'd0 : col_q + 7'd1;
  wire [6:0] next_y   = next_row * StrideRows;  // from the first window's
  wire [6:0] next_x   = next_col * StrideCols;

  always @(posedge clk_i) begin
    if (started_q) begin
      read_place:  assert (\u_line.u_banks.u_read.u_rows.at_q == row_q * StrideRows
                           && \u_line.u_banks.u_read.u_cols.at_q == col_q * StrideCols);
      next_place:  assert (\u_line.u_banks.u_amounts.row_q
                              == next_y / RepeatRows * ROW * 2 + next_y % RepeatRows
                           && \u_line.u_banks.u_amounts.col_q
                              == ((Beside * RepeatCols > 1) ? next_x : 2 * next_x)
                           && \u_line.u_banks.u_amounts.gone_q
                              == ((right && bottom) ? 7'd0 : freed));
      amounts:     assert (\u_line.u_banks.u_amounts.need_q == need_now - freed_q
                           && \u_line.u_banks.u_amounts.frees_q == freed - freed_q);
      write_place: assert (\u_line.u_banks.u_write.u_rows.at_q == write_row
                           && \u_line.u_banks.u_write.u_cols.at_q == write_col);
      read_lines:  assert ({\u_line.u_banks.u_read.u_rows.bank_q , \u_line.u_banks.u_read.u_rows.slot_q }
                           == seen((base_q + 4) * RepeatRows + row_q * StrideRows + CropTop - PadTop,
                                   RepeatRows == 2, 2'd2)
                           && {\u_line.u_banks.u_read.u_cols.bank_q , \u_line.u_banks.u_read.u_cols.slot_q }
                           == seen(4 * RepeatCols + col_q * StrideCols + CropLeft - PadLeft,
                                   RepeatCols == 2, 2'd1));
      write_lines: assert ({\u_line.u_banks.u_write.u_rows.bank_q , \u_line.u_banks.u_write.u_rows.slot_q }
                           == lies(base_q + ahead_row, 2'd2)
                           && {\u_line.u_banks.u_write.u_cols.bank_q , \u_line.u_banks.u_write.u_cols.slot_q }
                           == written_to(write_col));
      plane_shown: assert (\u_line.plane_q == (shown_live_q && shown_last_q));
      same_place:  assert (ReadBits == 1 || \u_line.u_read.u_tracker.next_q == read_position);
    end
  end

  // What memory holds: by row of banks, column of banks, word
  (* hierconn *) wire [Parts-1:0] \u_line.u_banks.gen_row[0].gen_col[0].u_bank.words_q[0] ;
  (* hierconn *) wire [Parts-1:0] \u_line.u_banks.gen_row[0].gen_col[0].u_bank.words_q[1] ;
  (* hierconn *) wire [Parts-1:0] \u_line.u_banks.gen_row[0].gen_col[0].u_bank.words_q[2] ;
  (* hierconn *) wire [Parts-1:0] \u_line.u_banks.gen_row[0].gen_col[0].u_bank.words_q[3] ;
  (* hierconn *) wire [Parts-1:0] \u_line.u_banks.gen_row[0].gen_col[1].u_bank.words_q[0] ;
  (* hierconn *) wire [Parts-1:0] \u_line.u_banks.gen_row[0].gen_col[1].u_bank.words_q[1] ;
  (* hierconn *) wire [Parts-1:0] \u_line.u_banks.gen_row[0].gen_col[1].u_bank.words_q[2] ;
  (* hierconn *) wire [Parts-1:0] \u_line.u_banks.gen_row[0].gen_col[1].u_bank.words_q[3] ;
  (* hierconn *) wire [Parts-1:0] \u_line.u_banks.gen_row[1].gen_col[0].u_bank.words_q[0] ;
  (* hierconn *) wire [Parts-1:0] \u_line.u_banks.gen_row[1].gen_col[0].u_bank.words_q[1] ;
  (* hierconn *) wire [Parts-1:0] \u_line.u_banks.gen_row[1].gen_col[0].u_bank.words_q[2] ;
  (* hierconn *) wire [Parts-1:0] \u_line.u_banks.gen_row[1].gen_col[0].u_bank.words_q[3] ;
  (* hierconn *) wire [Parts-1:0] \u_line.u_banks.gen_row[1].gen_col[1].u_bank.words_q[0] ;
  (* hierconn *) wire [Parts-1:0] \u_line.u_banks.gen_row[1].gen_col[1].u_bank.words_q[1] ;
  (* hierconn *) wire [Parts-1:0] \u_line.u_banks.gen_row[1].gen_col[1].u_bank.words_q[2] ;
  (* hierconn *) wire [Parts-1:0] \u_line.u_banks.gen_row[1].gen_col[1].u_bank.words_q[3] ;

  wire [16*Parts-1:0] memory = {
    \u_line.u_banks.gen_row[1].gen_col[1].u_bank.words_q[3] ,
    \u_line.u_banks.gen_row[1].gen_col[1].u_bank.words_q[2] ,
    \u_line.u_banks.gen_row[1].gen_col[1].u_bank.words_q[1] ,
    \u_line.u_banks.gen_row[1].gen_col[1].u_bank.words_q[0] ,
    \u_line.u_banks.gen_row[1].gen_col[0].u_bank.words_q[3] ,
    \u_line.u_banks.gen_row[1].gen_col[0].u_bank.words_q[2] ,
    \u_line.u_banks.gen_row[1].gen_col[0].u_bank.words_q[1] ,
    \u_line.u_banks.gen_row[1].gen_col[0].u_bank.words_q[0] ,
    \u_line.u_banks.gen_row[0].gen_col[1].u_bank.words_q[3] ,
    \u_line.u_banks.gen_row[0].gen_col[1].u_bank.words_q[2] ,
    \u_line.u_banks.gen_row[0].gen_col[1].u_bank.words_q[1] ,
    \u_line.u_banks.gen_row[0].gen_col[1].u_bank.words_q[0] ,
    \u_line.u_banks.gen_row[0].gen_col[0].u_bank.words_q[3] ,
    \u_line.u_banks.gen_row[0].gen_col[0].u_bank.words_q[2] ,
    \u_line.u_banks.gen_row[0].gen_col[0].u_bank.words_q[1] ,
    \u_line.u_banks.gen_row[0].gen_col[0].u_bank.words_q[0] };

  reg       same;
  reg       bank_same;
  reg [6:0] token;
  reg [6:0] line;
  reg [6:0] along;  // in seven bits by itself: beside an integer it would be divided in 32
  reg [6:0] column;
  reg [3:0] word;
  integer   i, p;

  always @* begin
    same = 1'b1;
    for (i = 0; i < DEPTH; i = i + 1) begin
      token  = freed_q + i;
      line   = token / WIDE;
      line   = base_q + line;
      along  = token % WIDE;
      for (p = 0; p < Beside; p = p + 1) begin
        column    = along * Beside + p;
        word      = {line[0], column[0], line[1], column[1]};
        bank_same = memory[word*Parts +: Parts] == queue_q[(i*Beside+p)*Parts +: Parts];
        if (i < held_q && !bank_same) same = 1'b0;
      end
    end
  end

  always @(posedge clk_i) begin
    if (started_q) tokens_agree: assert (same);
  end

endmodule
