// A sample's frame as tokens: Tokens frames of Beats beats, a position of the map each.
//
// Stream      Tokens * Beats beats a sample, s_last_i on the final one; m_last_o is on the final
//             beat of each token. What leaves is always whole maps, as one that has begun cannot
//             be taken back: a frame that ends early is completed with beats of zeros, of one that
//             is too long the excess is dropped, up to and including its last beat. Either way
//             frame_error_o pulses once, with the beat at which it shows.
// Latency     none, at a beat a clock. While zeros leave, the source waits.
// Handshake   s_ready_o does not look at s_valid_i, nor m_valid_o at m_ready_i. Both are low after
//             a clock in reset, so a source that is up earlier loses nothing.
// Widths      clog2(Beats) + clog2(Tokens) bits count the beats of a sample that have left.
// Limits      Tokens, Beats, DataBits >= 1.
module fpsa_token_split #(
  parameter Tokens   = 4,
  parameter Beats    = 2,
  parameter DataBits = 8
) (
  // Clock
  input  wire                clk_i,
  input  wire                rst_ni,
  // Samples
  input  wire                s_valid_i,
  output wire                s_ready_o,
  input  wire [DataBits-1:0] s_data_i,
  input  wire                s_last_i,
  // Tokens
  output wire                m_valid_o,
  input  wire                m_ready_i,
  output wire [DataBits-1:0] m_data_o,
  output wire                m_last_o,
  // Errors
  output wire                frame_error_o
);

  // What becomes of the coming beat; if none of them, it waits for the reset to end
  reg awake_q;
  reg filling_q;
  reg dropping_q;

  wire passing = awake_q && !filling_q && !dropping_q;
  wire last;

  assign s_ready_o     = awake_q && !filling_q && (dropping_q || m_ready_i);
  assign m_valid_o     = filling_q || (passing && s_valid_i);
  assign m_data_o      = s_data_i & {DataBits{!filling_q}};
  assign frame_error_o = passing && s_valid_i && m_ready_i && s_last_i != last;

  always @(posedge clk_i) begin
    awake_q <= rst_ni;
    if (!rst_ni) begin
      filling_q  <= 1'b0;
      dropping_q <= 1'b0;
    end else if (frame_error_o) begin
      filling_q  <= s_last_i;
      dropping_q <= !s_last_i;
    end else begin
      if (m_ready_i && last) filling_q <= 1'b0;
      if (s_valid_i && s_last_i) dropping_q <= 1'b0;
    end
  end

  // Where in the sample it stands: the final beat of a token, of the last token
  fpsa_token_join #(
    .Tokens(Beats)
  ) u_beats (
    .clk_i    (clk_i),
    .rst_ni   (rst_ni),
    .s_valid_i(m_valid_o),
    .s_ready_i(m_ready_i),
    .s_last_i (1'b1),
    .m_last_o (m_last_o)
  );

  fpsa_token_join #(
    .Tokens(Tokens)
  ) u_tokens (
    .clk_i    (clk_i),
    .rst_ni   (rst_ni),
    .s_valid_i(m_valid_o),
    .s_ready_i(m_ready_i),
    .s_last_i (m_last_o),
    .m_last_o (last)
  );

  generate
    if (Tokens < 1 || Beats < 1 || DataBits < 1) begin : gen_limits
      fpsa_token_split_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
