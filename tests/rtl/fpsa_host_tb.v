// A whole network at the edges of its streams and registers. Run in a run directory that loads its
// memories, on the vectors of tb/fpsa_tb_top.v. In turn:
//   garbage is loaded, then over it what belongs there;
//   bad frames, short and long, between the good ones; values past the ceiling; errors cleared;
//   the sink takes nothing until the source has to wait, loads meanwhile answer SLVERR;
//   a reset in mid-run, garbage and the right load again, and everything once more;
//   resets, with a frame and a write at the door when they end.
// An asynchronous reset comes and goes at any time; accesses and beats begin in the clock in which
// it goes.
// Outputs must be those of the good frames alone, every beat of them.
// verilator lint_off WIDTH
`include "tb/tb_params.vh"

module fpsa_host_tb #(
  parameter ActBits    = 4,
  parameter LaneBits   = 8,
  parameter AsyncReset = 0,
  parameter Seed       = 1,
  parameter Clocks     = 1000000
);

`include "bench.vh"

  localparam LANES     = `DATA_BITS / LaneBits;
  localparam BEATS     = `IN_BEATS / `SAMPLES;
  localparam CEILING   = (1 << ActBits) - 1;
  localparam [1:0] OKAY   = 2'b00;
  localparam [1:0] SLVERR = 2'b10;

  reg [95:0]         load_mem     [0:`LOADS];
  reg [`DATA_BITS:0] stimulus_mem [0:`IN_BEATS-1];
  reg [`DATA_BITS:0] expected_mem [0:`OUT_BEATS-1];

  reg                 s_valid = 0;
  wire                s_ready;
  reg  [`DATA_BITS:0] s_beat = 0;
  wire                m_valid;
  reg                 m_ready = 0;
  wire [`DATA_BITS:0] m_beat;
  reg                 awvalid = 0;
  wire                awready;
  reg  [11:0]         awaddr = 0;
  reg                 wvalid = 0;
  wire                wready;
  reg  [31:0]         wdata = 0;
  wire                bvalid;
  wire [1:0]          bresp;
  reg                 arvalid = 0;
  wire                arready;
  reg  [11:0]         araddr = 0;
  wire                rvalid;
  wire [31:0]         rdata;
  wire [1:0]          rresp;

  `DUT u_dut (
    .clk_i         (clk),
    .rst_ni        (rst_n),
    .s_axis_tvalid (s_valid),
    .s_axis_tready (s_ready),
    .s_axis_tdata  (s_beat[`DATA_BITS-1:0]),
    .s_axis_tlast  (s_beat[`DATA_BITS]),
    .m_axis_tvalid (m_valid),
    .m_axis_tready (m_ready),
    .m_axis_tdata  (m_beat[`DATA_BITS-1:0]),
    .m_axis_tlast  (m_beat[`DATA_BITS]),
    .s_axil_awvalid(awvalid),
    .s_axil_awready(awready),
    .s_axil_awaddr (awaddr),
    .s_axil_awprot (3'b000),
    .s_axil_wvalid (wvalid),
    .s_axil_wready (wready),
    .s_axil_wdata  (wdata),
    .s_axil_wstrb  (4'hf),
    .s_axil_bvalid (bvalid),
    .s_axil_bready (1'b1),
    .s_axil_bresp  (bresp),
    .s_axil_arvalid(arvalid),
    .s_axil_arready(arready),
    .s_axil_araddr (araddr),
    .s_axil_arprot (3'b000),
    .s_axil_rvalid (rvalid),
    .s_axil_rready (1'b1),
    .s_axil_rdata  (rdata),
    .s_axil_rresp  (rresp)
  );

  // Registers

  task write(input [11:0] addr, input [31:0] data, input [1:0] answer);
    begin
      awvalid = 1;
      awaddr  = addr;
      wvalid  = 1;
      wdata   = data;
      while (awready !== 1'b1 || wready !== 1'b1) @(negedge clk);
      @(negedge clk);
      awvalid = 0;
      wvalid  = 0;
      while (bvalid !== 1'b1) @(negedge clk);
      expect_value("bresp", bresp, answer);
      @(negedge clk);
    end
  endtask

  reg [31:0] value;

  task read(input [11:0] addr);
    begin
      arvalid = 1;
      araddr  = addr;
      while (arready !== 1'b1) @(negedge clk);
      @(negedge clk);
      arvalid = 0;
      while (rvalid !== 1'b1) @(negedge clk);
      value = rdata;
      expect_value("rresp", rresp, OKAY);
      @(negedge clk);
    end
  endtask

  task check_register(input [11:0] addr, input [31:0] expected);
    begin
      read(addr);
      expect_value("register", {addr, value}, {addr, expected});
    end
  endtask

  integer i;

  // All load words, each through `flip`; garbage comes from an odd one
  task load(input [31:0] flip);
    for (i = 0; i < `LOADS; i = i + 1) begin
      write(12'h040, load_mem[i][95:64], OKAY);
      write(12'h044, load_mem[i][63:32], OKAY);
      write(12'h048, load_mem[i][31:0] ^ flip, OKAY);
    end
  endtask

  // Source: frames of SAMPLES samples, bad ones before some of them

  reg     streaming = 0;
  integer bad = 0;       // percent of frames before a good one
  integer pause = 0;     // percent of clocks without a new beat
  integer stall = 0;     // percent of clocks without ready
  integer sample = 0;    // the next good one
  integer length = 0;    // beats of the current frame
  integer place = 0;     // the beat in it
  integer bad_frames = 0;
  integer clipped = 0;
  reg     good = 0;
  reg     taken = 0;
  integer lane;

  task draw_frame;
    begin
      good   = !chance(bad);
      length = BEATS;
      while (!good && length == BEATS) length = 1 + below(2 * BEATS + 2);
      place  = 0;
      if (!good) bad_frames = bad_frames + 1;
    end
  endtask

  // A lane at the ceiling may as well be anything above it.
  task draw_beat;
    begin
      s_beat = good ? stimulus_mem[sample*BEATS+place] : {random(0), random(0), random(0)};
      for (lane = 0; lane < LANES; lane = lane + 1)
        if (good && LaneBits > ActBits && s_beat[lane*LaneBits +: LaneBits] == CEILING
            && chance(50)) begin
          s_beat[lane*LaneBits +: LaneBits] = CEILING + 1 + below((1 << LaneBits) - CEILING - 1);
          clipped = clipped + 1;
        end
      s_beat[`DATA_BITS] = place == length - 1;
    end
  endtask

  always @(negedge clk) begin
    if (taken) begin
      place   = place + 1;
      s_valid = 0;
      if (place == length && good) sample = sample + 1;
    end
    if (streaming && !s_valid && sample < `SAMPLES && !chance(pause)) begin
      if (place == length) draw_frame;
      draw_beat;
      s_valid = 1;
    end
    m_ready = streaming && !chance(stall);
  end

  // Sink: what comes, and that it waits

  integer              received = 0;
  integer              quiet = 0;  // clocks without a beat
  reg                  held = 0;
  reg  [`DATA_BITS:0]  held_beat;

  always @(posedge clk) begin
    taken = s_valid && s_ready === 1'b1;
    quiet = taken || (m_valid && m_ready) ? 0 : quiet + 1;
    if (rst_n) expect_value("valid is known", m_valid === 1'b0 || m_valid === 1'b1, 1);
    if (rst_n && held) expect_value("held", m_valid === 1'b1 && m_beat === held_beat, 1);
    if (rst_n && m_valid) begin
      expect_value("not too many", received < `OUT_BEATS, 1);
      if (m_beat !== expected_mem[received]) begin
        $display("MISMATCH beat=%0d expected=%h actual=%h", received, expected_mem[received], m_beat);
        $fatal(1, "outputs differ");
      end
      if (m_ready) received = received + 1;
    end
    held      = rst_n && m_valid && !m_ready;
    held_beat = m_beat;
  end

  task start;
    begin
      sample    = 0;
      received  = 0;
      length    = 0;
      place     = 0;
      quiet     = 0;
      streaming = 1;
    end
  endtask

  // Until all has come and the network stands
  task finish;
    begin
      while (received < `OUT_BEATS && quiet < 20000) @(negedge clk);
      expect_value("all came", received, `OUT_BEATS);
      repeat (200) @(negedge clk);
      streaming = 0;
      read(12'h014);
      expect_value("stands", value[0], 0);
    end
  endtask

  // The clock has its edges 5 apart.
  task reset;
    begin
      if (AsyncReset) #(1 + below(4));
      rst_n     = 0;
      streaming = 0;
      taken     = 0;
      s_valid   = 0;
      repeat (1 + below(3)) @(negedge clk);
      if (AsyncReset) #(1 + 5 * below(2) + below(4));
      place     = length;
      rst_n     = 1;
    end
  endtask

  task check_counts(input integer samples);
    begin
      check_register(12'h020, samples);
      check_register(12'h028, samples);
    end
  endtask

  task bad_frames_and_values;
    begin
      bad   = 40;
      pause = 20;
      stall = 30;
      start;
      finish;
      expect_value("both errors", {bad_frames > 0, clipped > 0}, 2'b11);
      check_register(12'h014, 6);
      write(12'h014, 2, OKAY);
      check_register(12'h014, 4);
      write(12'h014, 5, OKAY);
      check_register(12'h014, 0);
      check_counts(`SAMPLES);
    end
  endtask

  task sink_that_waits;
    begin
      write(12'h010, 1, OKAY);
      bad   = 0;
      pause = 0;
      stall = 100;
      start;
      while (quiet < 1000) @(negedge clk);
      expect_value("source waits", {s_valid, s_ready, m_valid}, 3'b101);
      read(12'h014);
      expect_value("busy", value[0], 1);
      write(12'h048, 32'h5a5a5a5a, SLVERR);
      read(12'h018);
      expect_value("cycles go on", value > 1000, 1);
      stall = 0;
      finish;
      check_counts(`SAMPLES);
    end
  endtask

  task reset_in_mid_run;
    begin
      bad   = 20;
      stall = 50;
      start;
      while (received < `OUT_BEATS / 2) @(negedge clk);
      reset;
      check_register(12'h014, 0);
      check_register(12'h044, 0);
      check_counts(0);
      repeat (200) begin
        expect_value("silent", m_valid, 0);
        @(negedge clk);
      end
    end
  endtask

  task frame_and_write_at_the_door;
    begin
      bad   = 0;
      stall = 0;
      reset;
      start;
      write(12'h044, 0, OKAY);
      finish;
      check_counts(`SAMPLES);
    end
  endtask

  initial begin
    repeat (Clocks) @(posedge clk);
    expect_value("comes to its end", 0, 1);
  end

  initial begin
    $readmemh("tb/vectors/load.mem", load_mem, 0, `LOADS - 1);
    $readmemh("tb/vectors/stimulus.mem", stimulus_mem);
    $readmemh("tb/vectors/expected.mem", expected_mem);
    reset;
    load(32'h5aa55aa5);
    load(0);
    bad_frames_and_values;
    sink_that_waits;
    reset_in_mid_run;
    load(32'ha5a5a5a5);
    load(0);
    bad_frames_and_values;
    repeat (8) frame_and_write_at_the_door;
    pass;
  end

endmodule
