// Stands for a full adder of a cell library.
module FPSA_ADDER_BIT (
  input  wire A,
  input  wire B,
  input  wire C,
  output wire S,
  output wire K
);

  assign {K, S} = A + B + C;

endmodule
