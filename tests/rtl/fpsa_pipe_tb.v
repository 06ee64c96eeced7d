// A pipeline of registers: words that come at random leave in order, none lost, none twice, Stages
// steps later, whether or not the reader waits.
// verilator lint_off WIDTH
module fpsa_pipe_tb #(
  parameter Stages = 3,
  parameter Width  = 8,
  parameter Seed   = 1,
  parameter Clocks = 3000
);

`include "bench.vh"

  reg                     valid = 0;
  reg  [Width-1:0]        word = 0;
  reg                     ready = 0;
  wire                    step;
  wire                    ready_out;
  wire                    valid_out;
  wire [Width-1:0]        words [0:Stages];

  fpsa_pipe #(
    .Stages(Stages)
  ) u_dut (
    .clk_i  (clk),
    .rst_ni (rst_n),
    .valid_i(valid),
    .ready_o(ready_out),
    .step_o (step),
    .valid_o(valid_out),
    .ready_i(ready)
  );

  assign words[0] = word;

  genvar s;
  generate
    for (s = 0; s < Stages; s = s + 1) begin : gen_stage
      fpsa_word_register #(
        .Width(Width)
      ) u_register (
        .clk_i  (clk),
        .step_i (step),
        .words_i(words[s]),
        .words_o(words[s+1])
      );
    end
  endgenerate

  // What is in each stage
  reg             full [0:Stages-1];
  reg [Width-1:0] held [0:Stages-1];
  reg             moves;
  integer         i, k, eager;

  initial begin
    for (k = 0; k < Stages; k = k + 1) full[k] = 0;
    repeat (3) @(negedge clk);
    for (i = 0; i < Clocks; i = i + 1) begin
      @(negedge clk);
      if (i % 50 == 0) eager = 10 + below(81);
      rst_n = i > 0 && !chance(1);
      valid = chance(100 - eager);
      ready = chance(eager);
      word  = random(1'b0);
      #1;
      moves = !full[Stages-1] || ready;
      if (i > 0) begin
        expect_value("valid", valid_out, full[Stages-1]);
        expect_value("ready", ready_out, moves);
        expect_value("step", step, moves);
        if (full[Stages-1]) expect_value("word", words[Stages], held[Stages-1]);
      end
      if (!rst_n) begin
        for (k = 0; k < Stages; k = k + 1) full[k] = 0;
      end else if (moves) begin
        for (k = Stages - 1; k > 0; k = k - 1) begin
          full[k] = full[k-1];
          held[k] = held[k-1];
        end
        full[0] = valid;
        held[0] = word;
      end
    end
    pass;
  end

endmodule
