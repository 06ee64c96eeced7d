// 32,768 bits of memory.
module bank (
  input  wire        clk_i,
  input  wire        we_i,
  input  wire [9:0]  a_i,
  input  wire [31:0] d_i,
  output reg  [31:0] q_o
);
  reg [31:0] word_q [0:1023];

  always @(posedge clk_i) begin
    if (we_i) word_q[a_i] <= d_i;
    q_o <= word_q[a_i];
  end
endmodule
