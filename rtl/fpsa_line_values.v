// Line walk for trains of either kind: it holds rows of a map as values, a token a word, and plays
// the window of each output position, all taps side by side.
//
// Values have ActBits bits. Maps, channels, taps and their order, strides, dilations, pads: see
// fpsa_line_banks. Lanes are the channels of a position; a token brings one position or, with Beside,
// that many of a row, the first lowest. A window's values stand in the output registers of the banks.
// Trains      0 binary: Bits ticks, most significant bit first; 1 rate: 2^Bits ticks. More spikes
//             than 2^ActBits - 1 count as so many; the leading bits of a binary window are not stored.
//
// Write side  a live window is the coming token.
// Read side   a live window is the coming firing; others are silent. need_o: tokens that must be
//             held before it begins. frees_o: tokens that this cycle's tick, the firing's first,
//             lets go; else 0.
// Meets       meets_o: with read_spike_o, bit by tap, whether it lies in the map; silent too.
// Latency     read: one tick, win_o and live_o too. Write: a cycle after the last tick.
// Handshake   state changes only at the side's own ticks; live holds with a window. written_o: the
//             token is in memory when the coming clock edge has passed.
// Widths      AmountBits, WriteLanes, Taps, ReadLanes: derived, leave them alone.
// Limits      ActBits >= 1; WriteBits, ReadBits >= ActBits; trains 0 or 1; those of fpsa_line_banks.
module fpsa_line_values #(
  parameter Lanes        = 16,
  parameter ActBits      = 6,
  parameter WriteTrain   = 1,
  parameter ReadTrain    = 1,
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

  localparam WORD          = Lanes * ActBits;
  localparam WRITE_PERIOD  = (WriteTrain == 0) ? WriteBits : 1 << WriteBits;
  localparam POSITION_BITS = (WRITE_PERIOD > 1) ? $clog2(WRITE_PERIOD) : 1;

  // Write side: the window's values, once it has ended
  wire [POSITION_BITS-1:0] unused_position;
  wire                     last;
  wire                     unused_open;
  wire                     unused_full;
  wire                     unused_win;
  wire [WriteLanes*ActBits-1:0] unused_values;
  wire [WriteLanes*ActBits-1:0] values;
  reg                      store_q;

  assign written_o = store_q;

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

  fpsa_train_decoder #(
    .Lanes  (WriteLanes),
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

  always @(posedge clk_i) begin
    store_q <= rst_ni && write_tick_i && write_live_i && last;
  end

  // Read side
  wire                         take = read_tick_i && read_live_i && read_win_i;
  wire [AmountBits-1:0]        frees;
  wire [Taps-1:0]              meets;
  wire [ReadLanes*ActBits-1:0] window;

  assign frees_o = frees & {AmountBits{take}};

  fpsa_line_banks #(
    .Lanes       (WORD),
    .Planes      (1),
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
    .write_i      (store_q),
    .write_plane_i(1'b0),
    .write_word_i (values),
    .write_step_i (store_q),
    .read_i       (take),
    .read_plane_i (1'b0),
    .read_step_i  (take),
    .need_o       (need_o),
    .frees_o      (frees),
    .meets_o      (meets),
    .window_o     (window)
  );

  reg win_q;
  reg live_q;

  assign read_win_o  = win_q;
  assign read_live_o = live_q;
  assign meets_o     = meets & {Taps{live_q}};

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      win_q  <= 1'b0;
      live_q <= 1'b0;
    end else if (read_tick_i) begin
      win_q  <= read_win_i;
      live_q <= read_live_i;
    end
  end

  fpsa_train_player #(
    .Lanes     (ReadLanes),
    .ActBits   (ActBits),
    .Train     (ReadTrain),
    .WindowBits(ReadBits)
  ) u_player (
    .clk_i   (clk_i),
    .tick_i  (read_tick_i),
    .win_i   (read_win_i),
    .show_i  (live_q),
    .values_i(window),
    .spike_o (read_spike_o)
  );

  generate
    if (ActBits < 1 || WriteBits < ActBits || ReadBits < ActBits || WriteTrain < 0 || WriteTrain > 1
        || ReadTrain < 0 || ReadTrain > 1) begin : gen_limits
      fpsa_line_values_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
