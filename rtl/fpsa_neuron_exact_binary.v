// One exact neuron for binary trains: what fpsa_exact_binary_step does, with its state in
// registers. Both are written out, because one clocked process simulates half as fast again as
// registers around a combinational step (its temporaries unconditional, so that Verilator keeps
// them local); widths and the reasons for the arithmetic are those of the step.
//
// Latency     n + 1 ticks from a window's tick to the quotient bit of the same weight.
// Handshake   state changes only at tick_i; sum_i belongs to the coming tick.
// Widths      StepBits = max(1, ActBits - 1), derived: leave it alone.
// Limits      those of fpsa_exact_binary_step.
module fpsa_neuron_exact_binary #(
  parameter ActBits   = 6,
  parameter SumBits   = 16,
  parameter AccBits   = 23,
  parameter ThetaBits = 16,
  parameter Tops      = 0,
  parameter HalfEven  = 0,
  parameter StepBits  = (ActBits > 1) ? ActBits - 1 : 1
) (
  // Clock
  input  wire                 clk_i,
  input  wire                 rst_ni,
  // Tick, shared by the array
  input  wire                 tick_i,
  input  wire                 win_i,
  input  wire                 last_i,
  input  wire                 full_i,
  input  wire [StepBits-1:0]  step_i,
  // Loaded values
  input  wire [AccBits-1:0]   offset_i,
  input  wire [ThetaBits-1:0] threshold_i,
  input  wire [ActBits-1:0]   top_i,
  // Data
  input  wire [SumBits-1:0]   sum_i,
  output wire                 spike_o
);

  localparam REM_BITS = (AccBits > ThetaBits + 1 + ActBits) ? AccBits : ThetaBits + 1 + ActBits;
  localparam LOW      = ActBits - 1;
  localparam REM      = REM_BITS - 1;
  localparam HI       = REM - LOW;

  reg [AccBits-1:0]  sum_q;
  reg [REM_BITS-1:0] rem_q;
  reg                below_q;
  reg                spike_q;

  assign spike_o = spike_q;

  // No result before a whole window has been summed: sum and remainder then need no reset.
  always @(posedge clk_i) begin : step
    reg [AccBits-1:0] addend;
    reg [AccBits-1:0] scaled;
    reg [AccBits-1:0] doubled;
    reg               unused_pad;
    reg [REM-1:0]     start;
    reg [REM:0]       dividend;
    reg [HI-1:0]      upper;
    reg [HI:0]        diff;
    reg               over;
    reg               quotient;
    reg               ceiling;
    reg               below;
    reg               beyond;
    reg               tie;

    // Accumulate
    addend  = {{(AccBits-SumBits+1){sum_i[SumBits-1]}}, sum_i[SumBits-2:0]};
    scaled  = {{(LOW+1){offset_i[AccBits-1]}}, offset_i[AccBits-2:LOW]};
    doubled = {sum_q[AccBits-2:0], |(offset_i[StepBits-1:0] & step_i)};

    // Divide
    {unused_pad, start} = {{(REM+2-AccBits){1'b0}}, sum_q[AccBits-2:0]};
    dividend = {({REM{win_i && !sum_q[AccBits-1]}} & start)
                | ({REM{!win_i}} & rem_q[REM-1:0]), 1'b0};
    upper    = dividend[REM:LOW+1];
    diff     = ~({1'b1, ~upper} + {{(HI+1-ThetaBits){1'b0}}, threshold_i});
    over     = !win_i && rem_q[REM];
    quotient = over || !diff[HI];

    // Limit and round
    ceiling  = (win_i && top_i[LOW]) || |(top_i[StepBits-1:0] & step_i);
    below    = Tops != 0 && !win_i && below_q;
    beyond   = Tops != 0 && quotient && !ceiling && !below;
    tie      = HalfEven != 0 && last_i && !over && diff == {(HI+1){1'b0}} && !threshold_i[0];

    if (tick_i) begin
      sum_q   <= (win_i ? scaled : doubled) + addend;
      rem_q   <= {quotient ? diff[HI-1:0] : upper, dividend[LOW:0]}
                 | {over || beyond, {REM{1'b0}}};
      below_q <= below || (ceiling && !quotient);
      spike_q <= quotient && !tie && (Tops == 0 || ceiling || below) && full_i;
    end
    if (!rst_ni) spike_q <= 1'b0;
  end

  generate
    if (ActBits < 1 || AccBits <= ActBits || SumBits < 2 || AccBits < SumBits
        || ThetaBits < 1 || Tops < 0 || Tops > 1 || HalfEven < 0 || HalfEven > 1) begin : gen_limits
      fpsa_neuron_exact_binary_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
