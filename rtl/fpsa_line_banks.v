// Rows of a map in banks of memory, and the window of each output position from them: one word of
// every tap at once, whatever the stride and the dilation, and no register for a window.
//
// Row y and column x of a map lie in bank (y mod RowBanks, x mod ColBanks), so the taps of a window
// meet in no bank. A position's channels are Planes words of Lanes bits. A token is a position, or
// Beside of a row, each of which has banks of its own; what it has beyond the row's end is not read.
// Each bank gives a word of the tap that lies in it, and two rotations of one word a tap bring the
// words in order.
//
// Repeats     windows walk over the map with each position RepeatRows x RepeatCols times, without the
//             first and last lines that Crop names. With Deal, a position of a token brings the words
//             of all these, the first row's lowest, and each of them has its own.
// Order       word ((neighbour * KernelRows + row) * KernelCols + column) of window_o, each Lanes wide.
// Meets       meets_o: bit by word of window_o, whether its tap lies in the map.
// Write       write_i: write_word_i is word write_plane_i of the coming token's positions, the first
//             lowest. write_step_i: with this cycle the token is whole. Tokens come in raster order,
//             maps follow each other.
// Read        read_i: word read_plane_i of the coming firing's taps; zero outside the map. A cycle
//             later it is on window_o, with meets_o, and holds. read_step_i: with this cycle the
//             firing is over. need_o, frees_o: of the coming firing, in tokens; see fpsa_line_amounts.
// Latency     one cycle.
// Handshake   no token is read before it is written, nor written while a firing may read it: with
//             Rows rows' tokens held at most, of which need_o are there when a firing reads.
// Widths      PlaneBits, AmountBits, Token, Taps, Window: derived, leave them alone.
// Limits      Lanes, Planes, Rows >= 1; 1 <= Beside <= Width; Deal 0 or 1; those of fpsa_line_axis on
//             both axes.
module fpsa_line_banks #(
  parameter Lanes        = 16,
  parameter Planes       = 6,
  parameter Height       = 5,
  parameter Width        = 5,
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
  parameter PlaneBits    = (Planes > 1) ? $clog2(Planes) : 1,
  parameter AmountBits   = $clog2(Rows * ((Width + Beside - 1) / (Beside > 0 ? Beside : 1)) + 1),
  parameter Token        = Beside * (Deal != 0 ? RepeatRows * RepeatCols : 1) * Lanes,
  parameter Taps         = Neighbours * KernelRows * KernelCols,
  parameter Window       = Taps * Lanes
) (
  // Clock
  input  wire                  clk_i,
  input  wire                  rst_ni,
  // Write side
  input  wire                  write_i,
  input  wire [PlaneBits-1:0]  write_plane_i,
  input  wire [Token-1:0]      write_word_i,
  input  wire                  write_step_i,
  // Read side
  input  wire                  read_i,
  input  wire [PlaneBits-1:0]  read_plane_i,
  input  wire                  read_step_i,
  output wire [AmountBits-1:0] need_o,
  output wire [AmountBits-1:0] frees_o,
  output wire [Taps-1:0]       meets_o,
  output wire [Window-1:0]     window_o
);

  // The least number of banks in which taps on different lines do not meet: it divides no
  // difference of two, which is one of lines that are seen, divided, less or more of it. A multiple of
  // those that a token goes to.
  function integer banks(input integer kernel, input integer dilation, input integer neighbours,
                         input integer stride, input integer beside, input integer repeats);
    integer span, count, k, m, apart, meet;
    begin
      banks = 0;
      span  = ((kernel - 1) * dilation + (neighbours - 1) * stride + repeats - 1) / repeats + 1;
      for (count = (span + beside - 1) / beside * beside; count > 0; count = count - beside) begin
        meet = 0;
        for (k = 1 - kernel; k < kernel; k = k + 1)
          for (m = 0; m < neighbours; m = m + 1) begin
            apart = k * dilation + m * stride;
            if (apart < 0) apart = -apart;
            if (apart >= repeats && apart / repeats % count == 0) meet = 1;
            if (apart != 0 && (apart + repeats - 1) / repeats % count == 0) meet = 1;
          end
        if (meet == 0) banks = count;
      end
    end
  endfunction

  localparam TOGETHER  = (Beside > 0) ? Beside : 1;  // so that the guard, not a division, stops the tools
  localparam ROW_PARTS = (Deal != 0) ? RepeatRows : 1;  // words of a position
  localparam COL_PARTS = (Deal != 0) ? RepeatCols : 1;
  localparam PART_ROW  = COL_PARTS * Lanes;
  localparam POSITION  = ROW_PARTS * PART_ROW;
  localparam COL_TAPS  = KernelCols * Neighbours;
  localparam ROW_BANKS = banks(KernelRows, DilationRows, 1, 1, 1, RepeatRows);
  localparam COL_BANKS = banks(KernelCols, DilationCols, Neighbours, StrideCols, TOGETHER, RepeatCols);
  localparam TO_BANKS  = COL_BANKS / TOGETHER;  // of tokens
  localparam ROW_SLOTS = (Rows + ROW_BANKS - 1) / ROW_BANKS;
  localparam COL_SLOTS = (Width + COL_BANKS - 1) / COL_BANKS;
  localparam WORDS     = ROW_SLOTS * COL_SLOTS * Planes;
  localparam ADDR_BITS = (WORDS > 1) ? $clog2(WORDS) : 1;

  // Where the coming token goes
  wire [ROW_BANKS-1:0]           write_row;
  wire [ROW_BANKS*ADDR_BITS-1:0] write_row_base;
  wire [TO_BANKS-1:0]            write_col;
  wire [TO_BANKS*ADDR_BITS-1:0]  write_col_base;

  fpsa_line_walk #(
    .Height      (Height),
    .Width       ((Width + TOGETHER - 1) / TOGETHER),
    .KernelRows  (1),
    .KernelCols  (1),
    .PadTop      (0),
    .PadBottom   (0),
    .PadLeft     (0),
    .PadRight    (0),
    .RowBanks    (ROW_BANKS),
    .RowSlots    (ROW_SLOTS),
    .ColBanks    (TO_BANKS),
    .ColSlots    (COL_SLOTS),
    .Planes      (Planes),
    .AddrBits    (ADDR_BITS)
  ) u_write (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .step_i      (write_step_i),
    .row_select_o(write_row),
    .row_base_o  (write_row_base),
    .col_select_o(write_col),
    .col_base_o  (write_col_base)
  );

  // Where the coming firing's taps lie
  localparam ROW_CHOICES = ROW_BANKS * ROW_PARTS;
  localparam COL_CHOICES = COL_BANKS * COL_PARTS;

  wire [KernelRows*ROW_CHOICES-1:0] row_select;
  wire [ROW_BANKS*ADDR_BITS-1:0]    row_base;
  wire [COL_TAPS*COL_CHOICES-1:0]   col_select;
  wire [COL_BANKS*ADDR_BITS-1:0]    col_base;

  fpsa_line_walk #(
    .Height      (Height),
    .Width       (Width),
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
    .RepeatRows  (RepeatRows),
    .RepeatCols  (RepeatCols),
    .CropTop     (CropTop),
    .CropBottom  (CropBottom),
    .CropLeft    (CropLeft),
    .CropRight   (CropRight),
    .Deal        (Deal),
    .Neighbours  (Neighbours),
    .RowBanks    (ROW_BANKS),
    .RowSlots    (ROW_SLOTS),
    .ColBanks    (COL_BANKS),
    .ColSlots    (COL_SLOTS),
    .Planes      (Planes),
    .AddrBits    (ADDR_BITS)
  ) u_read (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .step_i      (read_step_i),
    .row_select_o(row_select),
    .row_base_o  (row_base),
    .col_select_o(col_select),
    .col_base_o  (col_base)
  );

  fpsa_line_amounts #(
    .Height      (Height),
    .Width       (Width),
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
    .Beside      (TOGETHER),
    .RepeatRows  (RepeatRows),
    .RepeatCols  (RepeatCols),
    .CropTop     (CropTop),
    .CropBottom  (CropBottom),
    .CropLeft    (CropLeft),
    .CropRight   (CropRight),
    .Ahead       (Ahead),
    .AmountBits  (AmountBits)
  ) u_amounts (
    .clk_i  (clk_i),
    .rst_ni (rst_ni),
    .step_i (read_step_i),
    .need_o (need_o),
    .frees_o(frees_o)
  );

  // The word of every bank, and what was asked for when it was read
  wire [ROW_BANKS*COL_BANKS*POSITION-1:0] words;
  reg  [KernelRows*ROW_CHOICES-1:0]       row_select_q;
  reg  [COL_TAPS*COL_CHOICES-1:0]         col_select_q;

  always @(posedge clk_i) begin
    if (read_i) begin
      row_select_q <= row_select;
      col_select_q <= col_select;
    end
  end

  // A word further is an address further
  wire [ADDR_BITS-1:0] write_plane;
  wire [ADDR_BITS-1:0] read_plane;

  genvar r, c, t;
  generate
    if (ADDR_BITS > PlaneBits) begin : gen_pad
      assign write_plane = {{(ADDR_BITS-PlaneBits){1'b0}}, write_plane_i};
      assign read_plane  = {{(ADDR_BITS-PlaneBits){1'b0}}, read_plane_i};
    end else begin : gen_same
      assign write_plane = write_plane_i;
      assign read_plane  = read_plane_i;
    end

    for (r = 0; r < ROW_BANKS; r = r + 1) begin : gen_row
      wire [KernelRows-1:0] row_taps;

      for (t = 0; t < KernelRows; t = t + 1) begin : gen_tap
        assign row_taps[t] = |row_select[t*ROW_CHOICES+r*ROW_PARTS +: ROW_PARTS];
      end

      for (c = 0; c < COL_BANKS; c = c + 1) begin : gen_col
        wire [COL_TAPS-1:0] col_taps;

        for (t = 0; t < COL_TAPS; t = t + 1) begin : gen_tap
          assign col_taps[t] = |col_select[t*COL_CHOICES+c*COL_PARTS +: COL_PARTS];
        end

        fpsa_smb_memory #(
          .Width(POSITION),
          .Words(WORDS)
        ) u_bank (
          .clk_i       (clk_i),
          .write_i     (write_i && write_row[r] && write_col[c/TOGETHER]),
          .write_addr_i(write_row_base[r*ADDR_BITS +: ADDR_BITS]
                        + write_col_base[c/TOGETHER*ADDR_BITS +: ADDR_BITS] + write_plane),
          .value_i     (write_word_i[c%TOGETHER*POSITION +: POSITION]),
          .read_i      (read_i && |row_taps && |col_taps),
          .read_addr_i (row_base[r*ADDR_BITS +: ADDR_BITS] + col_base[c*ADDR_BITS +: ADDR_BITS]
                        + read_plane),
          .value_o     (words[(r*COL_BANKS+c)*POSITION +: POSITION])
        );
      end
    end
  endgenerate

  // Two rotations: rows of banks and of their parts to rows of taps, then columns
  localparam [PART_ROW-1:0] NO_ROW = 0;
  localparam [Lanes-1:0]    NONE   = 0;

  generate
    for (r = 0; r < KernelRows; r = r + 1) begin : gen_tap_row
      wire [COL_BANKS*PART_ROW-1:0] row;  // the words of this row of taps, by column of banks

      for (c = 0; c < COL_BANKS; c = c + 1) begin : gen_col
        reg [PART_ROW-1:0] word;
        integer            b;

        assign row[c*PART_ROW +: PART_ROW] = word;

        always @* begin
          word = NO_ROW;
          for (b = 0; b < ROW_CHOICES; b = b + 1)
            word = word | (row_select_q[r*ROW_CHOICES+b]
                ? words[(b/ROW_PARTS*COL_BANKS+c)*POSITION+b%ROW_PARTS*PART_ROW +: PART_ROW] : NO_ROW);
        end
      end

      for (t = 0; t < COL_TAPS; t = t + 1) begin : gen_tap
        localparam PLACE = ((t / KernelCols) * KernelRows + r) * KernelCols + t % KernelCols;

        reg [Lanes-1:0] word;
        integer         i;

        assign meets_o[PLACE] = |row_select_q[r*ROW_CHOICES +: ROW_CHOICES]
                                && |col_select_q[t*COL_CHOICES +: COL_CHOICES];
        assign window_o[PLACE*Lanes +: Lanes] = word;

        always @* begin
          word = NONE;
          for (i = 0; i < COL_CHOICES; i = i + 1)
            word = word | (col_select_q[t*COL_CHOICES+i] ? row[i*Lanes +: Lanes] : NONE);
        end
      end
    end
  endgenerate

  generate
    if (Lanes < 1 || Planes < 1 || Rows < 1 || Beside < 1 || Beside > Width || Deal < 0 || Deal > 1) begin : gen_limits
      fpsa_line_banks_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
