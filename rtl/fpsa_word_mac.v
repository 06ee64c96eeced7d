// Multiplies two signed words and adds products up: what a DSP block does.
//
// Latency     three cycles from the operands to the sum that holds their product.
// Handshake   products of operands with first_i begin a sum, all others are added to it, in every
//             cycle with live_i. No reset: a sum begins with first_i.
// Widths      sum_o is modulo 2^SumBits: the caller's width holds every sum that comes.
// Limits      XBits, WBits, SumBits >= 1.
module fpsa_word_mac #(
  parameter XBits   = 20,
  parameter WBits   = 16,
  parameter SumBits = 42
) (
  input  wire               clk_i,
  input  wire               live_i,
  input  wire               first_i,
  input  wire [XBits-1:0]   x_i,
  input  wire [WBits-1:0]   w_i,
  output wire [SumBits-1:0] sum_o
);

  localparam FULL = XBits + WBits;
  localparam WIDE = FULL + SumBits;  // more than enough: what is not needed falls away

  reg signed [XBits-1:0]   x_q;
  reg signed [WBits-1:0]   w_q;
  reg signed [FULL-1:0]    product_q;
  reg        [1:0]         live_q;
  reg        [1:0]         first_q;
  reg        [SumBits-1:0] sum_q;

  wire [WIDE-1:0]    wide    = {{(WIDE-FULL){product_q[FULL-1]}}, product_q};
  wire [SumBits-1:0] product = wide[SumBits-1:0];

  assign sum_o = sum_q;

  wire unused_high = &{1'b0, wide[WIDE-1:SumBits]};

  always @(posedge clk_i) begin
    x_q       <= x_i;
    w_q       <= w_i;
    product_q <= x_q * w_q;
    live_q    <= {live_q[0], live_i};
    first_q   <= {first_q[0], first_i};
    if (live_q[1]) sum_q <= first_q[1] ? product : sum_q + product;
  end

  generate
    if (XBits < 1 || WBits < 1 || SumBits < 1) begin : gen_limits
      fpsa_word_mac_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
