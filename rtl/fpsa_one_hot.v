// The word of the one input that is valid.
//
// Latency     none.
// Handshake   at most one of valid_i at a time; without any, word_o is zero.
// Limits      Inputs, Width >= 1.
module fpsa_one_hot #(
  parameter Inputs = 4,
  parameter Width  = 64
) (
  input  wire [Inputs-1:0]       valid_i,
  input  wire [Inputs*Width-1:0] words_i,
  output wire                    valid_o,
  output wire [Width-1:0]        word_o
);

  reg [Width-1:0] word;
  integer         i;

  assign valid_o = |valid_i;
  assign word_o  = word;

  always @* begin
    word = {Width{1'b0}};
    for (i = 0; i < Inputs; i = i + 1)
      if (valid_i[i]) word = word | words_i[i*Width +: Width];
  end

  generate
    if (Inputs < 1 || Width < 1) begin : gen_limits
      fpsa_one_hot_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
