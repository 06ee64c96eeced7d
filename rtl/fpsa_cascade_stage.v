// One element of a cascade but the last: partial sums from above plus its own, registered by tick.
//
// Latency     one tick. The next element gets its spikes a tick later than this one.
// Handshake   state changes only at tick_i; no reset: every tick overwrites all there is.
// Widths      as fpsa_cascade_adder.
// Limits      as fpsa_cascade_adder; First 0 or 1 (nothing is above, sum_i is not read).
module fpsa_cascade_stage #(
  parameter Cols    = 256,
  parameter OwnBits = 16,
  parameter SumBits = 17,
  parameter Signed  = 1,
  parameter First   = 0
) (
  // Tick
  input  wire                    clk_i,
  input  wire                    tick_i,
  // Sums
  input  wire [Cols*SumBits-1:0] sum_i,
  input  wire [Cols*OwnBits-1:0] own_i,
  output wire [Cols*SumBits-1:0] sum_o
);

  wire [Cols*SumBits-1:0] sum;
  reg  [Cols*SumBits-1:0] sum_q;

  assign sum_o = sum_q;

  generate
    if (First != 0) begin : gen_first
      wire unused_above = &{1'b0, sum_i};

      fpsa_lane_widen #(
        .Lanes  (Cols),
        .InBits (OwnBits),
        .OutBits(SumBits),
        .Signed (Signed)
      ) u_own (
        .lanes_i(own_i),
        .lanes_o(sum)
      );
    end else begin : gen_below
      fpsa_cascade_adder #(
        .Cols   (Cols),
        .OwnBits(OwnBits),
        .SumBits(SumBits),
        .Signed (Signed)
      ) u_adder (
        .sum_i(sum_i),
        .own_i(own_i),
        .sum_o(sum)
      );
    end
  endgenerate

  always @(posedge clk_i) begin
    if (tick_i) sum_q <= sum;
  end

  generate
    if (Cols < 1 || OwnBits < 2 || SumBits < OwnBits || First < 0 || First > 1) begin : gen_limits
      fpsa_cascade_stage_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
