// One signed neuron for rate trains: a single membrane, v <- v + A + share of the bias;
// v >= threshold spikes and takes threshold off v. A window starts from floor(threshold / 2), which rounds.
//
// Latency     1 tick: the spike that a tick's sum causes is registered at that tick.
// Handshake   state changes only at tick_i; sum_i belongs to the coming tick.
// Widths      v: AccBits, signed, holds bias, sum(w*x) and half a threshold at every tick.
// Limits      1 <= ActBits < AccBits, 2 <= SumBits <= AccBits, 1 <= ThetaBits <= AccBits.
module fpsa_neuron_signed #(
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
  input  wire [SumBits-1:0]   sum_i,
  output wire                 spike_o
);

  localparam CMP = ((AccBits > ThetaBits + 1) ? AccBits : ThetaBits + 1) + 1;

  reg [AccBits-1:0] membrane_q;
  reg               spike_q;

  assign spike_o = spike_q;

  wire [AccBits-1:0] share;

  fpsa_bias_share #(
    .ActBits(ActBits),
    .AccBits(AccBits)
  ) u_share (
    .turn_i (turn_i),
    .bias_i (bias_i),
    .share_o(share)
  );

  wire [AccBits:0]   half       = {{(AccBits-ThetaBits+1){1'b0}}, threshold_i};
  wire               unused_odd = half[0];
  wire [AccBits-1:0] addend     = {{(AccBits-SumBits+1){sum_i[SumBits-1]}}, sum_i[SumBits-2:0]};
  wire [AccBits-1:0] membrane   = (win_i ? half[AccBits:1] : membrane_q) + addend + share;
  wire [CMP-1:0]     diff       = {{(CMP-AccBits){membrane[AccBits-1]}}, membrane}
                                - {{(CMP-ThetaBits){1'b0}}, threshold_i};
  wire               fire       = !diff[CMP-1];

  always @(posedge clk_i) begin
    if (tick_i) membrane_q <= fire ? diff[AccBits-1:0] : membrane;
  end

  always @(posedge clk_i) begin
    if (!rst_ni) spike_q <= 1'b0;
    else if (tick_i) spike_q <= fire && open_i;
  end

  generate
    if (ActBits < 1 || AccBits <= ActBits || SumBits < 2 || AccBits < SumBits
        || ThetaBits < 1 || AccBits < ThetaBits) begin : gen_limits
      fpsa_neuron_signed_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
