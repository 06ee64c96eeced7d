// One exact neuron for rate trains: fpsa_exact_rate_step with its state in registers.
//
// Latency     2^n + 1 ticks: the window after the one that was summed, registered.
// Handshake   state changes only at tick_i; sum_i belongs to the coming tick.
// Widths      as fpsa_exact_rate_step.
// Limits      those of fpsa_exact_rate_step.
module fpsa_neuron_exact_rate #(
  parameter ActBits   = 6,
  parameter SumBits   = 16,
  parameter AccBits   = 23,
  parameter ThetaBits = 16,
  parameter Tops      = 0,
  parameter HalfEven  = 0
) (
  // Clock
  input  wire                 clk_i,
  input  wire                 rst_ni,
  // Tick, shared by the array
  input  wire                 tick_i,
  input  wire                 win_i,
  input  wire                 full_i,
  input  wire                 last_i,
  input  wire [ActBits-1:0]   position_i,
  // Loaded values
  input  wire [AccBits-1:0]   offset_i,
  input  wire [ThetaBits-1:0] threshold_i,
  input  wire [ActBits-1:0]   top_i,
  // Data
  input  wire [SumBits-1:0]   sum_i,
  output wire                 spike_o
);

  localparam REM_BITS = AccBits - 1;

  reg [AccBits-1:0]  sum_q;
  reg [REM_BITS-1:0] rem_q;
  reg                spike_q;

  wire [AccBits-1:0]  sum;
  wire [REM_BITS-1:0] rem;
  wire                spike;

  assign spike_o = spike_q;

  fpsa_exact_rate_step #(
    .ActBits  (ActBits),
    .SumBits  (SumBits),
    .AccBits  (AccBits),
    .ThetaBits(ThetaBits),
    .Tops     (Tops),
    .HalfEven (HalfEven)
  ) u_step (
    .win_i      (win_i),
    .last_i     (last_i),
    .position_i (position_i),
    .offset_i   (offset_i),
    .threshold_i(threshold_i),
    .top_i      (top_i),
    .addend_i   (sum_i),
    .spike_o    (spike),
    .sum_i      (sum_q),
    .rem_i      (rem_q),
    .sum_o      (sum),
    .rem_o      (rem)
  );

  always @(posedge clk_i) begin
    if (tick_i) begin
      sum_q <= sum;
      rem_q <= rem;
    end
  end

  // No result before a whole window has been summed: sum and remainder then need no reset.
  always @(posedge clk_i) begin
    if (!rst_ni) spike_q <= 1'b0;
    else if (tick_i) spike_q <= spike && full_i;
  end

endmodule
