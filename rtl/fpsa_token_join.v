// The last beat of a sample: that of every Tokens-th frame.
//
// Stream      one frame a token in, one a sample out. Only `last` is another, so valid, ready and
//             data go past this leaf.
// Latency     none.
// Handshake   s_valid_i and s_ready_i are looked at, and are those of both sides. m_last_o does
//             not look at them.
// Widths      clog2(Tokens) bits count the tokens of a sample that have left.
// Limits      Tokens >= 1.
module fpsa_token_join #(
  parameter Tokens = 4
) (
  // Clock
  input  wire clk_i,
  input  wire rst_ni,
  // Tokens
  input  wire s_valid_i,
  input  wire s_ready_i,
  input  wire s_last_i,
  // Samples
  output wire m_last_o
);

  localparam                  COUNT_BITS = (Tokens > 1) ? $clog2(Tokens) : 1;
  localparam [31:0]           LAST       = Tokens - 1;
  localparam [COUNT_BITS-1:0] FIRST      = {COUNT_BITS{1'b0}};
  localparam [COUNT_BITS-1:0] ONE        = 1;

  reg [COUNT_BITS-1:0] count_q;

  wire due = count_q == LAST[COUNT_BITS-1:0];

  assign m_last_o = s_last_i && due;

  always @(posedge clk_i) begin
    if (!rst_ni) count_q <= FIRST;
    else if (s_valid_i && s_ready_i && s_last_i) count_q <= due ? FIRST : count_q + ONE;
  end

  generate
    if (Tokens < 1) begin : gen_limits
      fpsa_token_join_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
