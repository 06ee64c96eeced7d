// Resets of any length that come and go at any time but that of a clock edge. The model counts the
// rising edges that found rst_ni high since it last was low.
// verilator lint_off WIDTH
module fpsa_reset_sync_tb #(
  parameter Seed     = 1,
  parameter Instants = 20000
);

`include "bench.vh"

  wire    rst_out;
  integer edges = 0;

  fpsa_reset_sync u_dut (
    .clk_i (clk),
    .rst_ni(rst_n),
    .rst_no(rst_out)
  );

  always @(posedge clk) edges = edges + 1;

  // The clock has its edges at multiples of 5
  initial begin
    #11;
    repeat (Instants) begin
      #1;
      if ($time % 5 != 0) begin
        expect_value("reset", rst_out, rst_n && edges >= 2);
        if (chance(rst_n ? 2 : 10)) begin
          rst_n = !rst_n;
          edges = 0;
        end
      end
    end
    pass;
  end

endmodule
