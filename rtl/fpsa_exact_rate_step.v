// What one tick does to an exact neuron for rate trains:
//   y = clip(floor((offset + sum over the window of w*x) / threshold), 0, top),
// emitted as y spikes in the next window, from its first tick on.
// The state goes in and out, so that a column may keep it in registers or share this logic.
//
// Accumulate  S <- offset + A at a window's first tick, then S <- S + A.
// Divide      R starts as max(S, 0); every tick but the window's last spikes and takes threshold
//             off R while R >= threshold.
// Tops        0: top is 2^ActBits - 1 whatever top_i says. 1: top_i; ticks from position top on spike
//             no more.
// HalfEven    1: a tie (an even threshold divides the dividend: offset holds its half) gives an even
//             y: the last spike is left out if it comes at an even position.
// Latency     none.
// Widths      S: AccBits, signed, holds offset + sum(w*x) at every tick. R: AccBits - 1.
// Limits      ActBits >= 1, 2 <= SumBits <= AccBits, ThetaBits >= 1; threshold_i >= 1; Tops and
//             HalfEven 0 or 1.
module fpsa_exact_rate_step #(
  parameter ActBits   = 6,
  parameter SumBits   = 16,
  parameter AccBits   = 23,
  parameter ThetaBits = 16,
  parameter Tops      = 0,
  parameter HalfEven  = 0
) (
  // Coming tick
  input  wire                 win_i,
  input  wire                 last_i,
  input  wire [ActBits-1:0]   position_i,
  // Loaded values
  input  wire [AccBits-1:0]   offset_i,
  input  wire [ThetaBits-1:0] threshold_i,
  input  wire [ActBits-1:0]   top_i,
  // Data
  input  wire [SumBits-1:0]   addend_i,
  output wire                 spike_o,
  // State before and after
  input  wire [AccBits-1:0]   sum_i,
  input  wire [AccBits-2:0]   rem_i,
  output wire [AccBits-1:0]   sum_o,
  output wire [AccBits-2:0]   rem_o
);

  localparam REM = AccBits - 1;
  localparam CMP = ((REM > ThetaBits) ? REM : ThetaBits) + 1;

  // Accumulate
  wire [AccBits-1:0] addend = {{(AccBits-SumBits+1){addend_i[SumBits-1]}}, addend_i[SumBits-2:0]};

  assign sum_o = (win_i ? offset_i : sum_i) + addend;

  // Divide
  wire [REM-1:0] rectified = sum_i[REM-1:0] & {REM{!sum_i[AccBits-1]}};
  wire [REM-1:0] dividend  = win_i ? rectified : rem_i;
  wire [CMP-1:0] diff      = {{(CMP-REM){1'b0}}, dividend}
                           - {{(CMP-ThetaBits){1'b0}}, threshold_i};

  wire           open      = (Tops != 0) ? position_i < top_i : !last_i;
  wire           fire      = !diff[CMP-1] && open;
  wire           tie       = HalfEven != 0 && diff == {CMP{1'b0}} && !threshold_i[0]
                          && !position_i[0];

  assign spike_o = fire && !tie;
  assign rem_o   = fire ? diff[REM-1:0] : dividend;

  generate
    if (ActBits < 1 || SumBits < 2 || AccBits < SumBits || ThetaBits < 1 || Tops < 0 || Tops > 1
        || HalfEven < 0 || HalfEven > 1) begin : gen_limits
      fpsa_exact_rate_step_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
