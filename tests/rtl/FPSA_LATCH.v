// Stands for a latch of a cell library.
module FPSA_LATCH (
  input  wire E,
  input  wire D,
  output reg  Q
);

  always @* if (E) Q = D;

endmodule
