// Where in a memory the coming token lies: tokens of Step words follow each other, and after the
// last one that fits comes the first again.
//
// Latency     one cycle from step_i to base_o. Zero after reset.
// Widths      AddrBits = max(1, clog2(Words)), derived: leave it alone.
// Limits      Step >= 1, Words a multiple of Step.
module fpsa_walk #(
  parameter Words    = 4,
  parameter Step     = 1,
  parameter AddrBits = (Words > 1) ? $clog2(Words) : 1
) (
  input  wire                clk_i,
  input  wire                rst_ni,
  input  wire                step_i,
  output wire [AddrBits-1:0] base_o
);

  localparam [31:0] LAST = Words - Step;
  localparam [31:0] STEP = Step;

  reg [AddrBits-1:0] base_q;

  assign base_o = base_q;

  always @(posedge clk_i) begin
    if (!rst_ni) base_q <= {AddrBits{1'b0}};
    else if (step_i)
      base_q <= (base_q == LAST[AddrBits-1:0]) ? {AddrBits{1'b0}} : base_q + STEP[AddrBits-1:0];
  end

  generate
    if (Step < 1 || Words < Step || Words % Step != 0) begin : gen_limits
      fpsa_walk_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
