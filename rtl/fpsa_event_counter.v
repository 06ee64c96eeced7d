// A 64-bit count of events that two 32-bit reads see as one value.
//
// Latency     one cycle. The high word is latched when the low word is read (sample_i).
// Limits      1 <= StepBits <= 64.
module fpsa_event_counter #(
  parameter StepBits = 1
) (
  // Clock
  input  wire                clk_i,
  input  wire                rst_ni,
  // Events
  input  wire                clear_i,
  input  wire [StepBits-1:0] step_i,
  // Value
  input  wire                sample_i,
  output wire [31:0]         low_o,
  output wire [31:0]         high_o
);

  reg [63:0] count_q;
  reg [31:0] high_q;

  wire        unused_pad;
  wire [63:0] step;

  assign {unused_pad, step} = {{(65-StepBits){1'b0}}, step_i};
  assign low_o  = count_q[31:0];
  assign high_o = high_q;

  always @(posedge clk_i) begin
    if (!rst_ni || clear_i) count_q <= 64'd0;
    else count_q <= count_q + step;
  end

  always @(posedge clk_i) begin
    if (!rst_ni) high_q <= 32'd0;
    else if (sample_i) high_q <= count_q[63:32];
  end

`ifndef SYNTHESIS
  initial
    if (StepBits < 1 || StepBits > 64) $fatal(1, "fpsa_event_counter: StepBits out of range");
`endif

endmodule
