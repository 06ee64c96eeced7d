// Two lanes of fpsa_lookups answer every index with its entry of the table, here 5 i + 3.
module fpsa_lookups_formal #(
  parameter IndexBits = 3,
  parameter ValueBits = 4
) (
  input wire                   clk_i,
  input wire                   rst_ni,
  input wire [2*IndexBits-1:0] index_i
);

  localparam DIGITS = 1 << (IndexBits - 1);

  function [ValueBits-1:0] entry(input [IndexBits-1:0] index);
    entry = 5 * index + 3;
  endfunction

  function [8*DIGITS*ValueBits-1:0] text(input unused);
    integer i, v;
    reg [ValueBits-1:0] word;
    begin
      text = {(DIGITS*ValueBits){8'h30}};  // digits 0
      for (i = 0; i < 2 * DIGITS; i = i + 1) begin
        word = entry(i);
        for (v = 0; v < ValueBits; v = v + 1) text[8*(v*DIGITS+i/2)+i%2] = word[v];
      end
    end
  endfunction

  wire [2*ValueBits-1:0] value;

  fpsa_lookups #(
    .Lanes    (2),
    .IndexBits(IndexBits),
    .ValueBits(ValueBits),
    .Truth    (text(1'b0))
  ) u_lookups (
    .index_i(index_i),
    .value_o(value)
  );

  always @(posedge clk_i) begin
    is_the_entry: assert (value == {entry(index_i[IndexBits +: IndexBits]),
                                    entry(index_i[0 +: IndexBits])});
    differs:      cover (value[0 +: ValueBits] != value[ValueBits +: ValueBits] && rst_ni);
  end

endmodule
