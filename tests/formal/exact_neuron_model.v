// What an exact neuron owes: y = clip(floor((S + floor(theta / 2)) / theta), 0, top), S = bias + the
// window's sum, in the window after it; offset_i holds bias + floor(theta / 2). HalfEven: S / theta
// rounded to the nearest, an odd y that lies half a step too high one lower.
//
// known_o     the neuron's accumulator could hold S, so spike_o is owed.
// Lemmas      partial_o: the window's sum so far. value_o: offset plus the whole sum before;
//             summed_o: there was such a window.
module exact_neuron_model #(
  parameter ActBits   = 2,
  parameter SumBits   = 3,
  parameter AccBits   = 6,
  parameter ThetaBits = 3,
  parameter Train     = 0,
  parameter HalfEven  = 0
) (
  input  wire                      clk_i,
  input  wire                      rst_ni,
  input  wire                      tick_i,
  input  wire        [3:0]         position_i,
  input  wire signed [AccBits-1:0] offset_i,
  input  wire        [ThetaBits-1:0] theta_i,
  input  wire        [ActBits-1:0] top_i,
  input  wire signed [SumBits-1:0] sum_i,
  output wire                      known_o,
  output wire                      spike_o,
  output wire signed [11:0]        partial_o,
  output wire signed [11:0]        value_o,
  output wire                      summed_o
);

  localparam PERIOD = (Train == 0) ? ActBits : 1 << ActBits;
  localparam signed [11:0] HIGH = (1 << (AccBits - 1)) - 1;

  reg signed [11:0] partial_q;
  reg signed [11:0] value_q;
  reg               summed_q;
  reg               known_q;
  reg               spike_q;

  assign known_o   = known_q;
  assign spike_o   = spike_q;
  assign partial_o = partial_q;
  assign value_o   = value_q;
  assign summed_o  = summed_q;

  // Accumulate; binary trains bring the heaviest bit first
  wire signed [11:0] theta   = $signed({1'b0, theta_i});
  wire signed [11:0] half    = theta >>> 1;
  wire signed [11:0] bias    = offset_i - half;
  wire signed [11:0] before  = (position_i == 4'd0) ? 12'sd0 : (Train == 0) ? 2 * partial_q
                                                                            : partial_q;
  wire signed [11:0] partial = before + sum_i;

  // Answer; known_o excuses values that the narrow dividend cannot hold
  localparam QUOTIENT_BITS = (AccBits - 1 > ActBits) ? AccBits - 1 : ActBits;

  wire [QUOTIENT_BITS-1:0] dividend = value_q[AccBits-2:0];
  wire [QUOTIENT_BITS-1:0] quotient = value_q[11] ? {QUOTIENT_BITS{1'b0}} : dividend / theta_i;
  wire signed [11:0]       excess   = 2 * (quotient * theta - (value_q - half));
  wire                     odd_tie  = HalfEven != 0 && quotient[0] && excess == theta;
  wire [QUOTIENT_BITS-1:0] rounded  = quotient - odd_tie;
  wire [ActBits-1:0]       y        = (rounded > top_i) ? top_i : rounded;
  wire                     fits     = value_q <= HIGH && value_q >= -HIGH - 1;
  wire                     spike    = (Train == 0) ? y[ActBits-1-position_i] : position_i < y;

  always @(posedge clk_i) begin
    if (tick_i) begin
      partial_q <= partial;
      if (position_i == PERIOD - 1) value_q <= bias + partial + half;
      if (position_i == PERIOD - 1) summed_q <= 1'b1;
      known_q <= fits || !summed_q;
      spike_q <= spike && summed_q;
    end
    if (!rst_ni) begin
      summed_q <= 1'b0;
      known_q  <= 1'b1;
      spike_q  <= 1'b0;
    end
  end

endmodule
