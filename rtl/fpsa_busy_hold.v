// Busy while an island is, and some cycles longer: events of the last tick are then still on their way to their
// counters, and whoever waits for busy_o to fall reads them whole.
//
// Latency     none to rise; busy_o falls Cycles cycles after busy_i.
// Limits      Cycles >= 1, Islands >= 1.
module fpsa_busy_hold #(
  parameter Cycles  = 15,
  parameter Islands = 1
) (
  input  wire               clk_i,
  input  wire               rst_ni,
  input  wire [Islands-1:0] busy_i,
  output wire               busy_o
);

  localparam                  COUNT_BITS = $clog2(Cycles + 1);
  localparam [31:0]           START      = Cycles;
  localparam [COUNT_BITS-1:0] ONE        = 1;

  reg  [COUNT_BITS-1:0] left_q;
  wire                  held = left_q != {COUNT_BITS{1'b0}};
  wire                  busy = |busy_i;

  assign busy_o = busy || held;

  always @(posedge clk_i) begin
    if (!rst_ni) left_q <= {COUNT_BITS{1'b0}};
    else if (busy) left_q <= START[COUNT_BITS-1:0];
    else if (held) left_q <= left_q - ONE;
  end

  generate
    if (Cycles < 1 || Islands < 1) begin : gen_limits
      fpsa_busy_hold_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
