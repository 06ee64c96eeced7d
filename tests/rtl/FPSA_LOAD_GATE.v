// Stands for a clock gate of a cell library: high in the second half of an enabled cycle.
module FPSA_LOAD_GATE (
  input  wire CLK,
  input  wire EN,
  output wire Y
);

  assign Y = EN && !CLK;

endmodule
