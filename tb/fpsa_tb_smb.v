// Bench of fpsa_smb: plays stimuli tick by tick with random idle clocks between them and compares
// the outputs after every tick.
//
// Run in the run directory. tb/tb_params.vh defines LANES DEPTH ADDR_BITS ACT_BITS TRAIN MODE TICKS
// (ADDR_BITS = max(1, clog2(DEPTH))), and tb/vectors holds, in hexadecimal, TICKS lines each:
//   stimulus.mem  {read_win, read, read_addr, write_first, write, write_addr, win, spikes}
//   expected.mem  {win_o, spike_o} after the tick
// Macros: IDLE percent of idle clocks, SEED. Plusargs: +trace. Ends as fpsa_tb_pe does.
`include "tb/tb_params.vh"

`ifndef IDLE
`define IDLE 25
`endif
`ifndef SEED
`define SEED 1
`endif

module fpsa_tb_smb;

  localparam IN_BITS = 5 + 2 * `ADDR_BITS + `LANES;

  reg [IN_BITS-1:0] stimulus_mem [0:`TICKS-1];
  reg [`LANES:0]    expected_mem [0:`TICKS-1];

  // Device
  reg                   clk = 1'b0;
  reg                   rst_n = 1'b0;
  reg                   tick = 1'b0;
  reg  [IN_BITS-1:0]    stimulus = {IN_BITS{1'b0}};
  wire [`LANES:0]       actual;
  wire                  read_win;
  wire                  read;
  wire [`ADDR_BITS-1:0] read_addr;
  wire                  write_first;
  wire                  write;
  wire [`ADDR_BITS-1:0] write_addr;
  wire                  win;
  wire [`LANES-1:0]     spike;

  assign {read_win, read, read_addr, write_first, write, write_addr, win, spike} = stimulus;

  always #5 clk = ~clk;

  fpsa_smb #(
    .Lanes  (`LANES),
    .Depth  (`DEPTH),
    .ActBits(`ACT_BITS),
    .Train  (`TRAIN),
    .Mode   (`MODE)
  ) u_dut (
    .clk_i        (clk),
    .rst_ni       (rst_n),
    .tick_i       (tick),
    .win_i        (win),
    .spike_i      (spike),
    .write_i      (write),
    .write_first_i(write_first),
    .write_addr_i (write_addr),
    .read_win_i   (read_win),
    .read_i       (read),
    .read_addr_i  (read_addr),
    .win_o        (actual[`LANES]),
    .spike_o      (actual[`LANES-1:0])
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

  integer t, lane;

  initial begin
    if ($test$plusargs("trace")) begin
      $dumpfile("trace.vcd");
      $dumpvars(0, fpsa_tb_smb);
    end
    $readmemh("tb/vectors/stimulus.mem", stimulus_mem);
    $readmemh("tb/vectors/expected.mem", expected_mem);
    repeat (4) @(negedge clk);
    rst_n = 1'b1;
    for (t = 0; t < `TICKS; t = t + 1) begin
      stimulus = stimulus_mem[t];
      step_random;
      while (percent < `IDLE) begin
        @(negedge clk);
        step_random;
      end
      tick = 1'b1;
      @(negedge clk);
      tick = 1'b0;
      if (actual !== expected_mem[t]) begin
        lane = 0;
        while (actual[lane] === expected_mem[t][lane]) lane = lane + 1;
        $display("MISMATCH tick=%0d lane=%0d expected=%b actual=%b", t, lane,
                 expected_mem[t][lane], actual[lane]);
        $fatal(1, "outputs differ");
      end
    end
    $display("PASS ticks=%0d compared=%0d", `TICKS, `TICKS * (`LANES + 1));
    $finish;
  end

endmodule
