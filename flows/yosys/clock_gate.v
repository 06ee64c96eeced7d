// Techmap: flip-flops with an enable become plain ones behind a clock gate. The latch and the AND
// are alike for all flip-flops of one enable, so opt_merge leaves one gate an enable.

(* techmap_celltype = "$_DFFE_PP_" *)
module fpsa_map_dffe (C, D, E, Q);
  input  C, D, E;
  output Q;

  wire enabled, gated;

  \$_DLATCH_N_ latch (.E(C), .D(E), .Q(enabled));
  (* fpsa_clock_gate *) \$_AND_ gate (.A(C), .B(enabled), .Y(gated));
  \$_DFF_P_ register (.C(gated), .D(D), .Q(Q));
endmodule
