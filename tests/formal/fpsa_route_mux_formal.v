// fpsa_route_mux for all inputs and choices.
module fpsa_route_mux_formal #(
  parameter Inputs     = 5,
  parameter SelectBits = $clog2(Inputs + 1)
) (
  input wire                  clk_i,
  input wire [Inputs-1:0]     in_i,
  input wire [SelectBits-1:0] select_i
);

  wire    out;
  reg     owed;
  integer i;

  fpsa_route_mux #(
    .Inputs(Inputs)
  ) u_mux (
    .in_i    (in_i),
    .select_i(select_i),
    .out_o   (out)
  );

  always @* begin
    owed = 1'b0;
    for (i = 0; i < Inputs; i = i + 1)
      if (select_i == i + 1) owed = in_i[i];
  end

  always @(posedge clk_i) begin
    chosen: assert (out == owed);
    last:   cover (select_i == Inputs && out);
  end

endmodule
