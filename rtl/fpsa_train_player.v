// Values that stand still for a window to spike trains: of a memory's output register, say.
//
// Train 0     binary: WindowBits ticks; zeros, then a value's ActBits bits, most significant first.
// Train 1     rate: 2^WindowBits ticks, a spike at tick t iff bitreverse(t) < value.
// Latency     one tick: at tick_i && win_i a window begins, and from then on its first spikes are
//             there and values_i is looked at.
// Handshake   state changes only at tick_i; values_i and show_i hold for the window as it is shown.
//             Silent without show_i.
// Limits      Lanes, ActBits >= 1; WindowBits >= ActBits; Train 0 or 1.
module fpsa_train_player #(
  parameter Lanes      = 16,
  parameter ActBits    = 6,
  parameter Train      = 0,
  parameter WindowBits = 6
) (
  // Tick
  input  wire                     clk_i,
  input  wire                     tick_i,
  input  wire                     win_i,
  input  wire                     show_i,
  // Values to spikes
  input  wire [Lanes*ActBits-1:0] values_i,
  output wire [Lanes-1:0]         spike_o
);

  localparam PERIOD    = (Train == 0) ? WindowBits : 1 << WindowBits;
  localparam TIME_BITS = (PERIOD > 1) ? $clog2(PERIOD) : 1;
  localparam [TIME_BITS-1:0] ONE = 1;

  reg [TIME_BITS-1:0] time_q;  // of the tick that is shown

  always @(posedge clk_i) begin
    if (tick_i) time_q <= win_i ? {TIME_BITS{1'b0}} : time_q + ONE;
  end

  genvar g, k, l;
  generate
    if (Train == 0) begin : gen_binary
      // One-hot: which bit of a value is shown
      wire [ActBits-1:0] turn;

      for (k = 0; k < ActBits; k = k + 1) begin : gen_turn
        localparam [31:0] TIME = PERIOD - 1 - k;
        assign turn[k] = show_i && time_q == TIME[TIME_BITS-1:0];
      end

      for (g = 0; g < Lanes; g = g + 64) begin : gen_group
        for (l = g; l < Lanes && l < g + 64; l = l + 1) begin : gen_lane
          assign spike_o[l] = |(values_i[l*ActBits +: ActBits] & turn);
        end
      end
    end else begin : gen_rate
      wire [WindowBits-1:0] level;

      for (k = 0; k < WindowBits; k = k + 1) begin : gen_level
        assign level[k] = time_q[WindowBits-1-k];
      end

      for (g = 0; g < Lanes; g = g + 64) begin : gen_group
        for (l = g; l < Lanes && l < g + 64; l = l + 1) begin : gen_lane
          wire [WindowBits:0] value =
              {{(WindowBits-ActBits+1){1'b0}}, values_i[l*ActBits +: ActBits]};
          assign spike_o[l] = show_i && {1'b0, level} < value;
        end
      end
    end
  endgenerate

  generate
    if (Lanes < 1 || ActBits < 1 || WindowBits < ActBits || Train < 0
        || Train > 1) begin : gen_limits
      fpsa_train_player_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
