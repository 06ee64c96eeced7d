// All inputs, or random ones for many: the answer is their conjunction.
// verilator lint_off WIDTH
module fpsa_join_tb #(
  parameter Inputs = 3,
  parameter Seed   = 1,
  parameter Clocks = 200
);

`include "bench.vh"

  reg  [Inputs-1:0] ready = 0;
  wire              all;

  fpsa_join #(
    .Inputs(Inputs)
  ) u_dut (
    .ready_i(ready),
    .all_o  (all)
  );

  integer i, k, missing;

  initial begin
    for (i = 0; i < Clocks; i = i + 1) begin
      @(negedge clk);
      missing = 0;
      for (k = 0; k < Inputs; k = k + 1) begin
        ready[k] = chance(80);
        missing  = missing + !ready[k];
      end
      #1;
      expect_value("all", all, missing == 0);
    end
    pass;
  end

endmodule
