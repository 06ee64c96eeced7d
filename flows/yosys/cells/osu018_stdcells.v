// What the flow's own cells are in the library osu018_stdcells.

module FPSA_ADDER_BIT (A, B, C, S, K);
  input  A, B, C;
  output S, K;
  FAX1 cell_ (.A(A), .B(B), .C(C), .YS(S), .YC(K));
endmodule

module FPSA_HALF_ADDER_BIT (A, B, S, K);
  input  A, B;
  output S, K;
  HAX1 cell_ (.A(A), .B(B), .YS(S), .YC(K));
endmodule

module FPSA_LATCH (E, D, Q);
  input  E, D;
  output Q;
  LATCH cell_ (.CLK(E), .D(D), .Q(Q));
endmodule

// Open while the clock is low.
module FPSA_LOAD_GATE (CLK, EN, Y);
  input  CLK, EN;
  output Y;
  wire   low;
  \$_NOT_ invert (.A(CLK), .Y(low));
  AND2X2 cell_ (.A(low), .B(EN), .Y(Y));
endmodule

module FPSA_CLOCK_AND (A, B, Y);
  input  A, B;
  output Y;
  AND2X2 cell_ (.A(A), .B(B), .Y(Y));
endmodule

(* techmap_celltype = "$_DLATCH_P_" *)
module map_latch_p (E, D, Q);
  input  E, D;
  output Q;
  LATCH cell_ (.CLK(E), .D(D), .Q(Q));
endmodule

(* techmap_celltype = "$_DLATCH_N_" *)
module map_latch_n (E, D, Q);
  input  E, D;
  output Q;
  wire   low;
  \$_NOT_ invert (.A(E), .Y(low));
  LATCH cell_ (.CLK(low), .D(D), .Q(Q));
endmodule
