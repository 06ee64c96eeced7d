// Spiking memory block: Lanes x Depth values of ActBits bits between two spike buses.
//
// Write side  decodes a window's trains and, at its last tick with write_i, writes the values to
//             write_addr_i. Mode 0 stores; 1 keeps the larger of old and new (pooling); 2 adds,
//             saturating at 2^ActBits - 1 (residual). write_first_i stores whatever the mode: the
//             first write of a group, since memory has no reset.
// Read side   at a window's first tick (read_win_i) loads the values at read_addr_i, or zeros
//             without read_i, and plays them. Its windows may start at other ticks than the write
//             side's. A read at the tick of a write to the same address gives the old value.
// Latency     write: at the last tick. Read: trains start one tick after read_win_i.
// Handshake   state changes only at tick_i; strobes and addresses belong to the coming tick.
// Widths      AddrBits = max(1, clog2(Depth)), derived: leave it alone.
// Limits      Lanes, ActBits, Depth >= 1; addresses below Depth; Train 0 binary, 1 rate; Mode 0..2.
module fpsa_smb #(
  parameter Lanes    = 16,
  parameter Depth    = 4,
  parameter ActBits  = 6,
  parameter Train    = 0,
  parameter Mode     = 0,
  parameter AddrBits = (Depth > 1) ? $clog2(Depth) : 1
) (
  // Clock
  input  wire                clk_i,
  input  wire                rst_ni,
  // Tick
  input  wire                tick_i,
  // Write side
  input  wire                win_i,
  input  wire [Lanes-1:0]    spike_i,
  input  wire                write_i,
  input  wire                write_first_i,
  input  wire [AddrBits-1:0] write_addr_i,
  // Read side
  input  wire                read_win_i,
  input  wire                read_i,
  input  wire [AddrBits-1:0] read_addr_i,
  output wire                win_o,
  output wire [Lanes-1:0]    spike_o
);

  localparam PERIOD        = (Train == 0) ? ActBits : 1 << ActBits;
  localparam POSITION_BITS = (PERIOD > 1) ? $clog2(PERIOD) : 1;
  localparam WORD          = Lanes * ActBits;

  reg [WORD-1:0] memory_q [0:Depth-1];

  // Write side
  wire [POSITION_BITS-1:0] unused_position;
  wire                     last;
  wire                     unused_open;
  wire                     unused_full;
  wire                     unused_win;
  wire [WORD-1:0]          values;
  wire [WORD-1:0]          merged;
  wire [WORD-1:0]          old = memory_q[write_addr_i];

  fpsa_window_tracker #(
    .Period(PERIOD)
  ) u_tracker (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .tick_i    (tick_i),
    .win_i     (win_i),
    .position_o(unused_position),
    .last_o    (last),
    .open_o    (unused_open),
    .full_o    (unused_full),
    .win_o     (unused_win)
  );

  fpsa_train_decoder #(
    .Lanes  (Lanes),
    .ActBits(ActBits),
    .Train  (Train)
  ) u_decoder (
    .clk_i   (clk_i),
    .tick_i  (tick_i),
    .win_i   (win_i),
    .spike_i (spike_i),
    .values_o(values)
  );

  genvar l;
  generate
    for (l = 0; l < Lanes; l = l + 1) begin : gen_lane
      fpsa_merge #(
        .ActBits(ActBits),
        .Mode   (Mode)
      ) u_merge (
        .first_i(write_first_i),
        .old_i  (old[l*ActBits +: ActBits]),
        .new_i  (values[l*ActBits +: ActBits]),
        .value_o(merged[l*ActBits +: ActBits])
      );
    end
  endgenerate

  always @(posedge clk_i) begin
    if (tick_i && last && write_i) memory_q[write_addr_i] <= merged;
  end

  // Read side
  reg read_win_q;

  assign win_o = read_win_q;

  fpsa_train_encoder #(
    .Lanes  (Lanes),
    .ActBits(ActBits),
    .Train  (Train)
  ) u_encoder (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .tick_i  (tick_i),
    .win_i   (read_win_i),
    .values_i(memory_q[read_addr_i] & {WORD{read_i}}),
    .spike_o (spike_o)
  );

  always @(posedge clk_i) begin
    if (!rst_ni) read_win_q <= 1'b0;
    else if (tick_i) read_win_q <= read_win_i;
  end

  generate
    if (Lanes < 1 || ActBits < 1 || Depth < 1 || Train < 0 || Train > 1
        || Mode < 0 || Mode > 2) begin : gen_limits
      fpsa_smb_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
