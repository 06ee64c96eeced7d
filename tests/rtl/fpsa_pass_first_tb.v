// Events at random, of each group the first ones pass; resets in between.
// verilator lint_off WIDTH
module fpsa_pass_first_tb #(
  parameter Keep  = 3,
  parameter Group = 5,
  parameter Seed  = 1
);

`include "bench.vh"

  reg  event_in = 0;
  wire event_out;

  fpsa_pass_first #(
    .Keep (Keep),
    .Group(Group)
  ) u_dut (
    .clk_i  (clk),
    .rst_ni (rst_n),
    .event_i(event_in),
    .event_o(event_out)
  );

  integer i, count;

  initial begin
    count = 0;
    repeat (3) @(negedge clk);
    for (i = 0; i < 3000; i = i + 1) begin
      @(negedge clk);
      rst_n    = i > 0 && !chance(1);
      event_in = chance(60);
      #1;
      if (i > 0) expect_value("event", event_out, event_in && count % Group < Keep);
      count = !rst_n ? 0 : count + event_in;
    end
    pass;
  end

endmodule
