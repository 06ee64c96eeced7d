// Of each group of events the first ones.
//
// Latency     none; counts at the clock.
// Limits      1 <= Keep <= Group.
module fpsa_pass_first #(
  parameter Keep  = 3,
  parameter Group = 4
) (
  input  wire clk_i,
  input  wire rst_ni,
  input  wire event_i,
  output wire event_o
);

  localparam BITS = $clog2(Group + 1);
  localparam [31:0] KEEP = Keep;
  localparam [31:0] LAST = Group - 1;
  localparam [BITS-1:0] ONE = 1;

  reg [BITS-1:0] count_q;

  assign event_o = event_i && count_q < KEEP[BITS-1:0];

  always @(posedge clk_i) begin
    if (!rst_ni) count_q <= {BITS{1'b0}};
    else if (event_i) count_q <= (count_q == LAST[BITS-1:0]) ? {BITS{1'b0}} : count_q + ONE;
  end

  generate
    if (Keep < 1 || Group < Keep) begin : gen_limits
      fpsa_pass_first_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
