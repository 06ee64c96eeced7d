// The crossbars against a sum computed here: same sums for random weights and spikes and at the
// ends of their ranges, weights reloaded between ticks, loads that must go nowhere, and the serial
// one's clocks a tick. Weights come over the load bus, or at first from WeightFile (FracBits 0).
// Prints "PASS <ticks>" or "FAIL ...".
// With SYNTHESIS defined the parallel crossbar is the one that synthesis sees, the macro a black
// box that is left out.
`timescale 1ns/1ns
module fpsa_xbar_tb #(
  parameter Rows       = 9,
  parameter Cols       = 6,
  parameter WeightBits = 8,
  parameter FracBits   = 0,
  parameter Signed     = 1,
  parameter Ticks      = 200,
  parameter Passes     = 1,
  parameter WeightFile = "",
  parameter SumBits    = WeightBits + $clog2(Rows)
);

  localparam STORED    = WeightBits + FracBits;
  localparam LANES     = (WeightBits <= 8) ? 4 : 2;
  localparam WIDE      = (STORED <= 8) ? 4 : 2;
  localparam GROUPS    = (Cols + LANES - 1) / LANES;
  localparam WIDE_GROUPS = (Cols + WIDE - 1) / WIDE;

  reg            clk = 0;
  reg            rst_n = 0;
  reg            tick = 0;
  reg [Rows-1:0] spikes = 0;
  reg            load_we = 0;
  reg            load_macro = 0;
  reg [21:0]     load_addr = 0;
  reg [31:0]     load_data = 0;

  wire                    parallel_ready, serial_ready, macro_ready;
  wire [Cols*SumBits-1:0] parallel_sum, serial_sum, macro_sum;

  always #5 clk = !clk;

  fpsa_xbar_parallel #(
    .Rows(Rows), .Cols(Cols), .WeightBits(WeightBits), .Signed(Signed),
    .SumBits(SumBits), .WeightFile(WeightFile)
  ) u_parallel (
    .clk_i(clk), .rst_ni(rst_n), .tick_i(tick), .spike_i(spikes),
    .ready_o(parallel_ready), .sum_o(parallel_sum),
    .load_we_i(load_we && !load_macro), .load_addr_i(load_addr), .load_data_i(load_data)
  );

  fpsa_xbar_serial #(
    .Rows(Rows), .Cols(Cols), .WeightBits(WeightBits), .Signed(Signed), .Passes(Passes),
    .SumBits(SumBits), .WeightFile(WeightFile)
  ) u_serial (
    .clk_i(clk), .rst_ni(rst_n), .tick_i(tick), .spike_i(spikes),
    .ready_o(serial_ready), .sum_o(serial_sum),
    .load_we_i(load_we && !load_macro), .load_addr_i(load_addr), .load_data_i(load_data)
  );

`ifdef SYNTHESIS
  assign macro_ready = 1'b1;
`else
  fpsa_xbar_macro #(
    .Rows(Rows), .Cols(Cols), .WeightBits(WeightBits), .FracBits(FracBits), .Signed(Signed),
    .SumBits(SumBits), .WeightFile(WeightFile)
  ) u_macro (
    .clk_i(clk), .rst_ni(rst_n), .tick_i(tick), .spike_i(spikes),
    .ready_o(macro_ready), .sum_o(macro_sum),
    .load_we_i(load_we && load_macro), .load_addr_i(load_addr), .load_data_i(load_data)
  );
`endif

  // Nominal weights, and those of the macro in steps of 2^-FracBits
  integer weights [0:Rows*Cols-1];
  integer stored  [0:Rows*Cols-1];

  integer seed = 1;
  integer faults = 0;
  reg     serial_known = 1;  // as synthesis sees it, it has no file
  integer fill = 0;  // weights: 0 random, 1 the largest, 2 the least
  integer r, c, g, k, t, sum, clocks, active;

  task load(input to_macro, input [21:0] addr, input [31:0] data);
    begin
      load_macro = to_macro;
      load_addr  = addr;
      load_data  = data;
      load_we    = 1;
      @(posedge clk) #1;
      load_we    = 0;
    end
  endtask

  task load_row(input integer row);
    reg [31:0] word;
    begin
      for (c = 0; c < Cols; c = c + 1) begin
        weights[row*Cols+c] = ($random(seed) & 32'h7fffffff) % (1 << WeightBits);
        if (fill == 1) weights[row*Cols+c] = (1 << WeightBits) - 1;
        if (fill == 2) weights[row*Cols+c] = 0;
        if (Signed != 0) weights[row*Cols+c] = weights[row*Cols+c] - (1 << (WeightBits - 1));
        stored[row*Cols+c] = weights[row*Cols+c] * (1 << FracBits);
        if (FracBits > 0 && stored[row*Cols+c] > 0)
          stored[row*Cols+c] = stored[row*Cols+c] - $random(seed) % (1 << FracBits) / 2
                             - (1 << FracBits) / 2;
      end
      for (g = 0; g < GROUPS; g = g + 1) begin
        word = $random(seed);
        for (k = 0; k < LANES; k = k + 1)
          if (g * LANES + k < Cols)
            word = LANES == 4
                 ? (word & ~(32'hff << (8 * k))) | ((weights[row*Cols+g*4+k] & 32'hff) << (8 * k))
                 : (word & ~(32'hffff << (16 * k)))
                   | ((weights[row*Cols+g*2+k] & 32'hffff) << (16 * k));
        load(0, (row << $clog2(GROUPS)) + g, word);
      end
      for (g = 0; g < WIDE_GROUPS; g = g + 1) begin
        word = $random(seed);
        for (k = 0; k < WIDE; k = k + 1)
          if (g * WIDE + k < Cols)
            word = WIDE == 4
                 ? (word & ~(32'hff << (8 * k))) | ((stored[row*Cols+g*4+k] & 32'hff) << (8 * k))
                 : (word & ~(32'hffff << (16 * k)))
                   | ((stored[row*Cols+g*2+k] & 32'hffff) << (16 * k));
        load(1, (row << $clog2(WIDE_GROUPS)) + g, word);
      end
    end
  endtask

  reg [31:0]           words [0:Rows*GROUPS-1];
  reg [WeightBits-1:0] lane;

  task read_file;
    begin
      $readmemh(WeightFile, words);
      for (r = 0; r < Rows; r = r + 1)
        for (c = 0; c < Cols; c = c + 1) begin
          lane = words[r*GROUPS+c/LANES] >> (c % LANES) * (32 / LANES);
          weights[r*Cols+c] = lane;
          if (Signed != 0 && lane[WeightBits-1])
            weights[r*Cols+c] = weights[r*Cols+c] - (1 << WeightBits);
          stored[r*Cols+c] = weights[r*Cols+c];
        end
    end
  endtask

  // Loads an address of the 20 bits unless a word lies there; the serial one's sums stay.
  task load_gap(input to_macro, input integer groups, input [19:0] addr);
    if (addr >> $clog2(groups) >= Rows || (addr & ((1 << $clog2(groups)) - 1)) >= groups) begin
      load(to_macro, addr, $random(seed));
      if (!serial_ready) faults = faults + 1;
    end
  endtask

  // Where no word lies: past the last group, past the last row, in another part of the unit
  task load_nowhere;
    begin
      for (k = 0; k < 20; k = k + 1) begin
        load_gap(0, GROUPS, ($random(seed) & ((2 << $clog2(Rows * GROUPS)) - 1)) | (1 << k));
        load_gap(1, WIDE_GROUPS, $random(seed) & ((2 << $clog2(Rows * WIDE_GROUPS)) - 1)
                                 | (1 << k));
      end
      for (r = 0; r <= Rows; r = r + 1) begin
        load_gap(0, GROUPS, (r << $clog2(GROUPS)) + GROUPS);
        load_gap(1, WIDE_GROUPS, (r << $clog2(WIDE_GROUPS)) + WIDE_GROUPS);
      end
      load_gap(0, GROUPS, Rows << $clog2(GROUPS));
      load_gap(1, WIDE_GROUPS, Rows << $clog2(WIDE_GROUPS));
      for (k = 1; k < 4; k = k + 1) begin
        load(0, k << 20, $random(seed));
        load(1, k << 20, $random(seed));
      end
    end
  endtask

  task check(input [8*8-1:0] name, input [SumBits-1:0] got, input integer expected);
    if (got !== expected[SumBits-1:0]) begin
      faults = faults + 1;
      if (faults < 10)
        $display("FAIL tick %0d %0s column %0d: %b, not %b", t, name, c, got,
                 expected[SumBits-1:0]);
    end
  endtask

  task check_sums;
    for (c = 0; c < Cols; c = c + 1) begin
      sum = 0;
      for (r = 0; r < Rows; r = r + 1) if (spikes[r]) sum = sum + weights[r*Cols+c];
      check("parallel", parallel_sum[c*SumBits +: SumBits], sum);
      if (serial_known) check("serial", serial_sum[c*SumBits +: SumBits], sum);
`ifndef SYNTHESIS
      sum = (1 << FracBits) / 2;
      for (r = 0; r < Rows; r = r + 1) if (spikes[r]) sum = sum + stored[r*Cols+c];
      check("macro", macro_sum[c*SumBits +: SumBits], sum >>> FracBits);
`endif
    end
  endtask

  task wait_ready;
    begin
      clocks = 0;
      while (!serial_ready) begin
        @(posedge clk) #1;
        clocks = clocks + 1;
      end
    end
  endtask

  initial begin
    repeat (2) @(posedge clk);
    #1 rst_n = 1;
`ifdef SYNTHESIS
    serial_known = WeightFile == "";
`endif
    if (WeightFile != "") read_file;
    else for (t = 0; t < Rows; t = t + 1) load_row(t);
    for (t = 0; t < Ticks; t = t + 1) begin
      wait_ready;
      tick = 1;
      @(posedge clk) #1;
      tick = 0;
      for (r = 0; r < Rows; r = r + 1) spikes[r] = $random(seed) % 3 == 0 && t % 7 != 0;
      if (fill != 0) spikes = {Rows{1'b1}};
      active = 0;
      for (r = 0; r < Rows; r = r + 1) active = active + spikes[r];
      #1 wait_ready;
      if (clocks != Passes * active + 1) begin
        faults = faults + 1;
        $display("FAIL tick %0d: %0d clocks for %0d active rows", t, clocks, active);
      end
      if (!parallel_ready || !macro_ready) faults = faults + 1;
      #1 check_sums;
      if (t % 5 == 0) begin
        load_row(($random(seed) & 32'h7fffffff) % Rows);
        #1 wait_ready;
        check_sums;
      end
      if (t % 20 == 7) begin
        load_nowhere;
        #1 wait_ready;
        check_sums;
      end
      // Now and then a tick with all rows at an end of the range
      if (t % 20 == 10 || t % 20 == 12) begin
        fill = t % 20 == 10 ? 1 : 2;
        for (r = 0; r < Rows; r = r + 1) load_row(r);
        serial_known = 1;
      end else if (fill != 0) begin
        fill = 0;
        for (r = 0; r < Rows; r = r + 1) load_row(r);
      end
    end
    if (faults == 0) $display("PASS %0d", Ticks);
    else $display("FAIL %0d faults", faults);
    $finish;
  end

endmodule
