// The larger of two values a lane, plane by plane: most significant bits first, one plane a step.
//
// Until the values differ both have the same bits; then the larger one's are let through. Two bits
// of state a lane say which one that is.
//
// Latency     none from the planes to plane_o.
// Handshake   state changes only with step_i; restart_i with a value's first plane. first_i holds
//             with a value and lets the new one through whatever the old one is.
// Limits      Lanes >= 1.
module fpsa_plane_max #(
  parameter Lanes = 16
) (
  input  wire             clk_i,
  input  wire             step_i,
  input  wire             restart_i,
  input  wire             first_i,
  input  wire [Lanes-1:0] old_i,
  input  wire [Lanes-1:0] new_i,
  output wire [Lanes-1:0] plane_o
);

  reg [Lanes-1:0] new_larger_q;
  reg [Lanes-1:0] old_larger_q;

  wire [Lanes-1:0] new_larger = new_larger_q & {Lanes{!restart_i}};
  wire [Lanes-1:0] old_larger = old_larger_q & {Lanes{!restart_i}};
  wire [Lanes-1:0] take_new   = new_larger | {Lanes{first_i}};
  wire [Lanes-1:0] take_old   = old_larger & {Lanes{!first_i}};

  assign plane_o = (new_i & ~take_old) | (old_i & ~take_new);

  always @(posedge clk_i) begin
    if (step_i) begin
      new_larger_q <= new_larger | (new_i & ~old_i & ~old_larger);
      old_larger_q <= old_larger | (old_i & ~new_i & ~new_larger);
    end
  end

  generate
    if (Lanes < 1) begin : gen_limits
      fpsa_plane_max_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
