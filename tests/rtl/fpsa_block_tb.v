// Blocks of gates come at random, leave as steps, and their first gate's words come together as
// blocks again: all in order, none lost, whoever waits; and as soon as they can.
// verilator lint_off WIDTH
module fpsa_block_tb #(
  parameter Width    = 4,
  parameter Block    = 4,
  parameter Gates    = 3,
  parameter Elements = 2,
  parameter Seed     = 1,
  parameter Clocks   = 4000
);

`include "bench.vh"

  localparam STEPS = Block / Elements;

  reg                             in_valid = 0;
  wire                            in_ready;
  reg  [Block*Width-1:0]          in = 0;
  wire                            step_valid;
  wire                            step_ready;
  wire [Elements*Gates*Width-1:0] step;
  wire                            out_valid;
  reg                             out_ready = 0;
  wire [Block*Width-1:0]          out;
  wire [Elements*Width-1:0]       firsts;

  fpsa_block_split #(
    .Width   (Width),
    .Block   (Block),
    .Gates   (Gates),
    .Elements(Elements)
  ) u_split (
    .clk_i  (clk),
    .rst_ni (rst_n),
    .valid_i(in_valid),
    .ready_o(in_ready),
    .block_i(in),
    .valid_o(step_valid),
    .ready_i(step_ready),
    .words_o(step)
  );

  fpsa_block_gather #(
    .Width   (Width),
    .Block   (Block),
    .Elements(Elements)
  ) u_gather (
    .clk_i  (clk),
    .rst_ni (rst_n),
    .valid_i(step_valid),
    .ready_o(step_ready),
    .words_i(firsts),
    .valid_o(out_valid),
    .ready_i(out_ready),
    .block_o(out)
  );

  genvar e;
  generate
    for (e = 0; e < Elements; e = e + 1) begin : gen_first
      assign firsts[e*Width +: Width] = step[e*Gates*Width +: Width];
    end
  endgenerate

  // A model of both: blocks that came, and how far they went
  reg [Block*Width-1:0] blocks [0:Clocks-1];
  integer               came;      // blocks
  integer               passed;    // groups of Gates of them that left the first store
  integer               left;      // steps that the group in the second store still has
  integer               gathered;  // steps in the block that comes together
  integer               done;      // blocks that left
  integer               i, k, g, eager;
  reg                   full, ready_now, passes, takes, steps, leaves;

  task forget;
    begin
      came     = 0;
      passed   = 0;
      left     = 0;
      gathered = 0;
      done     = 0;
    end
  endtask

  initial begin
    forget;
    repeat (3) @(negedge clk);
    for (i = 0; i < Clocks; i = i + 1) begin
      @(negedge clk);
      if (i % 50 == 0) eager = 10 + below(91);
      rst_n     = i > 0 && !(chance(1) && chance(30));
      in_valid  = chance(110 - eager);
      in        = {random(1'b0), random(1'b0)};
      out_ready = chance(eager);
      #1;
      full      = came - passed * Gates == Gates;
      ready_now = gathered < STEPS || out_ready;
      passes    = full && (left == 0 || (left == 1 && ready_now));
      takes     = in_valid && (!full || passes);
      steps     = left > 0 && ready_now;
      leaves    = gathered == STEPS && out_ready;
      if (i > 0) begin
        expect_value("in ready", in_ready, !full || passes);
        expect_value("step valid", step_valid, left > 0);
        expect_value("out valid", out_valid, gathered == STEPS);
        if (left > 0)
          for (k = 0; k < Elements; k = k + 1)
            for (g = 0; g < Gates; g = g + 1)
              expect_value("step", step[(k*Gates+g)*Width +: Width],
                           blocks[(passed-1)*Gates+g] >> ((STEPS - left) * Elements + k) * Width
                           & ((1 << Width) - 1));
        if (gathered == STEPS) expect_value("block", out, blocks[done*Gates]);
      end
      if (!rst_n) begin
        forget;
      end else begin
        if (takes) blocks[came] = in;
        if (leaves) done = done + 1;
        gathered = (leaves ? 0 : gathered) + steps;
        if (passes) begin
          passed = passed + 1;
          left   = STEPS;
        end else if (steps) begin
          left = left - 1;
        end
        came = came + takes;
      end
    end
    pass;
  end

endmodule
