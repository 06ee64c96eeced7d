// Bench of a whole network: checks its identity, loads it over AXI4-Lite, streams samples in with
// random pauses and out with random stalls, compares every beat and reads the counters.
//
// Run in the run directory. tb/tb_params.vh defines
//   DUT DATA_BITS SAMPLES IN_BEATS OUT_BEATS (beats in all) IN_LANES OUT_LANES
//   OUT_DATA_BITS (of the stream of results, if they are wider or narrower than samples)
//   IN_WINDOWS OUT_WINDOWS (in all, where a sample or a result has several)
//   SPEC_HASH (32 bits) CEILINGS (64 bits) LOADS
//   PROBES (the nets of the device that carry spikes and marks, separated by commas; absent if
//   there are none)
// and tb/vectors holds, in hexadecimal,
//   load.mem      LOADS words of 96 bits {unit, address, data}, 32 bits each
//   stimulus.mem  IN_BEATS lines {last, data}
//   expected.mem  OUT_BEATS lines {last, data}
// Macros: IDLE and BACKPRESSURE, percent of clocks without valid and without ready; SEED; TIMEOUT
// clocks without a beat; CHECK_UNKNOWN, defined if the device still has the nets of PROBES: none of
// them may ever be unknown, so no unit reads what was not written. Plusargs: +trace.
// Ends with "PASS samples=... compared=... cycles=... windows=... ceilings=..." or, at the first
// difference, a MISMATCH line and a non-zero exit status.
`include "tb/tb_params.vh"

`ifndef OUT_DATA_BITS
`define OUT_DATA_BITS `DATA_BITS
`endif
`ifndef IN_WINDOWS
`define IN_WINDOWS `SAMPLES
`endif
`ifndef OUT_WINDOWS
`define OUT_WINDOWS `SAMPLES
`endif
`ifndef IDLE
`define IDLE 25
`endif
`ifndef BACKPRESSURE
`define BACKPRESSURE 25
`endif
`ifndef SEED
`define SEED 1
`endif
`ifndef TIMEOUT
`define TIMEOUT 1000000
`endif

module fpsa_tb_top;

  localparam [11:0] ID_ADDR       = 12'h000;
  localparam [11:0] HASH_ADDR     = 12'h008;
  localparam [11:0] SHAPE_ADDR    = 12'h00c;
  localparam [11:0] CONTROL_ADDR  = 12'h010;
  localparam [11:0] STATUS_ADDR   = 12'h014;
  localparam [11:0] CYCLES_ADDR   = 12'h018;
  localparam [11:0] WINDOWS_ADDR  = 12'h020;
  localparam [11:0] SAMPLES_ADDR  = 12'h028;
  localparam [11:0] CEILINGS_ADDR = 12'h030;
  localparam [11:0] UNIT_ADDR     = 12'h040;
  localparam [11:0] ADDRESS_ADDR  = 12'h044;
  localparam [11:0] DATA_ADDR     = 12'h048;
  localparam [31:0] ID            = 32'h46505341;

  // Vectors; load_mem has a word at least
  reg [95:0]       load_mem     [0:`LOADS];
  reg [`DATA_BITS:0] stimulus_mem [0:`IN_BEATS-1];
  reg [`OUT_DATA_BITS:0] expected_mem [0:`OUT_BEATS-1];

  // Device
  reg                   clk = 1'b0;
  reg                   rst_n = 1'b0;
  reg                   s_valid = 1'b0;
  wire                  s_ready;
  reg  [`DATA_BITS:0]   s_beat = {(`DATA_BITS + 1){1'b0}};
  wire                  m_valid;
  reg                   m_ready = 1'b0;
  wire [`OUT_DATA_BITS:0] m_beat;
  reg                   awvalid = 1'b0;
  wire                  awready;
  reg  [11:0]           awaddr = 12'd0;
  reg                   wvalid = 1'b0;
  wire                  wready;
  reg  [31:0]           wdata = 32'd0;
  wire                  bvalid;
  reg                   bready = 1'b0;
  wire [1:0]            bresp;
  reg                   arvalid = 1'b0;
  wire                  arready;
  reg  [11:0]           araddr = 12'd0;
  wire                  rvalid;
  reg                   rready = 1'b0;
  wire [31:0]           rdata;
  wire [1:0]            rresp;

  always #5 clk = ~clk;

  `DUT u_dut (
    .clk_i         (clk),
    .rst_ni        (rst_n),
    .s_axis_tvalid (s_valid),
    .s_axis_tready (s_ready),
    .s_axis_tdata  (s_beat[`DATA_BITS-1:0]),
    .s_axis_tlast  (s_beat[`DATA_BITS]),
    .m_axis_tvalid (m_valid),
    .m_axis_tready (m_ready),
    .m_axis_tdata  (m_beat[`OUT_DATA_BITS-1:0]),
    .m_axis_tlast  (m_beat[`OUT_DATA_BITS]),
    .s_axil_awvalid(awvalid),
    .s_axil_awready(awready),
    .s_axil_awaddr (awaddr),
    .s_axil_awprot (3'b000),
    .s_axil_wvalid (wvalid),
    .s_axil_wready (wready),
    .s_axil_wdata  (wdata),
    .s_axil_wstrb  (4'hf),
    .s_axil_bvalid (bvalid),
    .s_axil_bready (bready),
    .s_axil_bresp  (bresp),
    .s_axil_arvalid(arvalid),
    .s_axil_arready(arready),
    .s_axil_araddr (araddr),
    .s_axil_arprot (3'b000),
    .s_axil_rvalid (rvalid),
    .s_axil_rready (rready),
    .s_axil_rdata  (rdata),
    .s_axil_rresp  (rresp)
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

  // AXI4-Lite master; called and left on a falling edge. A ready seen there holds at the next
  // rising edge.
  reg [31:0] value;
  integer    waited;

  task await_axil;
    begin
      @(negedge clk);
      waited = waited + 1;
      if (waited > `TIMEOUT) begin
        $display("TIMEOUT axil aw=%b%b w=%b%b b=%b%b ar=%b%b r=%b%b", awvalid, awready, wvalid,
                 wready, bvalid, bready, arvalid, arready, rvalid, rready);
        $fatal(1, "no answer on AXI4-Lite");
      end
    end
  endtask

  task axil_write;
    input [11:0] address;
    input [31:0] data;
    begin
      waited  = 0;
      awvalid = 1'b1;
      awaddr  = address;
      wvalid  = 1'b1;
      wdata   = data;
      while (awready !== 1'b1 || wready !== 1'b1) await_axil;
      await_axil;
      awvalid = 1'b0;
      wvalid  = 1'b0;
      bready  = 1'b1;
      while (bvalid !== 1'b1) await_axil;
      if (bresp !== 2'b00) begin
        $display("MISMATCH axil write address=%h expected=0 actual=%b", address, bresp);
        $fatal(1, "write refused");
      end
      await_axil;
      bready = 1'b0;
    end
  endtask

  task axil_read;
    input [11:0] address;
    begin
      waited  = 0;
      arvalid = 1'b1;
      araddr  = address;
      while (arready !== 1'b1) await_axil;
      await_axil;
      arvalid = 1'b0;
      rready  = 1'b1;
      while (rvalid !== 1'b1) await_axil;
      value = rdata;
      if (rresp !== 2'b00) begin
        $display("MISMATCH axil read address=%h expected=0 actual=%b", address, rresp);
        $fatal(1, "read refused");
      end
      await_axil;
      rready = 1'b0;
    end
  endtask

  task check_register;
    input [11:0] address;
    input [31:0] expected;
    begin
      axil_read(address);
      if (value !== expected) begin
        $display("MISMATCH register=%h expected=%h actual=%h", address, expected, value);
        $fatal(1, "register differs");
      end
    end
  endtask

  reg [63:0] count;

  task read_counter;
    input [11:0] address;
    begin
      axil_read(address);
      count[31:0] = value;
      axil_read(address + 12'h004);
      count[63:32] = value;
    end
  endtask

  task check_counter;
    input [11:0] address;
    input [63:0] expected;
    begin
      read_counter(address);
      if (count !== expected) begin
        $display("MISMATCH counter=%h expected=%0d actual=%0d", address, expected, count);
        $fatal(1, "counter differs");
      end
    end
  endtask

  // Polls the status until the network stands; anything but busy in it is an error.
  integer polls;

  task await_rest;
    begin
      polls = 0;
      axil_read(STATUS_ADDR);
      while (value === 32'd1 && polls < `TIMEOUT) begin
        polls = polls + 1;
        axil_read(STATUS_ADDR);
      end
      if (value !== 32'd0) begin
        $display("MISMATCH status expected=0 actual=%h", value);
        $fatal(1, "status differs");
      end
    end
  endtask

  // Streams
  reg                streaming = 1'b0;
  reg                held = 1'b0;
  reg [`OUT_DATA_BITS:0] held_beat;
  integer            sent = 0;
  integer            received = 0;
  integer            quiet = 0;

  always @(negedge clk) begin
    if (streaming) begin
      step_random;
      if (!s_valid && sent < `IN_BEATS && percent >= `IDLE) begin
        s_valid = 1'b1;
        s_beat  = stimulus_mem[sent];
      end
      step_random;
      m_ready = percent >= `BACKPRESSURE;
    end
  end

  // A beat that starts at a falling edge is taken at the next rising one.
  reg s_taken = 1'b0;

  always @(posedge clk) begin
    if (streaming) begin
      s_taken = s_valid && s_ready === 1'b1;
      quiet   = (s_taken || m_valid === 1'b1 && m_ready) ? 0 : quiet + 1;
      if (m_valid !== 1'b0) check_beat;
      if (held && (m_valid !== 1'b1 || m_beat !== held_beat)) begin
        $display("MISMATCH beat=%0d moved while it waited", received);
        $fatal(1, "stream broke its handshake");
      end
      held      = m_valid === 1'b1 && !m_ready;
      held_beat = m_beat;
      if (m_valid === 1'b1 && m_ready) received = received + 1;
      if (s_taken) sent = sent + 1;
      if (quiet > `TIMEOUT) begin
        $display("TIMEOUT sent=%0d received=%0d s_valid=%b s_ready=%b m_valid=%b m_ready=%b", sent,
                 received, s_valid, s_ready, m_valid, m_ready);
        $fatal(1, "the streams stand still");
      end
    end
  end

  always @(posedge clk) #1 if (s_taken) s_valid = 1'b0;

  task check_beat;
    begin
      if (received >= `OUT_BEATS) begin
        $display("MISMATCH beat=%0d past the last one", received);
        $fatal(1, "too many beats");
      end else if (m_valid !== 1'b1 || m_beat !== expected_mem[received]) begin
        $display("MISMATCH sample=%0d beat=%0d expected=%h actual=%h valid=%b",
                 received / (`OUT_BEATS / `SAMPLES), received % (`OUT_BEATS / `SAMPLES),
                 expected_mem[received], m_beat, m_valid);
        $fatal(1, "outputs differ");
      end
    end
  endtask

`ifdef CHECK_UNKNOWN
`ifdef PROBES
  wire unknown = ^{`PROBES} === 1'bx;

  always @(posedge clk) begin
    if (streaming && unknown) begin
      $display("MISMATCH unknown at %0t: %b", $time, {`PROBES});
      $fatal(1, "a spike or a mark is unknown");
    end
  end

`endif
`endif
  // Course
  integer      i;
  reg   [31:0] unit;
  reg   [31:0] address;
  reg   [63:0] cycles;

  initial begin
    if ($test$plusargs("trace")) begin
      $dumpfile("trace.vcd");
      $dumpvars(0, fpsa_tb_top);
    end
    if (`LOADS > 0) $readmemh("tb/vectors/load.mem", load_mem, 0, `LOADS - 1);
    $readmemh("tb/vectors/stimulus.mem", stimulus_mem);
    $readmemh("tb/vectors/expected.mem", expected_mem);
    repeat (4) @(negedge clk);
    rst_n = 1'b1;
    @(negedge clk);
    check_register(ID_ADDR, ID);
    check_register(HASH_ADDR, `SPEC_HASH);
    check_register(SHAPE_ADDR, `OUT_LANES << 16 | `IN_LANES);
    unit    = 32'hffffffff;
    address = 32'hffffffff;
    for (i = 0; i < `LOADS; i = i + 1) begin
      if (load_mem[i][95:64] != unit) axil_write(UNIT_ADDR, load_mem[i][95:64]);
      if (load_mem[i][63:32] != address) axil_write(ADDRESS_ADDR, load_mem[i][63:32]);
      axil_write(DATA_ADDR, load_mem[i][31:0]);
      unit    = load_mem[i][95:64];
      address = load_mem[i][63:32] + 32'd1;
    end
    axil_write(CONTROL_ADDR, 32'd1);
    streaming = 1'b1;
    while (received < `OUT_BEATS) @(negedge clk);
    await_rest;
    check_counter(WINDOWS_ADDR, `IN_WINDOWS);
    check_counter(SAMPLES_ADDR, `OUT_WINDOWS);
    check_counter(CEILINGS_ADDR, `CEILINGS);
    read_counter(CYCLES_ADDR);
    cycles = count;
    $display("PASS samples=%0d compared=%0d cycles=%0d windows=%0d ceilings=%0d", `SAMPLES,
             received, cycles, `SAMPLES, `CEILINGS);
    $finish;
  end

endmodule
