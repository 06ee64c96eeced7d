// Tokens of one beat or several with pauses on both sides; now and then a reset. The model counts
// whole tokens and takes remainders.
// verilator lint_off WIDTH
module fpsa_last_token_tb #(
  parameter Tokens = 5,
  parameter Seed   = 1,
  parameter Clocks = 4000
);

`include "bench.vh"

  reg  valid = 0;
  reg  ready = 0;
  reg  last = 0;
  wire taken;
  wire given;

  fpsa_last_token #(
    .Tokens(Tokens)
  ) u_dut (
    .clk_i    (clk),
    .rst_ni   (rst_n),
    .s_valid_i(valid),
    .s_ready_o(taken),
    .s_last_i (last),
    .m_valid_o(given),
    .m_ready_i(ready)
  );

  integer tokens = 0;  // since the reset
  integer out = 0;
  integer i;
  reg     due;

  initial begin
    repeat (3) @(negedge clk);
    for (i = 0; i < Clocks; i = i + 1) begin
      @(negedge clk);
      rst_n = i > 0 && !chance(1);
      valid = chance(70);
      ready = chance(50);
      last  = chance(60);
      #1;
      due = tokens % Tokens == Tokens - 1;
      if (i > 0) expect_value("given", given, valid && due);
      if (i > 0) expect_value("taken", taken, ready || !due);
      if (given && ready) out = out + 1;
      if (valid && taken && last) tokens = tokens + 1;
      if (!rst_n) tokens = 0;
    end
    expect_value("some came out", out > 5, 1);
    pass;
  end

endmodule
