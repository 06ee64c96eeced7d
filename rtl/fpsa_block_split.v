// Gates blocks of Block words, one after the other, as Block / Elements steps of Elements words of
// each: element by element, gate by gate.
//
// Latency     one cycle from the last of the blocks to the first step; the next blocks come in
//             meanwhile.
// Handshake   valid and ready on both sides; a block or a step moves where both are high.
// Limits      Width, Gates >= 1, Elements >= 1 divides Block.
module fpsa_block_split #(
  parameter Width    = 16,
  parameter Block    = 8,
  parameter Gates    = 4,
  parameter Elements = 1
) (
  // Clock
  input  wire                            clk_i,
  input  wire                            rst_ni,
  // Blocks
  input  wire                            valid_i,
  output wire                            ready_o,
  input  wire [Block*Width-1:0]          block_i,
  // Steps
  output wire                            valid_o,
  input  wire                            ready_i,
  output wire [Elements*Gates*Width-1:0] words_o
);

  localparam SIZE      = Block * Width;
  localparam PART      = Elements * Width;
  localparam STEPS     = Block / Elements;
  localparam GATE_BITS = $clog2(Gates + 1);
  localparam STEP_BITS = $clog2(STEPS + 1);
  localparam [31:0] GATES      = Gates;
  localparam [31:0] ALL_STEPS  = STEPS;
  localparam [GATE_BITS-1:0] ONE_GATE = 1;
  localparam [STEP_BITS-1:0] ONE_STEP = 1;

  reg  [Gates*SIZE-1:0] in_q;     // blocks so far, the latest highest
  reg  [GATE_BITS-1:0]  in_count_q;
  reg  [Gates*SIZE-1:0] out_q;    // what is left of them, each with its next words lowest
  reg  [STEP_BITS-1:0]  left_q;
  wire                  full   = in_count_q == GATES[GATE_BITS-1:0];
  wire                  steps  = valid_o && ready_i;
  wire                  passes = full && (left_q == {STEP_BITS{1'b0}} || (left_q == ONE_STEP && ready_i));
  wire                  takes  = valid_i && ready_o;
  wire [(Gates+1)*SIZE-1:0] shifted = {block_i, in_q};

  assign ready_o = !full || passes;
  assign valid_o = left_q != {STEP_BITS{1'b0}};

  wire unused_first = &{1'b0, shifted[SIZE-1:0]};

  genvar g, e;
  generate
    for (g = 0; g < Gates; g = g + 1) begin : gen_gate
      wire [SIZE-1:0]      held = out_q[g*SIZE +: SIZE];
      wire [SIZE+PART-1:0] rest = {{PART{1'b0}}, held};
      wire                 unused_step = &{1'b0, rest[PART-1:0]};

      for (e = 0; e < Elements; e = e + 1) begin : gen_element
        assign words_o[(e*Gates+g)*Width +: Width] = held[e*Width +: Width];
      end

      always @(posedge clk_i) begin
        if (passes) out_q[g*SIZE +: SIZE] <= in_q[g*SIZE +: SIZE];
        else if (steps) out_q[g*SIZE +: SIZE] <= rest[PART +: SIZE];
      end
    end
  endgenerate

  always @(posedge clk_i) begin
    if (takes) in_q <= shifted[SIZE +: Gates*SIZE];
  end

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      in_count_q <= {GATE_BITS{1'b0}};
      left_q     <= {STEP_BITS{1'b0}};
    end else begin
      in_count_q <= (passes ? {GATE_BITS{1'b0}} : in_count_q) + (takes ? ONE_GATE : {GATE_BITS{1'b0}});
      if (passes) left_q <= ALL_STEPS[STEP_BITS-1:0];
      else if (steps) left_q <= left_q - ONE_STEP;
    end
  end

  generate
    if (Width < 1 || Gates < 1 || Block < 1 || Elements < 1 || STEPS * Elements != Block)
      begin : gen_limits
      fpsa_block_split_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
