// Spiking memory block for binary trains: it holds the planes of its values, one a word, most
// significant first.
//
// A tick writes the plane that arrives and reads the plane to be played: no decoder, no encoder, no
// register for a value, and words are as wide as the bus. Values have ActBits bits; windows of
// WriteBits and ReadBits ticks carry them behind zeros, which are not stored.
//
// Write side  a live window's planes go to write_base_i and the words after it. Mode 0 stores; 1
//             keeps the larger of old and new values (pooling), but stores with write_first_i: the
//             first window of a token, since memory has no reset. write_done_i: its last one.
// Read side   a live window plays the planes at read_base_i and after it; others are silent.
// Latency     read: one tick, win_o and live_o too. Write: at the tick (Mode 0), a cycle later (1).
// Handshake   state changes only at the side's own ticks; base, live, first and done hold with a
//             window. write_end_o: this cycle's tick is the last that writes a token; read_end_o:
//             the last that reads one. written_o: the token is in memory when the coming clock
//             edge has passed. None is read before that, nor written while it may be read.
// Widths      AddrBits = max(1, clog2(Depth * ActBits)), derived: leave it alone.
// Limits      Lanes, Depth, ActBits >= 1; WriteBits, ReadBits >= ActBits; Mode 0, or 1 with
//             WriteBits >= 2.
module fpsa_smb_planes #(
  parameter Lanes     = 16,
  parameter Depth     = 4,
  parameter ActBits   = 6,
  parameter WriteBits = ActBits,
  parameter ReadBits  = ActBits,
  parameter Mode      = 0,
  parameter AddrBits  = (Depth * ActBits > 1) ? $clog2(Depth * ActBits) : 1
) (
  // Clock
  input  wire                clk_i,
  input  wire                rst_ni,
  // Write side
  input  wire                write_tick_i,
  input  wire                write_win_i,
  input  wire                write_live_i,
  input  wire                write_first_i,
  input  wire                write_done_i,
  input  wire [AddrBits-1:0] write_base_i,
  input  wire [Lanes-1:0]    write_spike_i,
  output wire                write_end_o,
  output wire                written_o,
  // Read side
  input  wire                read_tick_i,
  input  wire                read_win_i,
  input  wire                read_live_i,
  input  wire [AddrBits-1:0] read_base_i,
  output wire                read_end_o,
  output wire                read_win_o,
  output wire                read_live_o,
  output wire [Lanes-1:0]    read_spike_o
);

  localparam WORDS = Depth * ActBits;

  // Write side
  wire                write_plane;
  wire                write_top;
  wire                write_last;
  wire [AddrBits-1:0] write_addr;

  fpsa_plane_walk #(
    .Period  (WriteBits),
    .Planes  (ActBits),
    .AddrBits(AddrBits)
  ) u_write (
    .clk_i  (clk_i),
    .rst_ni (rst_ni),
    .tick_i (write_tick_i),
    .win_i  (write_win_i),
    .base_i (write_base_i),
    .plane_o(write_plane),
    .top_o  (write_top),
    .last_o (write_last),
    .addr_o (write_addr)
  );

  wire write = write_tick_i && write_live_i && write_plane;

  assign write_end_o = write_tick_i && write_live_i && write_last && write_done_i;

  // What goes to memory
  wire                store;
  wire [AddrBits-1:0] store_addr;
  wire [Lanes-1:0]    store_plane;

  generate
    if (Mode == 0) begin : gen_store
      wire unused_first = &{1'b0, write_first_i, write_top};

      assign store       = write;
      assign store_addr  = write_addr;
      assign store_plane = write_spike_i;
      assign written_o   = write_end_o;
    end else begin : gen_max
      reg                store_q;
      reg                end_q;
      reg                top_q;
      reg                first_q;
      reg [AddrBits-1:0] addr_q;
      reg [Lanes-1:0]    plane_q;
      wire [Lanes-1:0]   old;

      assign store      = store_q;
      assign store_addr = addr_q;
      assign written_o  = end_q;

      always @(posedge clk_i) begin
        store_q <= rst_ni && write;
        end_q   <= rst_ni && write_end_o;
      end

      always @(posedge clk_i) begin
        top_q   <= write_top;
        first_q <= write_first_i;
        addr_q  <= write_addr;
        plane_q <= write_spike_i;
      end

      // A copy of the memory: its second read port
      fpsa_smb_memory #(
        .Width(Lanes),
        .Words(WORDS)
      ) u_old (
        .clk_i       (clk_i),
        .write_i     (store),
        .write_addr_i(store_addr),
        .value_i     (store_plane),
        .read_i      (write),
        .read_addr_i (write_addr),
        .value_o     (old)
      );

      fpsa_plane_max #(
        .Lanes(Lanes)
      ) u_max (
        .clk_i    (clk_i),
        .step_i   (store),
        .restart_i(top_q),
        .first_i  (first_q),
        .old_i    (old),
        .new_i    (plane_q),
        .plane_o  (store_plane)
      );
    end
  endgenerate

  // Read side
  wire                read_plane;
  wire                read_last;
  wire                unused_top;
  wire [AddrBits-1:0] read_addr;
  wire [Lanes-1:0]    plane;

  fpsa_plane_walk #(
    .Period  (ReadBits),
    .Planes  (ActBits),
    .AddrBits(AddrBits)
  ) u_read (
    .clk_i  (clk_i),
    .rst_ni (rst_ni),
    .tick_i (read_tick_i),
    .win_i  (read_win_i),
    .base_i (read_base_i),
    .plane_o(read_plane),
    .top_o  (unused_top),
    .last_o (read_last),
    .addr_o (read_addr)
  );

  fpsa_smb_memory #(
    .Width(Lanes),
    .Words(WORDS)
  ) u_memory (
    .clk_i       (clk_i),
    .write_i     (store),
    .write_addr_i(store_addr),
    .value_i     (store_plane),
    .read_i      (read_tick_i && read_live_i && read_plane),
    .read_addr_i (read_addr),
    .value_o     (plane)
  );

  reg win_q;
  reg live_q;
  reg plane_q;

  assign read_end_o   = read_tick_i && read_live_i && read_last;
  assign read_win_o   = win_q;
  assign read_live_o  = live_q;
  assign read_spike_o = plane & {Lanes{plane_q}};

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
    if (Lanes < 1 || Depth < 1 || ActBits < 1 || WriteBits < ActBits || ReadBits < ActBits
        || Mode < 0 || Mode > 1 || (Mode == 1 && WriteBits < 2)) begin : gen_limits
      fpsa_smb_planes_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
