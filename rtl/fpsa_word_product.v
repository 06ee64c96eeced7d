// Product of two signed words.
//
// Latency     none.
// Widths      product_o is modulo 2^OutBits: the caller's width holds every product that comes.
// Limits      ABits, BBits, OutBits >= 1.
module fpsa_word_product #(
  parameter ABits   = 16,
  parameter BBits   = 16,
  parameter OutBits = 32
) (
  input  wire [ABits-1:0]   a_i,
  input  wire [BBits-1:0]   b_i,
  output wire [OutBits-1:0] product_o
);

  localparam WIDE = ABits + BBits + OutBits;  // more than enough: what is not needed falls away

  wire signed [ABits-1:0] a       = a_i;
  wire signed [BBits-1:0] b       = b_i;
  wire signed [WIDE-1:0]  product = a * b;

  assign product_o = product[OutBits-1:0];

  wire unused_high = &{1'b0, product[WIDE-1:OutBits]};

  generate
    if (ABits < 1 || BBits < 1 || OutBits < 1) begin : gen_limits
      fpsa_word_product_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
