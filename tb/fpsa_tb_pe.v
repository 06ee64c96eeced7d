// Bench of one processing element: loads it over its bus, plays stimuli tick by tick with random
// idle clocks between them and compares every output after every tick.
//
// Run in the run directory. tb/tb_params.vh defines
//   DUT ROWS COLS LOADS TICKS PERIOD      and, in a cascade,
//   CASCADE_IN SUM_IN_BITS                sums come in
//   CASCADE_OUT SUM_OUT_BITS              sums go out, no neurons: no win_i, win_o, spike_o
// and tb/vectors holds, in hexadecimal,
//   load.mem          LOADS words of 64 bits {10'b0, address, data}
//   stimulus.mem      TICKS lines {win, spikes}
//   sum_in.mem        TICKS lines, with CASCADE_IN
//   expected.mem      TICKS lines {win_o, spike_o} after the tick; with CASCADE_OUT instead
//   expected_sum.mem  TICKS lines
// Macros: IDLE percent of idle clocks, SEED, TIMEOUT clocks without ready_o. Plusargs: +trace.
// Ends with "PASS ticks=... compared=..." or, at the first difference, a MISMATCH line and a
// non-zero exit status.
`include "tb/tb_params.vh"

`ifndef IDLE
`define IDLE 25
`endif
`ifndef SEED
`define SEED 1
`endif
`ifndef TIMEOUT
`define TIMEOUT 100000
`endif

module fpsa_tb_pe;

`ifdef CASCADE_OUT
  localparam OUT_BITS = `SUM_OUT_BITS;
`else
  localparam OUT_BITS = `COLS + 1;
`endif

  // Vectors; load_mem has a word at least
  reg [63:0]         load_mem     [0:`LOADS];
  reg [`ROWS:0]      stimulus_mem [0:`TICKS-1];
  reg [OUT_BITS-1:0] expected_mem [0:`TICKS-1];
`ifdef CASCADE_IN
  reg [`SUM_IN_BITS-1:0] sum_in_mem [0:`TICKS-1];
`endif

  // Device
  reg                 clk = 1'b0;
  reg                 rst_n = 1'b0;
  reg                 tick = 1'b0;
  reg  [`ROWS:0]      stimulus = {(`ROWS + 1){1'b0}};
  reg                 load_we = 1'b0;
  reg  [21:0]         load_addr = 22'd0;
  reg  [31:0]         load_data = 32'd0;
  wire                ready;
  wire [OUT_BITS-1:0] actual;
`ifdef CASCADE_IN
  reg [`SUM_IN_BITS-1:0] sum_in = {`SUM_IN_BITS{1'b0}};
`endif

  always #5 clk = ~clk;

  `DUT u_dut (
    .clk_i      (clk),
    .rst_ni     (rst_n),
    .tick_i     (tick),
    .ready_o    (ready),
    .spike_i    (stimulus[`ROWS-1:0]),
`ifdef CASCADE_IN
    .sum_i      (sum_in),
`endif
`ifdef CASCADE_OUT
    .sum_o      (actual),
`else
    .win_i      (stimulus[`ROWS]),
    .win_o      (actual[OUT_BITS-1]),
    .spike_o    (actual[OUT_BITS-2:0]),
`endif
    .load_we_i  (load_we),
    .load_addr_i(load_addr),
    .load_data_i(load_data)
  );

  // Random numbers: xorshift, the same in every simulator
  reg [31:0] random = `SEED * 32'h9e3779b1 ^ 32'h1234567;
  integer    percent;

  task step_random;
    begin
      random = random ^ (random << 13);
      random = random ^ (random >> 17);
      random = random ^ (random << 5);
      percent = random % 32'd100;
    end
  endtask

  // Idle clocks, then one clock with tick; ends on a falling edge, outputs settled
  integer waited, t;

  task give_tick;
    begin
      step_random;
      while (percent < `IDLE) begin
        @(posedge clk) #1;
        step_random;
      end
      #1 waited = 0;
      while (ready !== 1'b1) begin
        @(posedge clk) #1;
        #1 waited = waited + 1;
        if (waited > `TIMEOUT) begin
          $display("TIMEOUT tick=%0d clocks=%0d ready_o=%b stimulus=%h outputs=%h",
                   t, waited, ready, stimulus, actual);
          $fatal(1, "no ready_o");
        end
      end
      tick = 1'b1;
      @(posedge clk) #1;
      tick = 1'b0;
    end
  endtask

  // Names the lowest bit that differs
  integer bit_index;

  task mismatch;
    begin
      bit_index = 0;
      while (actual[bit_index] === expected_mem[t][bit_index]) bit_index = bit_index + 1;
`ifdef CASCADE_OUT
      $display("MISMATCH tick=%0d window=%0d sum_bit=%0d expected=%b actual=%b", t, t / `PERIOD,
               bit_index, expected_mem[t][bit_index], actual[bit_index]);
`else
      if (bit_index == `COLS)
        $display("MISMATCH tick=%0d window=%0d win_o expected=%b actual=%b", t, t / `PERIOD,
                 expected_mem[t][bit_index], actual[bit_index]);
      else
        $display("MISMATCH tick=%0d window=%0d column=%0d expected=%b actual=%b", t, t / `PERIOD,
                 bit_index, expected_mem[t][bit_index], actual[bit_index]);
`endif
      $fatal(1, "outputs differ");
    end
  endtask

  integer i;

  initial begin
    if ($test$plusargs("trace")) begin
      $dumpfile("trace.vcd");
      $dumpvars(0, fpsa_tb_pe);
    end
    if (`LOADS > 0) $readmemh("tb/vectors/load.mem", load_mem, 0, `LOADS - 1);
    $readmemh("tb/vectors/stimulus.mem", stimulus_mem);
`ifdef CASCADE_IN
    $readmemh("tb/vectors/sum_in.mem", sum_in_mem);
`endif
`ifdef CASCADE_OUT
    $readmemh("tb/vectors/expected_sum.mem", expected_mem);
`else
    $readmemh("tb/vectors/expected.mem", expected_mem);
`endif
    t = -1;
    repeat (4) @(posedge clk) #1;
    rst_n = 1'b1;
    for (i = 0; i < `LOADS; i = i + 1) begin
      load_we   = 1'b1;
      load_addr = load_mem[i][53:32];
      load_data = load_mem[i][31:0];
      @(posedge clk) #1;
    end
    load_we = 1'b0;

    // A silent tick: inputs move only at ticks, and what a unit has prepared for this one may be
    // older than the loaded values.
    give_tick;
    for (t = 0; t < `TICKS; t = t + 1) begin
      stimulus = stimulus_mem[t];
`ifdef CASCADE_IN
      sum_in = sum_in_mem[t];
`endif
      give_tick;
      if (actual !== expected_mem[t]) mismatch;
    end
    $display("PASS ticks=%0d compared=%0d", `TICKS, `TICKS * OUT_BITS);
    $finish;
  end

endmodule
