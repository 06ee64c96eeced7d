// All positions of a window: bit ActBits - 1 - position is set and no other; none at position 0.
// verilator lint_off WIDTH
module fpsa_step_decoder_tb #(
  parameter ActBits = 6,
  parameter Seed    = 1
);

`include "bench.vh"

  localparam POSITION_BITS = (ActBits > 1) ? $clog2(ActBits) : 1;
  localparam STEP_BITS     = (ActBits > 1) ? ActBits - 1 : 1;

  reg  [POSITION_BITS-1:0] position = 0;
  wire [STEP_BITS-1:0]     step;

  fpsa_step_decoder #(
    .ActBits(ActBits)
  ) u_dut (
    .position_i(position),
    .step_o    (step)
  );

  integer i;

  initial begin
    for (i = 0; i < ActBits; i = i + 1) begin
      position = i;
      @(negedge clk);
      expect_value("step", step, i == 0 ? 0 : 1 << (ActBits - 1 - i));
    end
    pass;
  end

endmodule
