// Counts words that were clipped: the bits of flags_i, in every cycle in which a result moves. The
// count stays at its greatest.
//
// Latency     one cycle.
// Handshake   valid_i and ready_i: a result moves where both are high.
// Limits      Flags, Bits >= 1; Bits + clog2(Flags + 1) <= 32.
module fpsa_clip_counter #(
  parameter Flags = 8,
  parameter Bits  = 4
) (
  // Clock
  input  wire                  clk_i,
  input  wire                  rst_ni,
  // Results
  input  wire                  valid_i,
  input  wire                  ready_i,
  input  wire [Flags*Bits-1:0] flags_i,
  // Since reset
  output wire [31:0]           count_o
);

  localparam SUM_BITS = Bits + $clog2(Flags + 1);

  reg  [31:0]         count_q;
  wire [SUM_BITS-1:0] sum;
  wire [32:0]         next = {1'b0, count_q} + {{(33-SUM_BITS){1'b0}}, sum};

  assign count_o = count_q;

  fpsa_sum_tree #(
    .Inputs (Flags),
    .InBits (Bits),
    .OutBits(SUM_BITS)
  ) u_sum (
    .terms_i(flags_i),
    .sum_o  (sum)
  );

  always @(posedge clk_i) begin
    if (!rst_ni) count_q <= 32'd0;
    else if (valid_i && ready_i) count_q <= next[32] ? 32'hffff_ffff : next[31:0];
  end

  generate
    if (Flags < 1 || Bits < 1 || SUM_BITS > 32) begin : gen_limits
      fpsa_clip_counter_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
