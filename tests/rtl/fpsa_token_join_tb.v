// Frames of all lengths with pauses on both sides; now and then a reset. The model counts whole frames
// and takes remainders.
// verilator lint_off WIDTH
module fpsa_token_join_tb #(
  parameter Tokens = 5,
  parameter Seed   = 1,
  parameter Clocks = 4000
);

`include "bench.vh"

  reg  valid = 0;
  reg  ready = 0;
  reg  last = 0;
  wire sample_last;

  fpsa_token_join #(
    .Tokens(Tokens)
  ) u_dut (
    .clk_i    (clk),
    .rst_ni   (rst_n),
    .s_valid_i(valid),
    .s_ready_i(ready),
    .s_last_i (last),
    .m_last_o (sample_last)
  );

  integer frames = 0;  // since the reset
  integer samples = 0;
  integer i;

  initial begin
    repeat (3) @(negedge clk);
    for (i = 0; i < Clocks; i = i + 1) begin
      @(negedge clk);
      rst_n = i > 0 && !chance(1);
      valid = chance(70);
      ready = chance(70);
      last  = chance(60);
      #1;
      if (i > 0) expect_value("last", sample_last, last && frames % Tokens == Tokens - 1);
      if (valid && ready && last) frames = frames + 1;
      if (valid && ready && sample_last) samples = samples + 1;
      if (!rst_n) frames = 0;
    end
    expect_value("samples", samples > 5, 1);
    pass;
  end

endmodule
