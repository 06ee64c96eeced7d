// What one tick does to an exact neuron for rate trains:
//   y = clip(floor((offset + sum over the window of w*x) / threshold), 0, 2^ActBits - 1),
// emitted as y spikes in the next window, from its first tick on.
// The state goes in and out, so that a column may keep it in registers or share this logic.
//
// Accumulate  S <- offset + A at a window's first tick, then S <- S + A.
// Divide      R starts as max(S, 0); every tick but the window's last spikes and takes threshold
//             off R while R >= threshold.
// Latency     none.
// Widths      S: AccBits, signed, holds offset + sum(w*x) at every tick. R: AccBits - 1.
// Limits      2 <= SumBits <= AccBits, ThetaBits >= 1; threshold_i >= 1.
module fpsa_exact_rate_step #(
  parameter SumBits   = 16,
  parameter AccBits   = 23,
  parameter ThetaBits = 16
) (
  // Coming tick
  input  wire                 win_i,
  input  wire                 last_i,
  // Loaded values
  input  wire [AccBits-1:0]   offset_i,
  input  wire [ThetaBits-1:0] threshold_i,
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

  assign spike_o = !diff[CMP-1] && !last_i;
  assign rem_o   = spike_o ? diff[REM-1:0] : dividend;

  generate
    if (SumBits < 2 || AccBits < SumBits || ThetaBits < 1) begin : gen_limits
      fpsa_exact_rate_step_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
