// The chain against a shift register of all its bits: shifts, and captures at random clocks.
// verilator lint_off WIDTH
module fpsa_scan_pins_tb #(
  parameter Inputs  = 4,
  parameter Outputs = 3,
  parameter Seed    = 1,
  parameter Clocks  = 1000
);

`include "bench.vh"

  reg                scan = 0;
  reg                capture = 0;
  reg  [Outputs-1:0] observe = 0;
  wire               scan_out;
  wire [Inputs-1:0]  drive;

  fpsa_scan_pins #(
    .Inputs (Inputs),
    .Outputs(Outputs)
  ) u_dut (
    .clk_i    (clk),
    .scan_i   (scan),
    .capture_i(capture),
    .scan_o   (scan_out),
    .drive_o  (drive),
    .observe_i(observe)
  );

  reg     chain [0:Inputs+Outputs-1];
  integer i, k;

  initial begin
    for (i = 0; i < Clocks; i = i + 1) begin
      @(negedge clk);
      scan    = chance(50);
      capture = i > 20 && chance(20);
      observe = random(0);
      #1;
      if (i > Inputs + Outputs) begin
        for (k = 0; k < Inputs; k = k + 1) expect_value("drive", drive[k], chain[k]);
        expect_value("scan", scan_out, chain[Inputs+Outputs-1]);
      end
      for (k = Inputs + Outputs - 1; k > 0; k = k - 1) chain[k] = chain[k-1];
      chain[0] = scan;
      if (capture) for (k = 0; k < Outputs; k = k + 1) chain[Inputs+k] = observe[k];
    end
    pass;
  end

endmodule
