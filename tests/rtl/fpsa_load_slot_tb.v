// Addresses of the slot, of its neighbours and of any other.
// verilator lint_off WIDTH
module fpsa_load_slot_tb #(
  parameter Slot      = 3,
  parameter IndexBits = 6,
  parameter Seed      = 1
);

`include "bench.vh"

  reg         we = 0;
  reg  [21:0] addr = 0;
  wire        own;
  wire [19:0] index;

  fpsa_load_slot #(
    .Slot     (Slot),
    .IndexBits(IndexBits)
  ) u_dut (
    .load_we_i  (we),
    .load_addr_i(addr),
    .we_o       (own),
    .index_o    (index)
  );

  integer i;

  initial begin
    for (i = 0; i < 3000; i = i + 1) begin
      @(negedge clk);
      we   = chance(80);
      addr = random(1'b0);
      if (chance(70)) addr = ((Slot + below(3) - 1) << IndexBits) | (addr & ((1 << IndexBits) - 1));
      #1;
      expect_value("own", own, we && addr / (1 << IndexBits) == Slot);
      expect_value("index", index, addr % (1 << IndexBits));
    end
    pass;
  end

endmodule
