// One element of a cascade but the last: partial sums from above plus its own, registered by tick.
// The first element has sum_i tied to zero.
//
// Latency     one tick. The next element gets its spikes a tick later than this one.
// Handshake   state changes only at tick_i; no reset: every tick overwrites all there is.
// Widths      as fpsa_cascade_adder.
// Limits      as fpsa_cascade_adder.
module fpsa_cascade_stage #(
  parameter Cols    = 256,
  parameter InBits  = 16,
  parameter OwnBits = 16,
  parameter OutBits = 17,
  parameter Signed  = 1
) (
  // Tick
  input  wire                    clk_i,
  input  wire                    tick_i,
  // Sums
  input  wire [Cols*InBits-1:0]  sum_i,
  input  wire [Cols*OwnBits-1:0] own_i,
  output wire [Cols*OutBits-1:0] sum_o
);

  wire [Cols*OutBits-1:0] sum;
  reg  [Cols*OutBits-1:0] sum_q;

  assign sum_o = sum_q;

  fpsa_cascade_adder #(
    .Cols   (Cols),
    .InBits (InBits),
    .OwnBits(OwnBits),
    .OutBits(OutBits),
    .Signed (Signed)
  ) u_adder (
    .sum_i(sum_i),
    .own_i(own_i),
    .sum_o(sum)
  );

  always @(posedge clk_i) begin
    if (tick_i) sum_q <= sum;
  end

endmodule
