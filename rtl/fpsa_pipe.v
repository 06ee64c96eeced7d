// When a pipeline of Stages registers steps, and whether what leaves it means something. All stages
// step together: what is inside stands while a result waits to be taken.
//
// Latency     Stages steps.
// Handshake   valid and ready on both sides; a word moves where both are high. ready_o follows
//             ready_i without delay and does not look at valid_i. After reset the pipeline is empty.
// Limits      Stages >= 1.
module fpsa_pipe #(
  parameter Stages = 4
) (
  // Clock
  input  wire clk_i,
  input  wire rst_ni,
  // In
  input  wire valid_i,
  output wire ready_o,
  // The stages' registers
  output wire step_o,
  // Out
  output wire valid_o,
  input  wire ready_i
);

  reg  [Stages-1:0] valid_q;
  wire [Stages:0]   valid = {valid_q, valid_i};

  assign valid_o = valid_q[Stages-1];
  assign step_o  = !valid_o || ready_i;
  assign ready_o = step_o;

  wire unused_last = valid[Stages];

  always @(posedge clk_i) begin
    if (!rst_ni) valid_q <= {Stages{1'b0}};
    else if (step_o) valid_q <= valid[Stages-1:0];
  end

  generate
    if (Stages < 1) begin : gen_limits
      fpsa_pipe_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
