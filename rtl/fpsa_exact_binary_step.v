// What one tick does to an exact neuron for binary trains (most significant bit first):
//   y = clip(floor((offset + sum over the window of w*x) / threshold), 0, top).
// The state goes in and out, so that a column may keep it in registers or share this logic.
//
// Accumulate  Horner: S <- offset >>> (n-1) + A at a window's first tick, then S <- {S, o} + A. The
//             doubling frees the lowest bit; the offset's low bits enter there, most significant
//             first, so that adding the offset costs no adder. step_i, one-hot, picks the bit.
// Divide      restoring, one quotient bit a tick, during the next window. The divisor is
//             threshold * 2^(n-1): its low bits are zero, so only the upper part is subtracted.
//             The remainder's top bit is sticky: twice the remainder left the register, which
//             happens only if the quotient is all ones.
// Tops        0: top is 2^ActBits - 1 whatever top_i says. 1: top_i, a bit a tick beside the quotient.
//             Their first difference decides: from then on come the quotient's bits if it is below,
//             top's if it is beyond, which sets the remainder's sticky bit: all further quotient
//             bits are one, and those of top mask them.
// HalfEven    1: a tie (an even threshold divides the dividend: offset holds its half) gives an even
//             y, by clearing the last quotient bit. A quotient beyond top is none.
// Latency     none.
// Widths      S: AccBits, signed, holds offset + sum(w*x). RemBits, derived (leave it alone): what
//             a positive S and 2 * threshold * 2^(n-1) need, the sticky bit, and with Tops "below".
// Limits      1 <= ActBits < AccBits, 2 <= SumBits <= AccBits, ThetaBits >= 1; threshold_i >= 1;
//             Tops and HalfEven 0 or 1.
module fpsa_exact_binary_step #(
  parameter ActBits   = 6,
  parameter SumBits   = 16,
  parameter AccBits   = 23,
  parameter ThetaBits = 16,
  parameter Tops      = 0,
  parameter HalfEven  = 0,
  parameter StepBits  = (ActBits > 1) ? ActBits - 1 : 1,
  parameter RemBits   = ((AccBits > ThetaBits + 1 + ActBits) ? AccBits : ThetaBits + 1 + ActBits)
                      + Tops
) (
  // Coming tick
  input  wire                 win_i,
  input  wire                 last_i,
  input  wire [StepBits-1:0]  step_i,
  // Loaded values
  input  wire [AccBits-1:0]   offset_i,
  input  wire [ThetaBits-1:0] threshold_i,
  input  wire [ActBits-1:0]   top_i,
  // Data
  input  wire [SumBits-1:0]   addend_i,
  output wire                 spike_o,
  // State before and after
  input  wire [AccBits-1:0]   sum_i,
  input  wire [RemBits-1:0]   rem_i,
  output wire [AccBits-1:0]   sum_o,
  output wire [RemBits-1:0]   rem_o
);

  localparam LOW = ActBits - 1;
  localparam REM = RemBits - 1 - Tops;
  localparam HI  = REM - LOW;

  // Accumulate
  wire               offset_bit = |(offset_i[StepBits-1:0] & step_i);
  wire [AccBits-1:0] addend  = {{(AccBits-SumBits+1){addend_i[SumBits-1]}}, addend_i[SumBits-2:0]};
  wire [AccBits-1:0] scaled  = {{(LOW+1){offset_i[AccBits-1]}}, offset_i[AccBits-2:LOW]};
  wire [AccBits-1:0] doubled = {sum_i[AccBits-2:0], offset_bit};

  assign sum_o = (win_i ? scaled : doubled) + addend;

  // Divide. The dividend, max(S, 0) or the remainder, comes with a zero appended, which doubles
  // what is kept of it. x - t is ~(~x + t): inverted twice a round, it costs no inverters.
  wire           take      = win_i && !sum_i[AccBits-1];
  wire           unused_pad;
  wire [REM-1:0] start;
  wire [REM:0]   dividend  = {({REM{take}} & start) | ({REM{!win_i}} & rem_i[REM-1:0]), 1'b0};
  wire [HI-1:0]  upper     = dividend[REM:LOW+1];
  wire [HI:0]    diff      = ~({1'b1, ~upper} + {{(HI+1-ThetaBits){1'b0}}, threshold_i});
  wire           over      = !win_i && rem_i[REM];
  wire           quotient  = over || !diff[HI];
  wire [REM:0]   kept      = {quotient ? diff[HI-1:0] : upper, dividend[LOW:0]};

  assign {unused_pad, start} = {{(REM+2-AccBits){1'b0}}, sum_i[AccBits-2:0]};

  // Limit and round
  wire ceiling = (win_i && top_i[LOW]) || |(top_i[StepBits-1:0] & step_i);
  wire below   = Tops != 0 && !win_i && rem_i[RemBits-1];
  wire beyond  = Tops != 0 && quotient && !ceiling && !below;
  wire tie     = HalfEven != 0 && last_i && !over && diff == {(HI+1){1'b0}} && !threshold_i[0];

  assign spike_o        = quotient && !tie && (Tops == 0 || ceiling || below);
  assign rem_o[REM:0]   = {over || beyond || kept[REM], kept[REM-1:0]};

  generate
    if (Tops != 0) begin : gen_below
      assign rem_o[RemBits-1] = below || (ceiling && !quotient);
    end
  endgenerate

  generate
    if (ActBits < 1 || AccBits <= ActBits || SumBits < 2 || AccBits < SumBits
        || ThetaBits < 1 || Tops < 0 || Tops > 1 || HalfEven < 0 || HalfEven > 1) begin : gen_limits
      fpsa_exact_binary_step_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
