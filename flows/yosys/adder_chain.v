// Techmap for FPGAs: an addition becomes a carry chain of its own. Left to alumacc, additions in a
// row merge into carry-save trees, which cost an FPGA about twice the cells.
(* techmap_celltype = "$add" *)
module fpsa_adder_chain #(
  parameter A_SIGNED = 0,
  parameter B_SIGNED = 0,
  parameter A_WIDTH  = 1,
  parameter B_WIDTH  = 1,
  parameter Y_WIDTH  = 1
) (
  input  wire [A_WIDTH-1:0] A,
  input  wire [B_WIDTH-1:0] B,
  output wire [Y_WIDTH-1:0] Y
);

  wire [Y_WIDTH-1:0] unused_x;
  wire [Y_WIDTH-1:0] unused_carry;

  \$alu #(
    .A_SIGNED(A_SIGNED),
    .B_SIGNED(B_SIGNED),
    .A_WIDTH (A_WIDTH),
    .B_WIDTH (B_WIDTH),
    .Y_WIDTH (Y_WIDTH)
  ) alu (
    .A (A),
    .B (B),
    .CI(1'b0),
    .BI(1'b0),
    .X (unused_x),
    .Y (Y),
    .CO(unused_carry)
  );

endmodule
