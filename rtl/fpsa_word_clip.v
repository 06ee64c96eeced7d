// A signed word in fewer bits: the nearest number that they hold.
//
// Latency     none.
// Widths      clipped_o: word_o is not word_i.
// Limits      1 <= OutBits <= InBits.
module fpsa_word_clip #(
  parameter InBits  = 20,
  parameter OutBits = 16
) (
  input  wire [InBits-1:0]  word_i,
  output wire [OutBits-1:0] word_o,
  output wire               clipped_o
);

  wire                    negative = word_i[InBits-1];
  wire [InBits-OutBits:0] high     = word_i[InBits-1:OutBits-1];

  assign clipped_o = high != {(InBits-OutBits+1){negative}};
  assign word_o    = clipped_o ? ({OutBits{1'b1}} << (OutBits - 1)) ^ {OutBits{!negative}}
                               : word_i[OutBits-1:0];

  generate
    if (OutBits < 1 || InBits < OutBits) begin : gen_limits
      fpsa_word_clip_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
