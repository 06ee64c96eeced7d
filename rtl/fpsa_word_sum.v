// Sum or difference of two signed words.
//
// Latency     none.
// Widths      sum_o is modulo 2^OutBits: the caller's width holds every sum that comes.
// Limits      ABits, BBits, OutBits >= 1; Subtract 0 or 1 (a_i - b_i).
module fpsa_word_sum #(
  parameter ABits    = 16,
  parameter BBits    = 16,
  parameter OutBits  = 17,
  parameter Subtract = 0
) (
  input  wire [ABits-1:0]   a_i,
  input  wire [BBits-1:0]   b_i,
  output wire [OutBits-1:0] sum_o
);

  localparam WIDE = ABits + BBits + OutBits;  // more than enough: what is not needed falls away

  wire [WIDE-1:0] a   = {{(WIDE-ABits){a_i[ABits-1]}}, a_i};
  wire [WIDE-1:0] b   = {{(WIDE-BBits){b_i[BBits-1]}}, b_i};
  wire [WIDE-1:0] sum = (Subtract != 0) ? a - b : a + b;

  assign sum_o = sum[OutBits-1:0];

  wire unused_high = &{1'b0, sum[WIDE-1:OutBits]};

  generate
    if (ABits < 1 || BBits < 1 || OutBits < 1 || Subtract < 0 || Subtract > 1) begin : gen_limits
      fpsa_word_sum_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
