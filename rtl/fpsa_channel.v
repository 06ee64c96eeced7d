// Counts the tokens of a channel between two islands: how many were reserved, written and freed.
//
// Of the three counts only two differences matter: used = reserved - freed is what room is short
// of, held = written - freed is what can be read.
//
// Writer      room_o: reserve_i tokens more fit in. fire_i reserves them. write_i tokens, reserved
//             earlier, are in memory when the coming clock edge has passed.
// Reader      valid_o: at least need_i tokens are held. free_i tokens, held, are no longer needed
//             and may be overwritten after the coming clock edge.
// Latency     one cycle from fire_i, write_i or free_i to room_o and valid_o; none from reserve_i
//             and need_i.
// Handshake   fire_i only with room_o. All of them may come in one cycle. Tokens are written in the
//             order in which they were reserved, and freed in the order in which they were written.
// Widths      AmountBits = clog2(Most + 1), derived: leave it alone.
// Limits      1 <= Most <= Depth; amounts up to Most.
module fpsa_channel #(
  parameter Depth      = 2,
  parameter Most       = 1,
  parameter AmountBits = $clog2(Most + 1)
) (
  // Clock
  input  wire                  clk_i,
  input  wire                  rst_ni,
  // Writer
  input  wire [AmountBits-1:0] reserve_i,
  output wire                  room_o,
  input  wire                  fire_i,
  input  wire [AmountBits-1:0] write_i,
  // Reader
  input  wire [AmountBits-1:0] need_i,
  output wire                  valid_o,
  input  wire [AmountBits-1:0] free_i
);

  // Wide enough for a full channel and one reservation more
  localparam        BITS  = $clog2(Depth + Most + 1);
  localparam        PAD   = BITS - AmountBits;
  localparam [31:0] DEPTH = Depth;

  reg [BITS-1:0] used_q;
  reg [BITS-1:0] held_q;

  wire [BITS-1:0] more  = used_q + {{PAD{1'b0}}, reserve_i};
  wire [BITS-1:0] write = {{PAD{1'b0}}, write_i};
  wire [BITS-1:0] free  = {{PAD{1'b0}}, free_i};

  assign room_o  = more <= DEPTH[BITS-1:0];
  assign valid_o = held_q >= {{PAD{1'b0}}, need_i};

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      used_q <= {BITS{1'b0}};
      held_q <= {BITS{1'b0}};
    end else begin
      used_q <= (fire_i ? more : used_q) - free;
      held_q <= held_q + write - free;
    end
  end

  generate
    if (Most < 1 || Most > Depth) begin : gen_limits
      fpsa_channel_parameter_out_of_range u_limits ();
    end
  endgenerate

`ifndef SYNTHESIS
  always @(posedge clk_i) begin
    if (rst_ni && fire_i && !room_o) $fatal(1, "fpsa_channel: reserved without room");
    if (rst_ni && write > used_q - held_q) $fatal(1, "fpsa_channel: written, but not reserved");
    if (rst_ni && free > held_q) $fatal(1, "fpsa_channel: freed, but not written");
  end
`endif

endmodule
