// When a block-circulant engine reads what. Vectors of Cols blocks come into one half of a memory
// while passes over the other half go on: a pass reads all blocks of a vector, one a cycle, for
// Lanes rows of blocks at once; Passes of them make a product. A pass begins only if there is room
// for its results, so nothing that has begun ever waits.
//
// Addresses   blocks: half * Cols + block. Weights: pass * Cols + block.
// Latency     one cycle from the last block of a vector to its first read; passes follow each other
//             without a gap.
// Handshake   in: valid_i and ready_o, of blocks; write_o is their transfer. A pass reserves Lanes
//             results, the last of a vector Rest; freed_i gives one back.
// Limits      Cols, Passes, Lanes >= 1, 1 <= Rest <= Lanes <= Depth.
module fpsa_circulant_walk #(
  parameter Cols       = 4,
  parameter Passes     = 2,
  parameter Lanes      = 2,
  parameter Rest       = 2,
  parameter Depth      = 4,
  parameter BlockBits  = $clog2(2 * Cols),
  parameter WeightBits = (Passes * Cols > 1) ? $clog2(Passes * Cols) : 1
) (
  // Clock
  input  wire                  clk_i,
  input  wire                  rst_ni,
  // Blocks that come
  input  wire                  valid_i,
  output wire                  ready_o,
  output wire                  write_o,
  output wire [BlockBits-1:0]  write_addr_o,
  // Blocks and weights that are read
  output wire                  read_o,
  output wire                  first_o,
  output wire                  last_o,
  output wire [BlockBits-1:0]  read_addr_o,
  output wire [WeightBits-1:0] weight_addr_o,
  // Results that left
  input  wire                  freed_i
);

  localparam COL_BITS  = (Cols > 1) ? $clog2(Cols) : 1;
  localparam PASS_BITS = (Passes > 1) ? $clog2(Passes) : 1;
  localparam ROOM_BITS = $clog2(Depth + 1);

  localparam [31:0] COLS      = Cols;
  localparam [31:0] LAST_COL  = Cols - 1;
  localparam [31:0] LAST_PASS = Passes - 1;
  localparam [31:0] LANES     = Lanes;
  localparam [31:0] REST      = Rest;
  localparam [31:0] DEPTH     = Depth;

  localparam [COL_BITS-1:0]   ONE_COL    = 1;
  localparam [PASS_BITS-1:0]  ONE_PASS   = 1;
  localparam [WeightBits-1:0] ONE_WEIGHT = 1;

  // Writing
  reg  [COL_BITS-1:0] write_q;
  reg                 write_half_q;
  reg  [1:0]          full_q;       // vectors that are whole and not read to their end
  wire                written = write_o && write_q == LAST_COL[COL_BITS-1:0];

  assign ready_o      = !full_q[1];
  assign write_o      = valid_i && ready_o;
  assign write_addr_o = {{(BlockBits-COL_BITS){1'b0}}, write_q}
                        + (write_half_q ? COLS[BlockBits-1:0] : {BlockBits{1'b0}});

  // Reading
  reg                   going_q;      // a pass is under way
  reg  [COL_BITS-1:0]   read_q;
  reg  [PASS_BITS-1:0]  pass_q;       // the one under way, or the next
  reg                   read_half_q;
  reg  [WeightBits-1:0] weight_q;
  reg  [ROOM_BITS-1:0]  room_q;       // results that nobody has reserved
  wire                  pass_ends   = going_q && read_q == LAST_COL[COL_BITS-1:0];
  wire                  vector_ends = pass_ends && pass_q == LAST_PASS[PASS_BITS-1:0];
  wire [PASS_BITS-1:0]  next_pass   = vector_ends ? {PASS_BITS{1'b0}}
                                      : pass_ends ? pass_q + ONE_PASS : pass_q;
  wire [ROOM_BITS-1:0]  wants       = (next_pass == LAST_PASS[PASS_BITS-1:0])
                                      ? REST[ROOM_BITS-1:0] : LANES[ROOM_BITS-1:0];
  wire                  has_vector  = (vector_ends ? full_q[1] : full_q != 2'd0);
  wire                  begins      = (!going_q || pass_ends) && has_vector && room_q >= wants;

  assign read_o        = going_q;
  assign first_o       = read_q == {COL_BITS{1'b0}};
  assign last_o        = pass_ends;
  assign read_addr_o   = {{(BlockBits-COL_BITS){1'b0}}, read_q}
                         + (read_half_q ? COLS[BlockBits-1:0] : {BlockBits{1'b0}});
  assign weight_addr_o = weight_q;

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      write_q      <= {COL_BITS{1'b0}};
      write_half_q <= 1'b0;
      full_q       <= 2'd0;
      going_q      <= 1'b0;
      read_q       <= {COL_BITS{1'b0}};
      pass_q       <= {PASS_BITS{1'b0}};
      read_half_q  <= 1'b0;
      weight_q     <= {WeightBits{1'b0}};
      room_q       <= DEPTH[ROOM_BITS-1:0];
    end else begin
      if (write_o) write_q <= written ? {COL_BITS{1'b0}} : write_q + ONE_COL;
      if (written) write_half_q <= !write_half_q;
      full_q  <= full_q + {1'b0, written} - {1'b0, vector_ends};
      going_q <= begins || (going_q && !pass_ends);
      if (going_q) begin
        read_q   <= pass_ends ? {COL_BITS{1'b0}} : read_q + ONE_COL;
        weight_q <= vector_ends ? {WeightBits{1'b0}} : weight_q + ONE_WEIGHT;
      end
      pass_q <= next_pass;
      if (vector_ends) read_half_q <= !read_half_q;
      room_q <= room_q - (begins ? wants : {ROOM_BITS{1'b0}}) + {{(ROOM_BITS-1){1'b0}}, freed_i};
    end
  end

  generate
    if (Cols < 1 || Passes < 1 || Lanes < 1 || Rest < 1 || Rest > Lanes || Lanes > Depth)
      begin : gen_limits
      fpsa_circulant_walk_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
