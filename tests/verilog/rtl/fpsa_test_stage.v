// A leaf with ports of many widths; every output is registered.
module fpsa_test_stage #(
  parameter Lanes    = 4,
  parameter Bits     = 3,
  parameter SumBits  = Bits + $clog2(Lanes),
  parameter InitFile = ""
) (
  input  wire                  clk_i,
  input  wire [Lanes*Bits-1:0] data_i,
  input  wire                  enable_i,
  output reg  [Lanes*Bits-1:0] data_o,
  output reg  [SumBits-1:0]    sum_o,
  output reg                   parity_o
);

  wire parity;

  fpsa_test_parity #(
    .Width(Lanes * Bits)
  ) u_parity (
    .data_i  (data_i),
    .parity_o(parity)
  );

  initial begin
    if (InitFile != "") $display("starts from %0s", InitFile);
  end

  always @(posedge clk_i) begin
    if (enable_i) data_o <= data_i;
    sum_o    <= {SumBits{parity}};
    parity_o <= parity;
  end

endmodule
