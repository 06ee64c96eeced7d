// fpsa_cascade_adder and fpsa_cascade_stage, first of a cascade and below one, on random sums and
// the ends of their ranges: every column for itself, changes only with a tick.
// verilator lint_off WIDTH
module fpsa_cascade_tb #(
  parameter Cols    = 3,
  parameter OwnBits = 5,
  parameter SumBits = 7,
  parameter Signed  = 1,
  parameter Seed    = 1,
  parameter Clocks  = 1000
);

`include "bench.vh"

  reg                     tick = 0;
  reg  [Cols*SumBits-1:0] above = 0;
  reg  [Cols*OwnBits-1:0] own = 0;
  wire [Cols*SumBits-1:0] adder, first, below_it;

  fpsa_cascade_adder #(
    .Cols   (Cols),
    .OwnBits(OwnBits),
    .SumBits(SumBits),
    .Signed (Signed)
  ) u_adder (
    .sum_i(above),
    .own_i(own),
    .sum_o(adder)
  );

  fpsa_cascade_stage #(
    .Cols   (Cols),
    .OwnBits(OwnBits),
    .SumBits(SumBits),
    .Signed (Signed),
    .First  (1)
  ) u_first (
    .clk_i (clk),
    .tick_i(tick),
    .sum_i (above),
    .own_i (own),
    .sum_o (first)
  );

  fpsa_cascade_stage #(
    .Cols   (Cols),
    .OwnBits(OwnBits),
    .SumBits(SumBits),
    .Signed (Signed),
    .First  (0)
  ) u_below (
    .clk_i (clk),
    .tick_i(tick),
    .sum_i (above),
    .own_i (own),
    .sum_o (below_it)
  );

  integer alone    [0:Cols-1];
  integer together [0:Cols-1];
  integer i, c, value;

  // The number in a column's bits
  function integer number(input [31:0] bits, input integer width);
    begin
      number = bits & ((1 << width) - 1);
      if (Signed != 0 && bits[width-1]) number = number - (1 << width);
    end
  endfunction

  initial begin
    for (i = 0; i < Clocks; i = i + 1) begin
      @(negedge clk);
      tick  = i == 0 || chance(60);
      above = {Cols{random(0)}};
      for (c = 0; c < Cols; c = c + 1) begin
        if (chance(60)) above[c*SumBits +: SumBits] = random(0);
        own[c*OwnBits +: OwnBits] = chance(50) ? random(0) : 32'd1 << (OwnBits - chance(50));
        if (chance(20)) own[c*OwnBits +: OwnBits] = ~0;
      end
      #1;
      for (c = 0; c < Cols; c = c + 1) begin
        value = number(own >> c * OwnBits, OwnBits) + number(above >> c * SumBits, SumBits);
        expect_value("adder", adder[c*SumBits +: SumBits], value & ((1 << SumBits) - 1));
        if (i > 0) begin
          expect_value("first", first[c*SumBits +: SumBits], alone[c] & ((1 << SumBits) - 1));
          expect_value("below", below_it[c*SumBits +: SumBits],
                       together[c] & ((1 << SumBits) - 1));
        end
        if (tick) alone[c] = number(own >> c * OwnBits, OwnBits);
        if (tick) together[c] = value;
      end
    end
    pass;
  end

endmodule
