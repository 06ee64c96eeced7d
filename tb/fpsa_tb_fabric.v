// Bench of a fabric with a circuit: loads its bitstream over AXI4-Lite, then plays inputs clock by
// clock and compares every pad, so that what should be quiet is, too.
//
// Run in the run directory. tb/tb_params.vh defines
//   PADS LOADS CLOCKS
// and tb/vectors holds, in hexadecimal,
//   load.mem          LOADS lines of 32 bits: the words of the bitstream
//   inputs.mem        CLOCKS lines of PADS bits: what enters in each clock
//   expected.mem      CLOCKS lines of PADS bits: what leaves just before the clock's edge
// Until it is active the fabric must show zeros, whatever enters.
// Plusargs: +trace.
// Ends with "PASS clocks=... pads=... words=...", or, at the first difference, with a MISMATCH line
// and a non-zero exit status; TIMEOUT if the fabric does not become active.
`include "tb/tb_params.vh"

module fpsa_tb_fabric;

  localparam [11:0] CONTROL = 12'h000;
  localparam [11:0] DATA    = 12'h004;

  // Vectors
  reg [31:0]      load     [0:`LOADS-1];
  reg [`PADS-1:0] inputs   [0:`CLOCKS-1];
  reg [`PADS-1:0] expected [0:`CLOCKS-1];

  // Device
  reg              clk       = 1'b0;
  reg              rst_n     = 1'b0;
  reg              aw_valid  = 1'b0;
  reg              w_valid   = 1'b0;
  reg  [11:0]      address   = 12'd0;
  reg  [31:0]      data      = 32'd0;
  reg  [`PADS-1:0] enters    = {`PADS{1'b0}};
  wire             aw_ready, w_ready, b_valid, active;
  wire [1:0]       b_resp;
  wire [`PADS-1:0] leaves;

  always #5 clk = ~clk;

  fpsa_fabric_top u_dut (
    .clk_i      (clk),
    .rst_ni     (rst_n),
    .s_awvalid_i(aw_valid),
    .s_awready_o(aw_ready),
    .s_awaddr_i (address),
    .s_awprot_i (3'd0),
    .s_wvalid_i (w_valid),
    .s_wready_o (w_ready),
    .s_wdata_i  (data),
    .s_wstrb_i  (4'hf),
    .s_bvalid_o (b_valid),
    .s_bready_i (1'b1),
    .s_bresp_o  (b_resp),
    .s_arvalid_i(1'b0),
    .s_arready_o(),
    .s_araddr_i (12'd0),
    .s_arprot_i (3'd0),
    .s_rvalid_o (),
    .s_rready_i (1'b1),
    .s_rdata_o  (),
    .s_rresp_o  (),
    .active_o   (active),
    .pad_i      (enters),
    .pad_o      (leaves)
  );

  integer i, pad, waited;

  // What leaves in the clock that is about to end; -1: before it is active.
  task compare(input integer clock, input [`PADS-1:0] wanted);
    if (leaves !== wanted) begin
      pad = 0;
      while (leaves[pad] === wanted[pad]) pad = pad + 1;
      $display("MISMATCH clock=%0d pad=%0d expected=%b actual=%b", clock, pad, wanted[pad],
               leaves[pad]);
      $fatal(1, "outputs differ");
    end
  endtask

  // One word to a register; begins and ends at a falling edge.
  task send(input [11:0] to, input [31:0] word);
    begin
      address  = to;
      data     = word;
      aw_valid = 1'b1;
      w_valid  = 1'b1;
      while (aw_valid || w_valid) begin
        #4;
        if (!active) compare(-1, {`PADS{1'b0}});
        @(posedge clk);
        if (aw_ready) aw_valid <= 1'b0;
        if (w_ready) w_valid <= 1'b0;
        @(negedge clk);
      end
    end
  endtask

  always @(posedge clk) begin
    if (b_valid && b_resp !== 2'b00) begin
      $display("MISMATCH write address=%h answer=%b", address, b_resp);
      $fatal(1, "a write was refused");
    end
  end

  initial begin
    if ($test$plusargs("trace")) begin
      $dumpfile("trace.vcd");
      $dumpvars(0, fpsa_tb_fabric);
    end
    $readmemh("tb/vectors/load.mem", load);
    $readmemh("tb/vectors/inputs.mem", inputs);
    $readmemh("tb/vectors/expected.mem", expected);
    repeat (4) @(negedge clk);
    rst_n = 1'b1;
    repeat (2) @(negedge clk);
    enters = inputs[0];
    send(CONTROL, 32'd1);
    for (i = 0; i < `LOADS; i = i + 1) send(DATA, load[i]);
    for (waited = 0; !active && waited < 100; waited = waited + 1) @(negedge clk);
    if (!active) begin
      $display("TIMEOUT the bitstream of %0d words is loaded and the fabric is not active", `LOADS);
      $fatal(1, "not active");
    end
    for (i = 0; i < `CLOCKS; i = i + 1) begin
      enters = inputs[i];
      #4 compare(i, expected[i]);
      @(negedge clk);
    end
    $display("PASS clocks=%0d pads=%0d words=%0d", `CLOCKS, `PADS, `LOADS);
    $finish;
  end

endmodule
