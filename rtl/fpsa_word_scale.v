// A signed word times a constant, Plus - Minus, unrounded.
//
// Product 0   shifted words are added and subtracted: one for each bit that is set in Plus and Minus.
//             The fewest are those of the constant's canonical signed digits.
// Product 1   one multiplication, for a DSP block.
// Latency     none.
// Widths      word_o is modulo 2^OutBits: the caller's width holds every product that comes.
// Limits      InBits, OutBits >= 1; 0 <= Plus, Minus < 2^30, not the same; Product 0 or 1.
module fpsa_word_scale #(
  parameter InBits  = 16,
  parameter OutBits = 31,
  parameter Plus    = 32768,
  parameter Minus   = 9598,
  parameter Product = 0
) (
  input  wire [InBits-1:0]  word_i,
  output wire [OutBits-1:0] word_o
);

  localparam WIDE = InBits + OutBits + 31;  // more than enough: what is not needed falls away
  localparam [31:0] PLUS   = Plus;
  localparam [31:0] MINUS  = Minus;
  localparam [31:0] FACTOR = PLUS - MINUS;

  wire signed [WIDE-1:0] product;

  assign word_o = product[OutBits-1:0];

  wire unused_high = &{1'b0, product[WIDE-1:OutBits]};

  generate
    if (Product != 0) begin : gen_product
      wire signed [InBits-1:0] word   = word_i;
      wire signed [30:0]       factor = FACTOR[30:0];

      assign product = word * factor;
    end else begin : gen_sum
      wire [WIDE-1:0] word = {{(WIDE-InBits){word_i[InBits-1]}}, word_i};
      reg  [WIDE-1:0] sum;
      integer         i;

      always @* begin
        sum = {WIDE{1'b0}};
        for (i = 0; i < 30; i = i + 1) begin
          if (PLUS[i]) sum = sum + (word << i);
          if (MINUS[i]) sum = sum - (word << i);
        end
      end

      assign product = sum;
    end
  endgenerate

  generate
    if (InBits < 1 || OutBits < 1 || Plus < 0 || Minus < 0 || Plus >= (1 << 30)
        || Minus >= (1 << 30) || Plus == Minus || Product < 0 || Product > 1) begin : gen_limits
      fpsa_word_scale_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
