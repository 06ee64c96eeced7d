// Techmap: adders become 1-bit full adders, FPSA_ADDER_BIT, which adder_bit.v then thins out where
// inputs are constant.

// What maccmap leaves of sums of more than two operands
(* techmap_celltype = "$fa" *)
module fpsa_map_fa (A, B, C, X, Y);
  parameter WIDTH = 1;

  input  [WIDTH-1:0] A, B, C;
  output [WIDTH-1:0] X, Y;

  genvar i;
  generate
    for (i = 0; i < WIDTH; i = i + 1) begin : gen_bit
      FPSA_ADDER_BIT adder (.A(A[i]), .B(B[i]), .C(C[i]), .S(Y[i]), .K(X[i]));
    end
  endgenerate
endmodule

// Additions, subtractions and comparisons: ripple carry.
(* techmap_celltype = "$alu" *)
module fpsa_map_alu (A, B, CI, BI, X, Y, CO);
  parameter A_SIGNED = 0;
  parameter B_SIGNED = 0;
  parameter A_WIDTH = 1;
  parameter B_WIDTH = 1;
  parameter Y_WIDTH = 1;

  input  [A_WIDTH-1:0] A;
  input  [B_WIDTH-1:0] B;
  input                CI, BI;
  output [Y_WIDTH-1:0] X, Y, CO;

  // A negation has an operand of width 0.
  wire [Y_WIDTH-1:0] a, b;
  generate
    if (A_WIDTH == 0) begin : gen_no_a
      assign a = {Y_WIDTH{1'b0}};
    end else begin : gen_a
      \$pos #(.A_SIGNED(A_SIGNED), .A_WIDTH(A_WIDTH), .Y_WIDTH(Y_WIDTH)) extend (.A(A), .Y(a));
    end
    if (B_WIDTH == 0) begin : gen_no_b
      assign b = {Y_WIDTH{1'b0}};
    end else begin : gen_b
      \$pos #(.A_SIGNED(B_SIGNED), .A_WIDTH(B_WIDTH), .Y_WIDTH(Y_WIDTH)) extend (.A(B), .Y(b));
    end
  endgenerate

  wire [Y_WIDTH-1:0] addend = b ^ {Y_WIDTH{BI}};
  wire [Y_WIDTH:0]   carry;

  assign carry[0] = CI;
  assign CO = carry[Y_WIDTH:1];
  assign X = a ^ addend;

  genvar i;
  generate
    for (i = 0; i < Y_WIDTH; i = i + 1) begin : gen_bit
      FPSA_ADDER_BIT adder (.A(a[i]), .B(addend[i]), .C(carry[i]), .S(Y[i]), .K(carry[i+1]));
    end
  endgenerate
endmodule
