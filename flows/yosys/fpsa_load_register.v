// The ASIC form of rtl/fpsa_load_register.v: latches, open in the second half of a cycle with we_i.
//
// we_i and data_i come from flip-flops, so they are stable when the latches open, and at the
// clock edge that ends the cycle the latches hold what the flip-flops would. Between the two they
// differ; nothing looks, as no tick is given in a cycle that loads.
module fpsa_load_register #(
  parameter Width = 8
) (
  input  wire             clk_i,
  input  wire             we_i,
  input  wire [Width-1:0] data_i,
  output wire [Width-1:0] q_o
);

  wire open;

  FPSA_LOAD_GATE gate (
    .CLK(clk_i),
    .EN (we_i),
    .Y  (open)
  );

  genvar i;
  generate
    for (i = 0; i < Width; i = i + 1) begin : gen_bit
      FPSA_LATCH latch (
        .E(open),
        .D(data_i[i]),
        .Q(q_o[i])
      );
    end
  endgenerate

endmodule
