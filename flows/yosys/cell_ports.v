// The flow's own cells, which the RTL and the techmaps use and cells of a library fill in the end.

module FPSA_ADDER_BIT (A, B, C, S, K);
  input  A, B, C;
  output S, K;
endmodule

module FPSA_HALF_ADDER_BIT (A, B, S, K);
  input  A, B;
  output S, K;
endmodule

module FPSA_AND (A, B, Y);
  input  A, B;
  output Y;
endmodule

module FPSA_FLIP_FLOP (C, D, Q);
  input  C, D;
  output Q;
endmodule

// 0 while R is 0
module FPSA_FLIP_FLOP_R (C, D, R, Q);
  input  C, D, R;
  output Q;
endmodule

// Open while E is 1
module FPSA_LATCH (E, D, Q);
  input  E, D;
  output Q;
endmodule

// Open while E is 0
module FPSA_LATCH_N (E, D, Q);
  input  E, D;
  output Q;
endmodule

// The enable of latches that are open while the clock is low, if EN
module FPSA_LOAD_GATE (CLK, EN, Y);
  input  CLK, EN;
  output Y;
endmodule
