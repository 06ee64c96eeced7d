// The counter against one of 64 bits: steps large enough to carry every few cycles, read at once
// after a carry and later. Prints "PASS <reads>" or "FAIL ...".
module fpsa_event_counter_tb;

  localparam READS = 500;

  reg        clk = 0;
  reg        rst_n = 0;
  reg        clear = 0;
  reg [31:0] step = 0;
  reg        sample = 0;
  reg [63:0] count = 0;
  reg [63:0] seen;
  integer    i;
  integer    faults = 0;

  wire [31:0] low, high;

  always #5 clk = !clk;

  fpsa_event_counter #(
    .StepBits(32)
  ) u_counter (
    .clk_i   (clk),
    .rst_ni  (rst_n),
    .clear_i (clear),
    .step_i  (step),
    .sample_i(sample),
    .low_o   (low),
    .high_o  (high)
  );

  // Between the clock edges: what the coming edge will see
  initial begin
    repeat (2) @(negedge clk);
    rst_n = 1;
    for (i = 0; i < READS; i = i + 1) begin
      step   = $random;
      clear  = (i % 100 == 99);
      sample = 1;
      seen   = count;
      if (low !== seen[31:0]) faults = faults + 1;
      @(negedge clk);
      count = clear ? 64'd0 : count + step;
      if (high !== seen[63:32]) faults = faults + 1;
    end
    if (faults == 0) $display("PASS %0d", READS);
    else $display("FAIL %0d", faults);
    $finish;
  end

endmodule
