// Steps of Elements words as blocks of Block words.
//
// Latency     one cycle from a block's last step to the block.
// Handshake   valid and ready on both sides; a step or a block moves where both are high.
// Limits      Width, Elements >= 1; Elements divides Block.
module fpsa_block_gather #(
  parameter Width    = 16,
  parameter Block    = 8,
  parameter Elements = 1
) (
  // Clock
  input  wire                      clk_i,
  input  wire                      rst_ni,
  // Steps
  input  wire                      valid_i,
  output wire                      ready_o,
  input  wire [Elements*Width-1:0] words_i,
  // Blocks
  output wire                      valid_o,
  input  wire                      ready_i,
  output wire [Block*Width-1:0]    block_o
);

  localparam STEPS     = Block / Elements;
  localparam STEP_BITS = $clog2(STEPS + 1);
  localparam [31:0] ALL_STEPS = STEPS;
  localparam [STEP_BITS-1:0] ONE = 1;

  reg  [Block*Width-1:0]            block_q;  // the latest words highest
  reg  [STEP_BITS-1:0]              count_q;
  wire                              takes   = valid_i && ready_o;
  wire                              leaves  = valid_o && ready_i;
  wire [(Block+Elements)*Width-1:0] shifted = {words_i, block_q};

  assign valid_o = count_q == ALL_STEPS[STEP_BITS-1:0];
  assign ready_o = !valid_o || ready_i;
  assign block_o = block_q;

  wire unused_first = &{1'b0, shifted[Elements*Width-1:0]};

  always @(posedge clk_i) begin
    if (takes) block_q <= shifted[Elements*Width +: Block*Width];
  end

  always @(posedge clk_i) begin
    if (!rst_ni) count_q <= {STEP_BITS{1'b0}};
    else count_q <= (leaves ? {STEP_BITS{1'b0}} : count_q) + (takes ? ONE : {STEP_BITS{1'b0}});
  end

  generate
    if (Width < 1 || Block < 1 || Elements < 1 || STEPS * Elements != Block) begin : gen_limits
      fpsa_block_gather_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
