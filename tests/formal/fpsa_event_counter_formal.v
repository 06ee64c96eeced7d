// fpsa_event_counter against a count of 64 bits and what a reader has seen of it.
module fpsa_event_counter_formal #(
  parameter StepBits = 32
) (
  input wire                clk_i,
  input wire                rst_ni,
  input wire                clear_i,
  input wire [StepBits-1:0] step_i,
  input wire                sample_i
);

  wire [31:0] low;
  wire [31:0] high;

  fpsa_event_counter #(
    .StepBits(StepBits)
  ) u_counter (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .clear_i (clear_i),
    .step_i  (step_i),
    .sample_i(sample_i),
    .low_o   (low),
    .high_o  (high)
  );

  // The count, and the high word that a reader of the low word was promised
  reg        started_q = 1'b0;
  reg [63:0] count_q;
  reg [31:0] high_q;
  reg        sampled_q = 1'b0;

  always @(posedge clk_i) begin
    started_q <= 1'b1;
    count_q   <= (!rst_ni || clear_i) ? 64'd0 : count_q + step_i;
    sampled_q <= rst_ni && sample_i;
    if (!rst_ni) high_q <= 32'd0;
    else if (sample_i) high_q <= count_q[63:32];
  end

  (* hierconn *) wire [31:0] \u_counter.high_q ;
  (* hierconn *) wire        \u_counter.carry_q ;

  always @(posedge clk_i) begin
    if (!started_q) assume (!rst_ni);
    else begin
      low_counts:     assert (low == count_q[31:0]);
      read_is_atomic: assert (high == high_q);
      count_is_whole: assert (\u_counter.high_q + \u_counter.carry_q == count_q[63:32]);
      if (StepBits == 32) carried: cover (sampled_q && high == 32'd1);
    end
  end

endmodule
