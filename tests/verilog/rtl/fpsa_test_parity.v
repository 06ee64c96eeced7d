// Parity of a word; a leaf below a leaf.
module fpsa_test_parity #(
  parameter Width = 2
) (
  input  wire [Width-1:0] data_i,
  output wire             parity_o
);

  assign parity_o = ^data_i;

endmodule
