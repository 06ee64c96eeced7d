// Techmap: an adder bit with a constant input becomes a half adder or gates. Run until nothing
// changes: the carry of one is the input of the next.

(* techmap_celltype = "FPSA_ADDER_BIT" *)
module fpsa_map_adder_bit (A, B, C, S, K);
  input  A, B, C;
  output S, K;

  parameter _TECHMAP_CONSTMSK_A_ = 0;
  parameter _TECHMAP_CONSTMSK_B_ = 0;
  parameter _TECHMAP_CONSTMSK_C_ = 0;
  parameter _TECHMAP_CONSTVAL_A_ = 0;
  parameter _TECHMAP_CONSTVAL_B_ = 0;
  parameter _TECHMAP_CONSTVAL_C_ = 0;

  wire _TECHMAP_FAIL_ = !(_TECHMAP_CONSTMSK_A_ || _TECHMAP_CONSTMSK_B_ || _TECHMAP_CONSTMSK_C_);

  localparam ONE = _TECHMAP_CONSTMSK_A_ ? _TECHMAP_CONSTVAL_A_ :
                   _TECHMAP_CONSTMSK_B_ ? _TECHMAP_CONSTVAL_B_ : _TECHMAP_CONSTVAL_C_;

  wire first  = _TECHMAP_CONSTMSK_A_ ? B : A;
  wire second = _TECHMAP_CONSTMSK_A_ || _TECHMAP_CONSTMSK_B_ ? C : B;

  generate
    if (ONE) begin : gen_one
      assign S = first ~^ second;
      assign K = first | second;
    end else begin : gen_zero
      FPSA_HALF_ADDER_BIT adder (.A(first), .B(second), .S(S), .K(K));
    end
  endgenerate
endmodule

(* techmap_celltype = "FPSA_HALF_ADDER_BIT" *)
module fpsa_map_half_adder_bit (A, B, S, K);
  input  A, B;
  output S, K;

  parameter _TECHMAP_CONSTMSK_A_ = 0;
  parameter _TECHMAP_CONSTMSK_B_ = 0;

  wire _TECHMAP_FAIL_ = !(_TECHMAP_CONSTMSK_A_ || _TECHMAP_CONSTMSK_B_);

  assign S = A ^ B;
  assign K = A & B;
endmodule
