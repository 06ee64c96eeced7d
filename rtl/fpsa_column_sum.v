// Sum of one crossbar column: the weights of the rows that spike.
//
// A signed weight comes with its sign bit flipped, that is as weight + 2^(WeightBits-1), and a
// silent row counts as 0 + 2^(WeightBits-1): the adders see unsigned numbers only, no sign is ever
// extended, and one constant takes the offsets of all rows back.
//
// Latency     none, combinational.
// Widths      sum_o is exact: SumBits >= WeightBits + clog2(Rows), signed if Signed.
// Limits      Rows >= 1, WeightBits >= 1 (2 if Signed).
module fpsa_column_sum #(
  parameter Rows       = 256,
  parameter WeightBits = 8,
  parameter Signed     = 1,
  parameter SumBits    = WeightBits + $clog2(Rows)
) (
  input  wire [Rows-1:0]            spike_i,
  input  wire [Rows*WeightBits-1:0] weights_i,
  output wire [SumBits-1:0]         sum_o
);

  localparam [31:0]        REST_VALUE = (Signed != 0) ? 1 << (WeightBits - 1) : 0;
  localparam [31:0]        BACK_VALUE = -Rows * REST_VALUE;
  localparam [SumBits-1:0] REST       = REST_VALUE[SumBits-1:0];
  localparam [SumBits-1:0] BACK       = BACK_VALUE[SumBits-1:0];

  reg [SumBits-1:0] total;

  assign sum_o = total;

  integer r;

  always @* begin
    total = BACK;
    for (r = 0; r < Rows; r = r + 1)
      total = total
            + (spike_i[r] ? {{(SumBits-WeightBits){1'b0}}, weights_i[r*WeightBits +: WeightBits]}
                          : REST);
  end

`ifndef SYNTHESIS
  initial
    if (Rows < 1 || WeightBits < 1 || SumBits < WeightBits + $clog2(Rows) || SumBits > 32)
      $fatal(1, "fpsa_column_sum: bad parameters");
`endif

endmodule
