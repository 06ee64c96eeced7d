// Techmap, of cells with the attribute fpsa_clock_gate only: the AND of a gated clock keeps its
// shape through ABC.
(* techmap_celltype = "$_AND_" *)
module fpsa_map_gate (A, B, Y);
  input  A, B;
  output Y;

  FPSA_AND _TECHMAP_REPLACE_ (.A(A), .B(B), .Y(Y));
endmodule
