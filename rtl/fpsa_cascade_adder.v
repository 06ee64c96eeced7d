// Adds the partial sums that arrive from the processing element above to a unit's own sums, column
// by column. The last element of a cascade feeds its neurons with the result.
//
// Latency     none.
// Widths      sum_o: OutBits a column; exact if OutBits holds every possible sum.
//             Signed 1: two's complement; 0: unsigned sums (paired neurons).
// Limits      Cols >= 1, 2 <= InBits <= OutBits, 2 <= OwnBits <= OutBits.
module fpsa_cascade_adder #(
  parameter Cols    = 256,
  parameter InBits  = 16,
  parameter OwnBits = 16,
  parameter OutBits = 17,
  parameter Signed  = 1
) (
  input  wire [Cols*InBits-1:0]  sum_i,
  input  wire [Cols*OwnBits-1:0] own_i,
  output wire [Cols*OutBits-1:0] sum_o
);

  genvar c;
  generate
    for (c = 0; c < Cols; c = c + 1) begin : gen_column
      wire [InBits-1:0]  in       = sum_i[c*InBits +: InBits];
      wire [OwnBits-1:0] own      = own_i[c*OwnBits +: OwnBits];
      wire               in_fill  = (Signed != 0) && in[InBits-1];
      wire               own_fill = (Signed != 0) && own[OwnBits-1];
      wire [OutBits:0]   in_wide  = {{(OutBits-InBits+1){in_fill}}, in};
      wire [OutBits:0]   own_wide = {{(OutBits-OwnBits+1){own_fill}}, own};
      wire               unused_carry;

      assign {unused_carry, sum_o[c*OutBits +: OutBits]} = in_wide + own_wide;
    end
  endgenerate

`ifndef SYNTHESIS
  initial
    if (Cols < 1 || InBits < 2 || OwnBits < 2 || OutBits < InBits || OutBits < OwnBits)
      $fatal(1, "fpsa_cascade_adder: bad widths");
`endif

endmodule
