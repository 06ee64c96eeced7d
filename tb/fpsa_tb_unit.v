// Bench of one unit that is told by the clock: plays its inputs clock by clock from reset on and
// compares every output in every clock in which it is defined.
//
// Run in the run directory. tb/tb_params.vh defines
//   DUT IN_BITS OUT_BITS CLOCKS
//   PORTS             connections of the DUT to clk, rst_n, in and out
// and tb/vectors holds, in hexadecimal, CLOCKS lines each of
//   stimulus.mem      the inputs, side by side
//   expected.mem      the outputs just before the clock's edge
//   defined.mem       ones where an output is defined
// Plusargs: +trace.
// Ends with "PASS clocks=... compared=..." or, at the first difference, a MISMATCH line and a
// non-zero exit status.
`include "tb/tb_params.vh"

module fpsa_tb_unit;

  // Vectors
  reg [`IN_BITS-1:0]  stimulus_mem [0:`CLOCKS-1];
  reg [`OUT_BITS-1:0] expected_mem [0:`CLOCKS-1];
  reg [`OUT_BITS-1:0] defined_mem  [0:`CLOCKS-1];

  // Device
  reg                  clk = 1'b0;
  reg                  rst_n = 1'b0;
  reg  [`IN_BITS-1:0]  in = {`IN_BITS{1'b0}};
  wire [`OUT_BITS-1:0] out;

  always #5 clk = ~clk;

  `DUT u_dut (`PORTS);

  integer             t;
  integer             bit_index;
  integer             compared;
  reg [`OUT_BITS-1:0] wrong;

  initial begin
    if ($test$plusargs("trace")) begin
      $dumpfile("trace.vcd");
      $dumpvars(0, fpsa_tb_unit);
    end
    $readmemh("tb/vectors/stimulus.mem", stimulus_mem);
    $readmemh("tb/vectors/expected.mem", expected_mem);
    $readmemh("tb/vectors/defined.mem", defined_mem);
    compared = 0;
    repeat (4) @(posedge clk) #1;
    rst_n = 1'b1;
    for (t = 0; t < `CLOCKS; t = t + 1) begin
      in = stimulus_mem[t];
      #3 wrong = (out ^ expected_mem[t]) & defined_mem[t];
      if (wrong !== {`OUT_BITS{1'b0}}) begin
        bit_index = 0;
        while (wrong[bit_index] === 1'b0) bit_index = bit_index + 1;
        $display("MISMATCH clock=%0d output bit=%0d expected=%b actual=%b", t, bit_index,
                 expected_mem[t][bit_index], out[bit_index]);
        $fatal(1, "outputs differ");
      end
      for (bit_index = 0; bit_index < `OUT_BITS; bit_index = bit_index + 1)
        if (defined_mem[t][bit_index]) compared = compared + 1;
      @(posedge clk) #1;
    end
    $display("PASS clocks=%0d compared=%0d", `CLOCKS, compared);
    $finish;
  end

endmodule
