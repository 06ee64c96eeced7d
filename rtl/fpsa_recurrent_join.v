// Frames of several streams in turn, each followed by what its stream answered to its last frame:
// zeros if there was none, or if a sequence ended with it.
//
// Frames      InBlocks blocks that come, then BackBlocks of the answer.
// Latency     none.
// Handshake   valid and ready on all three streams; a block moves where both are high. last_i
//             counts with the last block of a frame: its sequence ends, so the stream's next frame
//             begins at zero. The answer to a frame that a zero one follows is taken all the same.
//             tag_push_o with a frame's last block: whether it began at zero, and last_i.
// Limits      Width, InBlocks, BackBlocks, Streams >= 1.
module fpsa_recurrent_join #(
  parameter Width      = 64,
  parameter InBlocks   = 2,
  parameter BackBlocks = 2,
  parameter Streams    = 2
) (
  // Clock
  input  wire             clk_i,
  input  wire             rst_ni,
  // Frames that come
  input  wire             valid_i,
  output wire             ready_o,
  input  wire             last_i,
  input  wire [Width-1:0] data_i,
  // Answers
  input  wire             back_valid_i,
  output wire             back_ready_o,
  input  wire [Width-1:0] back_data_i,
  // Both
  output wire             valid_o,
  input  wire             ready_i,
  output wire [Width-1:0] data_o,
  // Of each frame
  output wire             tag_push_o,
  output wire             tag_fresh_o,
  output wire             tag_last_o
);

  localparam BLOCKS      = InBlocks + BackBlocks;
  localparam COUNT_BITS  = $clog2(BLOCKS);
  localparam STREAM_BITS = (Streams > 1) ? $clog2(Streams) : 1;
  localparam [31:0] IN          = InBlocks;
  localparam [31:0] LAST_IN     = InBlocks - 1;
  localparam [31:0] LAST_BLOCK  = BLOCKS - 1;
  localparam [31:0] LAST_STREAM = Streams - 1;
  localparam [COUNT_BITS-1:0]  ONE_BLOCK  = 1;
  localparam [STREAM_BITS-1:0] ONE_STREAM = 1;

  reg  [COUNT_BITS-1:0]  count_q;
  reg  [STREAM_BITS-1:0] stream_q;
  reg  [Streams-1:0]     fresh_q;   // the stream's frame begins at zero
  reg                    early_q;   // no stream has an answer yet
  reg                    last_q;    // of the frame under way
  wire                   is_in   = count_q < IN[COUNT_BITS-1:0];
  wire                   fresh   = fresh_q[stream_q];
  wire                   moves   = valid_o && ready_i;
  wire                   ends    = moves && count_q == LAST_BLOCK[COUNT_BITS-1:0];
  wire                   turns   = stream_q == LAST_STREAM[STREAM_BITS-1:0];

  assign valid_o      = is_in ? valid_i : early_q || back_valid_i;
  assign ready_o      = is_in && ready_i;
  assign back_ready_o = !is_in && !early_q && ready_i;
  assign data_o       = is_in ? data_i : back_data_i & {Width{!fresh}};

  assign tag_push_o  = ends;
  assign tag_fresh_o = fresh;
  assign tag_last_o  = last_q;

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      count_q  <= {COUNT_BITS{1'b0}};
      stream_q <= {STREAM_BITS{1'b0}};
      fresh_q  <= {Streams{1'b1}};
      early_q  <= 1'b1;
    end else begin
      if (moves) count_q <= ends ? {COUNT_BITS{1'b0}} : count_q + ONE_BLOCK;
      if (ends) begin
        stream_q          <= turns ? {STREAM_BITS{1'b0}} : stream_q + ONE_STREAM;
        fresh_q[stream_q] <= last_q;
        if (turns) early_q <= 1'b0;
      end
    end
  end

  always @(posedge clk_i) begin
    if (moves && count_q == LAST_IN[COUNT_BITS-1:0]) last_q <= last_i;
  end

  generate
    if (Width < 1 || InBlocks < 1 || BackBlocks < 1 || Streams < 1) begin : gen_limits
      fpsa_recurrent_join_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
