// Frames of answers, on their way out and back at once.
//
// Frames      Blocks blocks each.
// Latency     none.
// Handshake   valid and ready; a block moves where both are high, and back_push_o says so: there is
//             always room on the way back. tag_valid_i with a frame's tag; without it nothing moves;
//             tag_pop_o with the frame's last block, with which last_o is the tag.
// Limits      Blocks >= 1.
module fpsa_recurrent_fork #(
  parameter Blocks = 2
) (
  // Clock
  input  wire clk_i,
  input  wire rst_ni,
  // Answers
  input  wire valid_i,
  output wire ready_o,
  // Out
  output wire valid_o,
  input  wire ready_i,
  output wire last_o,
  // Back
  output wire back_push_o,
  // Of each frame
  input  wire tag_valid_i,
  input  wire tag_last_i,
  output wire tag_pop_o
);

  localparam COUNT_BITS = (Blocks > 1) ? $clog2(Blocks) : 1;
  localparam [31:0] LAST = Blocks - 1;
  localparam [COUNT_BITS-1:0] ONE = 1;

  reg  [COUNT_BITS-1:0] count_q;
  wire                  is_last = count_q == LAST[COUNT_BITS-1:0];
  wire                  moves   = valid_o && ready_i;

  assign valid_o     = valid_i && tag_valid_i;
  assign ready_o     = ready_i && tag_valid_i;
  assign last_o      = is_last && tag_last_i;
  assign back_push_o = moves;
  assign tag_pop_o   = moves && is_last;

  always @(posedge clk_i) begin
    if (!rst_ni) count_q <= {COUNT_BITS{1'b0}};
    else if (moves) count_q <= is_last ? {COUNT_BITS{1'b0}} : count_q + ONE;
  end

  generate
    if (Blocks < 1) begin : gen_limits
      fpsa_recurrent_fork_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
