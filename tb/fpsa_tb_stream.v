// Bench of one unit between two streams: loads it, plays beats in and compares the beats that come
// out, both sides with random pauses. A first run is broken off by a reset.
//
// Run in the run directory. tb/tb_params.vh defines
//   DUT IN_BITS OUT_BITS   the unit, and the bits of a beat
//   CLIPPED_BITS           of clipped_o, which counts words that were clipped; 0: there is none
//   COUNTS_CLIPPED         defined if there is one
//   LASTS                  defined if beats have last_i and last_o: the highest bit of a line
//   CLIPPED_TOTALS         defined if there are clipped_gates_o, clipped_cell_o, clipped_projection_o
//   LOADS                  words of the load bus, 0 or more
//   BEATS_IN BEATS_OUT
// and tb/vectors holds, in hexadecimal,
//   load.mem      LOADS lines {address of 22 bits, data of 32}
//   stimulus.mem  BEATS_IN lines
//   expected.mem  BEATS_OUT lines {clipped_o, data_o}
//   clipped.mem   a line {projection, cell, gates} of 32 bits each: the counts at the end
// Macros: IDLE percent of idle clocks of either side, SEED, TIMEOUT clocks without a beat.
// Plusargs: +trace.
// Ends with "PASS beats=... clocks=..." (from the first beat in to the last beat out), or at the
// first difference with a MISMATCH line and a non-zero exit status.
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

module fpsa_tb_stream;

`ifdef LASTS
  localparam LAST_BITS = 1;
`else
  localparam LAST_BITS = 0;
`endif
  localparam SENT_BITS = `IN_BITS + LAST_BITS;
  localparam ALL_BITS  = `OUT_BITS + `CLIPPED_BITS + LAST_BITS;

  // Vectors
  reg [53:0]          load_mem     [0:`LOADS];
  reg [SENT_BITS-1:0] stimulus_mem [0:`BEATS_IN-1];
  reg [ALL_BITS-1:0]  expected_mem [0:`BEATS_OUT-1];

  // Device
  reg                  clk = 1'b0;
  reg                  rst_n = 1'b0;
  reg                  load_we = 1'b0;
  reg  [21:0]          load_addr = 22'd0;
  reg  [31:0]          load_data = 32'd0;
  reg                  in_valid = 1'b0;
  wire                 in_ready;
  reg  [SENT_BITS-1:0] in = {SENT_BITS{1'b0}};
  wire                 out_valid;
  reg                  out_ready = 1'b0;
  wire [ALL_BITS-1:0]  out;

`ifdef CLIPPED_TOTALS
  reg  [95:0]          clipped_mem [0:0];
  wire [95:0]          clipped;
`endif

  always #5 clk = ~clk;

  `DUT u_dut (
    .clk_i      (clk),
    .rst_ni     (rst_n),
    .load_we_i  (load_we),
    .load_addr_i(load_addr),
    .load_data_i(load_data),
    .valid_i    (in_valid),
    .ready_o    (in_ready),
    .data_i     (in[`IN_BITS-1:0]),
    .valid_o    (out_valid),
    .ready_i    (out_ready),
`ifdef COUNTS_CLIPPED
    .clipped_o  (out[ALL_BITS-1:`OUT_BITS]),
`endif
`ifdef LASTS
    .last_i     (in[`IN_BITS]),
    .last_o     (out[`OUT_BITS]),
`endif
`ifdef CLIPPED_TOTALS
    .clipped_gates_o     (clipped[31:0]),
    .clipped_cell_o      (clipped[63:32]),
    .clipped_projection_o(clipped[95:64]),
`endif
    .data_o     (out[`OUT_BITS-1:0])
  );

  integer random_state = `SEED;
  integer sent, taken, clocks, quiet, i;
  reg     took;

  function idle(input unused);
    integer drawn;
    begin
      drawn = $random(random_state) & 32'h7fff_ffff;
      idle  = drawn % 100 < `IDLE;
    end
  endfunction

  // Beats in, until `beats` of them are out.
  task play(input integer beats);
    begin
      sent     = 0;
      taken    = 0;
      clocks   = 0;
      quiet    = 0;
      took     = 1'b1;
      in_valid = 1'b0;
      while (taken < beats) begin
        // A beat that was offered stays until it is taken.
        if (took) begin
          in_valid = sent < `BEATS_IN && !idle(1'b0);
          if (in_valid) in = stimulus_mem[sent];
        end
        out_ready = !idle(1'b0);
        #3;
        took  = !in_valid || in_ready;
        quiet = quiet + 1;
        if (in_valid && in_ready) begin
          sent  = sent + 1;
          quiet = 0;
        end
        if (out_valid && out_ready) begin
          if (out !== expected_mem[taken]) begin
            $display("MISMATCH beat=%0d expected=%h actual=%h", taken, expected_mem[taken], out);
            $fatal(1, "outputs differ");
          end
          taken = taken + 1;
          quiet = 0;
        end
        if (quiet > `TIMEOUT) begin
          $display("TIMEOUT beats in=%0d out=%0d", sent, taken);
          $fatal(1, "nothing moves");
        end
        if (sent > 0) clocks = clocks + 1;
        @(posedge clk) #1;
      end
      in_valid  = 1'b0;
      out_ready = 1'b0;
    end
  endtask

  initial begin
    if ($test$plusargs("trace")) begin
      $dumpfile("trace.vcd");
      $dumpvars(0, fpsa_tb_stream);
    end
    if (`LOADS > 0) $readmemh("tb/vectors/load.mem", load_mem, 0, `LOADS - 1);
    $readmemh("tb/vectors/stimulus.mem", stimulus_mem);
    $readmemh("tb/vectors/expected.mem", expected_mem);
    repeat (4) @(posedge clk) #1;
    rst_n = 1'b1;
    for (i = 0; i < `LOADS; i = i + 1) begin
      {load_addr, load_data} = load_mem[i];
      load_we = 1'b1;
      @(posedge clk) #1;
    end
    load_we = 1'b0;
    repeat (4) @(posedge clk) #1;

    // Broken off by a reset, then all of it.
    play(`BEATS_OUT / 3);
    rst_n = 1'b0;
    repeat (2) @(posedge clk) #1;
    rst_n = 1'b1;
    play(`BEATS_OUT);
`ifdef CLIPPED_TOTALS
    $readmemh("tb/vectors/clipped.mem", clipped_mem);
    if (clipped !== clipped_mem[0]) begin
      $display("MISMATCH clipped words expected=%h actual=%h", clipped_mem[0], clipped);
      $fatal(1, "counts differ");
    end
`endif
    $display("PASS beats=%0d clocks=%0d", taken, clocks);
    $finish;
  end

endmodule
