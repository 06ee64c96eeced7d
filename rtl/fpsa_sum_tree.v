// The sum of unsigned inputs.
//
// Latency     none.
// Widths      OutBits holds every possible sum: InBits + clog2(Inputs) always does.
// Limits      Inputs >= 1, 1 <= InBits <= OutBits.
module fpsa_sum_tree #(
  parameter Inputs  = 4,
  parameter InBits  = 8,
  parameter OutBits = 10
) (
  input  wire [Inputs*InBits-1:0] terms_i,
  output wire [OutBits-1:0]       sum_o
);

  localparam LEFT  = Inputs / 2;
  localparam RIGHT = Inputs - LEFT;

  generate
    if (Inputs <= 1) begin : gen_leaf
      wire unused_pad;
      assign {unused_pad, sum_o} = {{(OutBits-InBits+1){1'b0}}, terms_i};
    end else begin : gen_node
      wire [OutBits-1:0] left;
      wire [OutBits-1:0] right;

      fpsa_sum_tree #(
        .Inputs (LEFT),
        .InBits (InBits),
        .OutBits(OutBits)
      ) u_left (
        .terms_i(terms_i[LEFT*InBits-1:0]),
        .sum_o  (left)
      );

      fpsa_sum_tree #(
        .Inputs (RIGHT),
        .InBits (InBits),
        .OutBits(OutBits)
      ) u_right (
        .terms_i(terms_i[Inputs*InBits-1:LEFT*InBits]),
        .sum_o  (right)
      );

      assign sum_o = left + right;
    end
  endgenerate

  generate
    if (Inputs < 1 || InBits < 1 || OutBits < InBits) begin : gen_limits
      fpsa_sum_tree_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
