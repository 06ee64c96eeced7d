// Words of a pipeline from one stage to the next.
//
// Latency     one step.
// Handshake   changes only at step_i; no reset: fpsa_pipe says which words mean something.
// Limits      Width >= 1.
module fpsa_word_register #(
  parameter Width = 64
) (
  input  wire             clk_i,
  input  wire             step_i,
  input  wire [Width-1:0] words_i,
  output wire [Width-1:0] words_o
);

  reg [Width-1:0] words_q;

  assign words_o = words_q;

  always @(posedge clk_i) begin
    if (step_i) words_q <= words_i;
  end

  generate
    if (Width < 1) begin : gen_limits
      fpsa_word_register_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
