// fpsa_merge for all values.
module fpsa_merge_formal #(
  parameter ActBits = 3,
  parameter Mode    = 1
) (
  input wire               clk_i,
  input wire               first_i,
  input wire [ActBits-1:0] old_i,
  input wire [ActBits-1:0] new_i
);

  localparam integer MOST = (1 << ActBits) - 1;

  wire [ActBits-1:0] value;
  integer            owed;

  fpsa_merge #(
    .ActBits(ActBits),
    .Mode   (Mode)
  ) u_merge (
    .first_i(first_i),
    .old_i  (old_i),
    .new_i  (new_i),
    .value_o(value)
  );

  always @* begin
    owed = new_i;
    if (!first_i && Mode == 1 && old_i > new_i) owed = old_i;
    if (!first_i && Mode == 2) owed = (old_i + new_i > MOST) ? MOST : old_i + new_i;
  end

  always @(posedge clk_i) begin
    merged: assert (value == owed);
    grows:  cover (!first_i && old_i == 5 && new_i == 4 && value != 0);
  end

endmodule
