// One paired neuron for rate trains (FPSA): a positive and a negative half fire on their own, a
// subtracter lets a negative spike cancel a positive one, and a counter remembers the negative
// spikes that found none to cancel.
//
// Latency     1 tick: the spike that a tick's sums cause is registered at that tick.
// Handshake   state changes only at tick_i; the sums belong to the coming tick.
// Widths      halves: AccBits, unsigned. Debt: ActBits; before a window's last tick it is below
//             2^ActBits, what that tick adds is never read.
// Limits      1 <= ActBits < AccBits, 1 <= SumBits <= AccBits, 1 <= ThetaBits <= AccBits.
module fpsa_neuron_paired #(
  parameter ActBits   = 6,
  parameter SumBits   = 16,
  parameter AccBits   = 23,
  parameter ThetaBits = 16
) (
  // Clock
  input  wire                 clk_i,
  input  wire                 rst_ni,
  // Tick, shared by the array
  input  wire                 tick_i,
  input  wire                 win_i,
  input  wire                 open_i,
  input  wire [ActBits-1:0]   turn_i,
  // Loaded values
  input  wire [AccBits-1:0]   bias_i,
  input  wire [ThetaBits-1:0] threshold_i,
  // Data
  input  wire [SumBits-1:0]   positive_i,
  input  wire [SumBits-1:0]   negative_i,
  output wire                 spike_o
);

  localparam [ActBits-1:0] ONE = 1;

  reg [ActBits-1:0] debt_q;
  reg               spike_q;

  assign spike_o = spike_q;

  // The bias belongs to the half of its sign, tick by tick; half a threshold rounds the positive one
  wire [AccBits-1:0] share;

  fpsa_bias_share #(
    .ActBits(ActBits),
    .AccBits(AccBits)
  ) u_share (
    .turn_i (turn_i),
    .bias_i (bias_i),
    .share_o(share)
  );

  wire               below = bias_i[AccBits-1];
  wire [AccBits-1:0] above = share & {AccBits{!below}};
  wire [AccBits-1:0] under = ({AccBits{1'b0}} - share) & {AccBits{below}};
  wire [AccBits:0]   half  = {{(AccBits-ThetaBits+1){1'b0}}, threshold_i};
  wire               unused_odd = half[0];
  wire               fire_positive;
  wire               fire_negative;

  fpsa_neuron_half #(
    .SumBits  (SumBits),
    .AccBits  (AccBits),
    .ThetaBits(ThetaBits)
  ) u_positive (
    .clk_i      (clk_i),
    .tick_i     (tick_i),
    .win_i      (win_i),
    .start_i    (half[AccBits:1]),
    .threshold_i(threshold_i),
    .share_i    (above),
    .sum_i      (positive_i),
    .fire_o     (fire_positive)
  );

  fpsa_neuron_half #(
    .SumBits  (SumBits),
    .AccBits  (AccBits),
    .ThetaBits(ThetaBits)
  ) u_negative (
    .clk_i      (clk_i),
    .tick_i     (tick_i),
    .win_i      (win_i),
    .start_i    ({AccBits{1'b0}}),
    .threshold_i(threshold_i),
    .share_i    (under),
    .sum_i      (negative_i),
    .fire_o     (fire_negative)
  );

  // Subtracter
  wire [ActBits-1:0] debt   = debt_q & {ActBits{!win_i}};
  wire               gain   = fire_positive && !fire_negative;
  wire               borrow = fire_negative && !fire_positive;
  wire               repay  = gain && debt != {ActBits{1'b0}};

  always @(posedge clk_i) begin
    if (tick_i) debt_q <= borrow ? debt + ONE : repay ? debt - ONE : debt;
  end

  always @(posedge clk_i) begin
    if (!rst_ni) spike_q <= 1'b0;
    else if (tick_i) spike_q <= gain && !repay && open_i;
  end

  generate
    if (ActBits < 1 || AccBits <= ActBits || SumBits < 1 || AccBits < SumBits
        || ThetaBits < 1 || AccBits < ThetaBits) begin : gen_limits
      fpsa_neuron_paired_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
