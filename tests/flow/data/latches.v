// A product on the way to latches that are open while the clock is low, and little behind them: a
// period of twice the product leaves no slack, and of three quarters of that neither.
module fpsa_toy_top (
  input  wire        clk_i,
  input  wire [11:0] a_i,
  output reg  [15:0] y_o
);
  reg [11:0] a_q;
  reg [15:0] product;
  always @(posedge clk_i) begin
    a_q <= a_i;
    y_o <= product;
  end
  always @* if (!clk_i) product = a_q * a_q[11:8];
endmodule
