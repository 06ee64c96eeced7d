// Of every Tokens tokens the last; the others go nowhere.
//
// Stream      tokens of one beat or several, s_last_i with a token's last; data go past this leaf.
// Latency     none.
// Handshake   valid and ready on both sides; tokens that go nowhere wait for nobody. m_valid_o does not
//             look at m_ready_i.
// Widths      clog2(Tokens) bits count the tokens that came.
// Limits      Tokens >= 1.
module fpsa_last_token #(
  parameter Tokens = 4
) (
  // Clock
  input  wire clk_i,
  input  wire rst_ni,
  // All
  input  wire s_valid_i,
  output wire s_ready_o,
  input  wire s_last_i,
  // The last
  output wire m_valid_o,
  input  wire m_ready_i
);

  localparam                  COUNT_BITS = (Tokens > 1) ? $clog2(Tokens) : 1;
  localparam [31:0]           LAST       = Tokens - 1;
  localparam [COUNT_BITS-1:0] FIRST      = {COUNT_BITS{1'b0}};
  localparam [COUNT_BITS-1:0] ONE        = 1;

  reg [COUNT_BITS-1:0] count_q;

  wire due = count_q == LAST[COUNT_BITS-1:0];

  assign m_valid_o = s_valid_i && due;
  assign s_ready_o = m_ready_i || !due;

  always @(posedge clk_i) begin
    if (!rst_ni) count_q <= FIRST;
    else if (s_valid_i && s_ready_o && s_last_i) count_q <= due ? FIRST : count_q + ONE;
  end

  generate
    if (Tokens < 1) begin : gen_limits
      fpsa_last_token_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
