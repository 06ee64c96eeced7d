// Random pushes and pops within the ring's rules, against counts that never wrap.
// verilator lint_off WIDTH
module fpsa_ring_tb #(
  parameter Depth  = 3,
  parameter Seed   = 1,
  parameter Clocks = 3000
);

`include "bench.vh"

  localparam SLOT_BITS = (Depth > 1) ? $clog2(Depth) : 1;

  reg                  push = 0;
  reg                  pop = 0;
  wire                 full;
  wire                 valid;
  wire [SLOT_BITS-1:0] write_slot;
  wire [SLOT_BITS-1:0] read_slot;

  fpsa_ring #(
    .Depth(Depth)
  ) u_dut (
    .clk_i       (clk),
    .rst_ni      (rst_n),
    .push_i      (push),
    .full_o      (full),
    .write_slot_o(write_slot),
    .pop_i       (pop),
    .valid_o     (valid),
    .read_slot_o (read_slot)
  );

  integer pushed = 0;
  integer popped = 0;
  integer i, eager;

  initial begin
    repeat (3) @(negedge clk);
    for (i = 0; i < Clocks; i = i + 1) begin
      @(negedge clk);
      if (i % 50 == 0) eager = 10 + below(81);
      rst_n = i > 0 && !chance(1);
      pop   = rst_n && pushed > popped && chance(100 - eager);
      push  = rst_n && (pushed - popped < Depth || pop) && chance(eager);
      #1;
      if (i > 0) begin
        expect_value("full", full, pushed - popped == Depth);
        expect_value("valid", valid, pushed > popped);
        expect_value("write slot", write_slot, pushed % Depth);
        expect_value("read slot", read_slot, popped % Depth);
      end
      pushed = rst_n ? pushed + push : 0;
      popped = rst_n ? popped + pop : 0;
    end
    pass;
  end

endmodule
