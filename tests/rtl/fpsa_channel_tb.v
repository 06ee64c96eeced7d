// Amounts at random, all at once or none, whenever the channel allows them. The model counts what
// was reserved, written and freed since the reset.
// verilator lint_off WIDTH
module fpsa_channel_tb #(
  parameter Depth  = 5,
  parameter Most   = 3,
  parameter Seed   = 1,
  parameter Clocks = 4000
);

`include "bench.vh"

  localparam AMOUNT_BITS = $clog2(Most + 1);

  reg  [AMOUNT_BITS-1:0] reserve = 0;
  reg                    fire = 0;
  reg  [AMOUNT_BITS-1:0] write = 0;
  reg  [AMOUNT_BITS-1:0] need = 0;
  reg  [AMOUNT_BITS-1:0] free = 0;
  wire                   room;
  wire                   valid;

  fpsa_channel #(
    .Depth(Depth),
    .Most (Most)
  ) u_dut (
    .clk_i    (clk),
    .rst_ni   (rst_n),
    .reserve_i(reserve),
    .room_o   (room),
    .fire_i   (fire),
    .write_i  (write),
    .need_i   (need),
    .valid_o  (valid),
    .free_i   (free)
  );

  integer reserved, written, freed;
  integer i, full, empty, eager;

  function integer at_most(input integer limit);
    at_most = below((limit < Most ? limit : Most) + 1);
  endfunction

  initial begin
    reserved = 0;
    written  = 0;
    freed    = 0;
    full     = 0;
    empty    = 0;
    repeat (3) @(negedge clk);
    for (i = 0; i < Clocks; i = i + 1) begin
      @(negedge clk);
      rst_n = i > 0 && (i % 500 != 499);
      if (i % 50 == 0) eager = below(101);
      reserve = below(Most + 1);
      need    = below(Most + 1);
      fire    = rst_n && reserved - freed + reserve <= Depth && chance(70);
      write   = rst_n && chance(60) ? at_most(reserved - written) : 0;
      free    = rst_n && chance(eager) ? at_most(written - freed) : 0;
      #1;
      if (i > 0) begin
        expect_value("room", room, reserved - freed + reserve <= Depth);
        expect_value("valid", valid, written - freed >= need);
      end
      if (written - freed == Depth) full = full + 1;
      if (reserved == freed) empty = empty + 1;
      reserved = reserved + (fire ? reserve : 0);
      written  = written + write;
      freed    = freed + free;
      if (!rst_n) begin
        reserved = 0;
        written  = 0;
        freed    = 0;
      end
    end
    expect_value("was full", full > 10, 1);
    expect_value("was empty", empty > 10, 1);
    pass;
  end

endmodule
