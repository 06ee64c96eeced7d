// Line walk for binary trains: it holds rows of a map as the planes of its values, most significant
// first, and plays the window of each output position, all taps side by side.
//
// A tick writes the plane of a token that arrives, and reads one plane of every tap: no decoder, no
// encoder, no register for a value. Values have ActBits bits; windows of WriteBits and ReadBits ticks
// carry them behind zeros, which are not stored. Maps, channels, taps and their order, strides,
// dilations, pads: see fpsa_line_banks. Lanes are the channels of a position; a token brings one
// position or, with Beside, that many of a row, the first lowest.
//
// Write side  a live window is the coming token.
// Read side   a live window is the coming firing; others are silent. need_o: tokens that must be
//             held before it begins. frees_o: tokens that this cycle's tick, the firing's last,
//             lets go; else 0.
// Meets       meets_o: with read_spike_o, bit by tap, whether it lies in the map; silent too.
// Latency     read: one tick, win_o and live_o too. Write: at the tick.
// Handshake   state changes only at the side's own ticks; live holds with a window. written_o: the
//             token is in memory when the coming clock edge has passed.
// Widths      AmountBits, WriteLanes, Taps, ReadLanes: derived, leave them alone.
// Limits      ActBits >= 1; WriteBits, ReadBits >= ActBits; those of fpsa_line_banks.
module fpsa_line_planes #(
  parameter Lanes        = 16,
  parameter ActBits      = 6,
  parameter WriteBits    = ActBits,
  parameter ReadBits     = ActBits,
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
  parameter AmountBits   = $clog2(Rows * ((Width + Beside - 1) / (Beside > 0 ? Beside : 1)) + 1),
  parameter WriteLanes   = Beside * (Deal != 0 ? RepeatRows * RepeatCols : 1) * Lanes,
  parameter Taps         = Neighbours * KernelRows * KernelCols,
  parameter ReadLanes    = Taps * Lanes
) (
  // Clock
  input  wire                  clk_i,
  input  wire                  rst_ni,
  // Write side
  input  wire                  write_tick_i,
  input  wire                  write_win_i,
  input  wire                  write_live_i,
  input  wire [WriteLanes-1:0] write_spike_i,
  output wire                  written_o,
  // Read side
  input  wire                  read_tick_i,
  input  wire                  read_win_i,
  input  wire                  read_live_i,
  output wire [AmountBits-1:0] need_o,
  output wire [AmountBits-1:0] frees_o,
  output wire                  read_win_o,
  output wire                  read_live_o,
  output wire [Taps-1:0]       meets_o,
  output wire [ReadLanes-1:0]  read_spike_o
);

  localparam PLANE_BITS = (ActBits > 1) ? $clog2(ActBits) : 1;
  localparam [ReadLanes-1:0] SILENT = 0;

  wire                  write_plane;
  wire                  write_last;
  wire [PLANE_BITS-1:0] write_number;
  wire                  unused_write_top;

  fpsa_plane_walk #(
    .Period  (WriteBits),
    .Planes  (ActBits),
    .AddrBits(PLANE_BITS)
  ) u_write (
    .clk_i  (clk_i),
    .rst_ni (rst_ni),
    .tick_i (write_tick_i),
    .win_i  (write_win_i),
    .base_i ({PLANE_BITS{1'b0}}),
    .plane_o(write_plane),
    .top_o  (unused_write_top),
    .last_o (write_last),
    .addr_o (write_number)
  );

  wire                  read_plane;
  wire                  read_last;
  wire [PLANE_BITS-1:0] read_number;
  wire                  unused_read_top;

  fpsa_plane_walk #(
    .Period  (ReadBits),
    .Planes  (ActBits),
    .AddrBits(PLANE_BITS)
  ) u_read (
    .clk_i  (clk_i),
    .rst_ni (rst_ni),
    .tick_i (read_tick_i),
    .win_i  (read_win_i),
    .base_i ({PLANE_BITS{1'b0}}),
    .plane_o(read_plane),
    .top_o  (unused_read_top),
    .last_o (read_last),
    .addr_o (read_number)
  );

  wire                  write = write_tick_i && write_live_i;
  wire                  read  = read_tick_i && read_live_i;
  wire                  ends  = read && read_last;
  wire [AmountBits-1:0] frees;
  wire [Taps-1:0]       meets;
  wire [ReadLanes-1:0]  plane;

  assign written_o = write && write_last;
  assign frees_o   = frees & {AmountBits{ends}};

  fpsa_line_banks #(
    .Lanes       (Lanes),
    .Planes      (ActBits),
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
  ) u_banks (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .write_i      (write && write_plane),
    .write_plane_i(write_number),
    .write_word_i (write_spike_i),
    .write_step_i (written_o),
    .read_i       (read && read_plane),
    .read_plane_i (read_number),
    .read_step_i  (ends),
    .need_o       (need_o),
    .frees_o      (frees),
    .meets_o      (meets),
    .window_o     (plane)
  );

  reg win_q;
  reg live_q;
  reg plane_q;

  assign read_win_o   = win_q;
  assign read_live_o  = live_q;
  assign meets_o      = meets & {Taps{plane_q}};
  assign read_spike_o = plane_q ? plane : SILENT;

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      win_q   <= 1'b0;
      live_q  <= 1'b0;
      plane_q <= 1'b0;
    end else if (read_tick_i) begin
      win_q   <= read_win_i;
      live_q  <= read_live_i;
      plane_q <= read_live_i && read_plane;
    end
  end

  generate
    if (ActBits < 1 || WriteBits < ActBits || ReadBits < ActBits) begin : gen_limits
      fpsa_line_planes_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
