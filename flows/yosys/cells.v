// Techmap: what the flow's own cells are where a library has no cell that is one of them. asic.tcl
// maps the roles that a library fills before and after this.

// Of gates, which ABC maps
module FPSA_ADDER_BIT (A, B, C, S, K);
  input  A, B, C;
  output S, K;
  wire   odd = A ^ B;
  assign S = odd ^ C;
  assign K = (A & B) | (odd & C);
endmodule

module FPSA_HALF_ADDER_BIT (A, B, S, K);
  input  A, B;
  output S, K;
  assign S = A ^ B;
  assign K = A & B;
endmodule

module FPSA_LATCH_N (E, D, Q);
  input  E, D;
  output Q;
  wire   high;
  \$_NOT_ invert (.A(E), .Y(high));
  FPSA_LATCH _TECHMAP_REPLACE_ (.E(high), .D(D), .Q(Q));
endmodule

module FPSA_LOAD_GATE (CLK, EN, Y);
  input  CLK, EN;
  output Y;
  wire   low;
  \$_NOT_ invert (.A(CLK), .Y(low));
  FPSA_AND _TECHMAP_REPLACE_ (.A(low), .B(EN), .Y(Y));
endmodule

(* techmap_celltype = "$_DFF_P_" *)
module map_dff_p (C, D, Q);
  input  C, D;
  output Q;
  FPSA_FLIP_FLOP _TECHMAP_REPLACE_ (.C(C), .D(D), .Q(Q));
endmodule

(* techmap_celltype = "$_DFF_PN0_" *)
module map_dff_pn0 (C, D, R, Q);
  input  C, D, R;
  output Q;
  FPSA_FLIP_FLOP_R _TECHMAP_REPLACE_ (.C(C), .D(D), .R(R), .Q(Q));
endmodule

(* techmap_celltype = "$_DLATCH_P_" *)
module map_dlatch_p (E, D, Q);
  input  E, D;
  output Q;
  FPSA_LATCH _TECHMAP_REPLACE_ (.E(E), .D(D), .Q(Q));
endmodule

(* techmap_celltype = "$_DLATCH_N_" *)
module map_dlatch_n (E, D, Q);
  input  E, D;
  output Q;
  FPSA_LATCH_N _TECHMAP_REPLACE_ (.E(E), .D(D), .Q(Q));
endmodule
