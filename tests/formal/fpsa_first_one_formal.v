// fpsa_first_one for all inputs.
module fpsa_first_one_formal #(
  parameter Width     = 5,
  parameter IndexBits = (Width > 1) ? $clog2(Width) : 1
) (
  input wire             clk_i,
  input wire [Width-1:0] bits_i
);

  wire                 any;
  wire [IndexBits-1:0] index;
  reg  [IndexBits-1:0] owed;
  integer              i;

  fpsa_first_one #(
    .Width(Width)
  ) u_first (
    .bits_i (bits_i),
    .any_o  (any),
    .index_o(index)
  );

  always @* begin
    owed = 0;
    for (i = Width - 1; i >= 0; i = i - 1)
      if (bits_i[i]) owed = i;
  end

  always @(posedge clk_i) begin
    any_is_some:  assert (any == (bits_i != 0));
    index_lowest: assert (index == owed);
    last_alone:   cover (index == Width - 1);
  end

endmodule
