// fpsa_pads for all values.
module fpsa_pads_formal #(
  parameter Slots = 2
) (
  input wire             clk_i,
  input wire             active_i,
  input wire [Slots-1:0] pad_i,
  input wire [Slots-1:0] leaves_i
);

  wire [Slots-1:0] enters, pad;

  fpsa_pads #(
    .Slots(Slots)
  ) u_pads (
    .active_i(active_i),
    .pad_i   (pad_i),
    .enters_o(enters),
    .leaves_i(leaves_i),
    .pad_o   (pad)
  );

  always @(posedge clk_i) begin
    enters_if_active: assert (enters == (active_i ? pad_i : 0));
    leaves_if_active: assert (pad == (active_i ? leaves_i : 0));
    both:             cover (enters == 1 && pad == 2);
  end

endmodule
