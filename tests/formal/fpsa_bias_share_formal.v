// fpsa_bias_share: over a window, in whatever order the turns come, the shares make up the bias.
module fpsa_bias_share_formal #(
  parameter ActBits = 3,
  parameter AccBits = 7
) (
  input wire                      clk_i,
  input wire signed [AccBits-1:0] bias_i
);

  localparam TURNS = 1 << ActBits;

  wire [TURNS*AccBits-1:0] shares;

  genvar t;
  generate
    for (t = 0; t < TURNS; t = t + 1) begin : gen_turn
      localparam [ActBits-1:0] TURN = t;

      fpsa_bias_share #(
        .ActBits(ActBits),
        .AccBits(AccBits)
      ) u_share (
        .turn_i (TURN),
        .bias_i (bias_i),
        .share_o(shares[t*AccBits +: AccBits])
      );
    end
  endgenerate

  reg signed [AccBits+ActBits:0] sum;
  reg signed [AccBits-1:0]       share;
  reg                            even;
  integer                        i;

  always @* begin
    sum  = 0;
    even = 1'b1;
    for (i = 0; i < TURNS; i = i + 1) begin
      share = shares[i*AccBits +: AccBits];
      sum   = sum + share;
      if (share != (bias_i >>> ActBits) && share != (bias_i >>> ActBits) + 1) even = 1'b0;
    end
  end

  always @(posedge clk_i) begin
    sum_is_bias: assert (sum == bias_i);
    shares_even: assert (even);
    negative:    cover (bias_i == -5);
  end

endmodule
