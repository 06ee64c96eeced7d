// Flags of results that move at random, and counts near the greatest.
// verilator lint_off WIDTH
module fpsa_clip_counter_tb #(
  parameter Flags = 5,
  parameter Bits  = 3,
  parameter Seed  = 1
);

`include "bench.vh"

  reg                   valid = 0;
  reg                   ready = 0;
  reg  [Flags*Bits-1:0] flags = 0;
  wire [31:0]           count;

  fpsa_clip_counter #(
    .Flags(Flags),
    .Bits (Bits)
  ) u_dut (
    .clk_i  (clk),
    .rst_ni (rst_n),
    .valid_i(valid),
    .ready_i(ready),
    .flags_i(flags),
    .count_o(count)
  );

  reg [63:0] expected;
  integer    i, k;

  initial begin
    expected = 0;
    repeat (3) @(negedge clk);
    for (i = 0; i < 3000; i = i + 1) begin
      @(negedge clk);
      rst_n = i > 0 && !(chance(1) && i < 2000);
      valid = chance(70);
      ready = chance(70);
      flags = {random(1'b0), random(1'b0), random(1'b0)};
      if (i == 2500) begin
        expected = 64'hffff_ffa0;
        force u_dut.count_q = 32'hffff_ffa0;
        #1 release u_dut.count_q;
      end
      #1;
      if (i > 0) expect_value("count", count, expected);
      if (!rst_n) expected = 0;
      else if (valid && ready)
        for (k = 0; k < Flags; k = k + 1) expected = expected + flags[k*Bits +: Bits];
      if (expected > 64'hffff_ffff) expected = 64'hffff_ffff;
    end
    pass;
  end

endmodule
