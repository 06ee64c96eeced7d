// A 64-bit count of events that two 32-bit reads see as one value. The carry into the high word
// waits in a register: no adder is longer than a word.
//
// Latency     one cycle. The high word is latched when the low word is read (sample_i).
// Limits      1 <= StepBits <= 32.
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

  reg [31:0] low_q;
  reg        carry_q;
  reg [31:0] high_q;
  reg [31:0] seen_q;

  wire [32:0] step = {{(33-StepBits){1'b0}}, step_i};
  wire [31:0] high = high_q + {31'd0, carry_q};

  assign low_o  = low_q;
  assign high_o = seen_q;

  always @(posedge clk_i) begin
    if (!rst_ni || clear_i) begin
      {carry_q, low_q} <= 33'd0;
      high_q           <= 32'd0;
    end else begin
      {carry_q, low_q} <= {1'b0, low_q} + step;
      high_q           <= high;
    end
  end

  always @(posedge clk_i) begin
    if (!rst_ni) seen_q <= 32'd0;
    else if (sample_i) seen_q <= high;
  end

  generate
    if (StepBits < 1 || StepBits > 32) begin : gen_limits
      fpsa_event_counter_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
