// Words in and out at random, never more in than have room: they leave in order, none lost, and
// the buffer says when it has room again. Two cycles after a word came an empty buffer shows it.
// verilator lint_off WIDTH
module fpsa_stream_buffer_tb #(
  parameter Width  = 8,
  parameter Depth  = 3,
  parameter Seed   = 1,
  parameter Clocks = 4000
);

`include "bench.vh"

  reg              push = 0;
  reg  [Width-1:0] in = 0;
  wire             freed;
  wire             valid;
  reg              ready = 0;
  wire [Width-1:0] out;

  fpsa_stream_buffer #(
    .Width(Width),
    .Depth(Depth)
  ) u_dut (
    .clk_i  (clk),
    .rst_ni (rst_n),
    .push_i (push),
    .data_i (in),
    .freed_o(freed),
    .valid_o(valid),
    .ready_i(ready),
    .data_o (out)
  );

  reg [Width-1:0] words [0:Clocks-1];
  integer         head, tail;  // of the words that are stored
  integer         stored;      // of them in memory
  reg             shown;
  integer         i, eager;

  initial begin
    head   = 0;
    tail   = 0;
    stored = 0;
    shown  = 0;
    repeat (3) @(negedge clk);
    for (i = 0; i < Clocks; i = i + 1) begin
      @(negedge clk);
      if (i % 50 == 0) eager = 10 + below(81);
      rst_n = i > 0 && !chance(1);
      ready = chance(eager);
      in    = random(1'b0);
      push  = rst_n && stored < Depth && chance(100 - eager);
      #1;
      if (i > 0) begin
        expect_value("valid", valid, shown);
        expect_value("freed", freed, stored > 0 && (!shown || ready));
        if (shown) expect_value("word", out, words[head]);
      end
      if (!rst_n) begin
        head   = tail;
        stored = 0;
        shown  = 0;
      end else begin
        if (shown && ready) head = head + 1;
        if (!shown || ready) begin
          shown = stored > 0;
          if (shown) stored = stored - 1;
        end
        if (push) begin
          words[tail] = in;
          tail        = tail + 1;
          stored      = stored + 1;
        end
      end
    end
    pass;
  end

endmodule
