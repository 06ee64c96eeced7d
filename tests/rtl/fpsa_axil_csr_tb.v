// Every register by random accesses: right and wrong addresses, partial strobes, units out of
// range, loads while busy, halves of a write in any order, answers taken late; events all the while.
// The model is a table of registers and 64-bit counts; some counters start just below a carry.
// verilator lint_off WIDTH
// verilator lint_off MULTIDRIVEN
module fpsa_axil_csr_tb #(
  parameter Units       = 3,
  parameter CeilingBits = 32,
  parameter Seed        = 1,
  parameter Accesses    = 1500
);

`include "bench.vh"

  localparam [31:0] VERSION = 32'hc0de0102;
  localparam [31:0] HASH    = 32'h9abc1234;
  localparam [15:0] IN      = 16'h8421;
  localparam [15:0] OUT     = 16'h1357;
  localparam [1:0]  OKAY    = 2'b00;
  localparam [1:0]  SLVERR  = 2'b10;

  reg                    awvalid = 1'b0;
  wire                   awready;
  reg  [11:0]            awaddr = 0;
  reg                    wvalid = 1'b0;
  wire                   wready;
  reg  [31:0]            wdata = 0;
  reg  [3:0]             wstrb = 0;
  wire                   bvalid;
  reg                    bready = 1'b0;
  wire [1:0]             bresp;
  reg                    arvalid = 1'b0;
  wire                   arready;
  reg  [11:0]            araddr = 0;
  wire                   rvalid;
  reg                    rready = 1'b0;
  wire [31:0]            rdata;
  wire [1:0]             rresp;
  reg                    busy = 0;
  reg                    window = 0;
  reg                    captured = 0;
  reg  [CeilingBits-1:0] ceilings = 0;
  reg                    frame_error = 0;
  reg                    range_error = 0;
  reg  [2:0]             prot = 0;
  wire                   ready;
  wire [Units-1:0]       load_we;
  wire [21:0]            load_addr;
  wire [31:0]            load_data;

  fpsa_axil_csr #(
    .Units      (Units),
    .Version    (VERSION),
    .SpecHash   (HASH),
    .InLanes    (IN),
    .OutLanes   (OUT),
    .CeilingBits(CeilingBits)
  ) u_dut (
    .clk_i        (clk),
    .rst_ni       (rst_n),
    .s_awvalid_i  (awvalid),
    .s_awready_o  (awready),
    .s_awaddr_i   (awaddr),
    .s_awprot_i   (prot),
    .s_wvalid_i   (wvalid),
    .s_wready_o   (wready),
    .s_wdata_i    (wdata),
    .s_wstrb_i    (wstrb),
    .s_bvalid_o   (bvalid),
    .s_bready_i   (bready),
    .s_bresp_o    (bresp),
    .s_arvalid_i  (arvalid),
    .s_arready_o  (arready),
    .s_araddr_i   (araddr),
    .s_arprot_i   (~prot),
    .s_rvalid_o   (rvalid),
    .s_rready_i   (rready),
    .s_rdata_o    (rdata),
    .s_rresp_o    (rresp),
    .busy_i       (busy),
    .window_i     (window),
    .captured_i   (captured),
    .ceilings_i   (ceilings),
    .frame_error_i(frame_error),
    .range_error_i(range_error),
    .ready_o      (ready),
    .load_we_o    (load_we),
    .load_addr_o  (load_addr),
    .load_data_o  (load_data)
  );

  // The last unit's rank on the load bus
  wire        rank_we;
  wire [21:0] rank_addr;
  wire [31:0] rank_data;

  fpsa_load_rank u_rank (
    .clk_i      (clk),
    .rst_ni     (rst_n),
    .load_we_i  (load_we[Units-1]),
    .load_addr_i(load_addr),
    .load_data_i(load_data),
    .load_we_o  (rank_we),
    .load_addr_o(rank_addr),
    .load_data_o(rank_data)
  );

  // Registers: cycles, windows, samples, ceilings are counters 0 to 3
  reg  [63:0]      count [0:3];
  reg  [31:0]      high [0:3];
  reg  [15:0]      unit;
  reg  [21:0]      address;
  reg              frame_failed;
  reg              range_failed;
  reg  [Units-1:0] strobe;
  reg  [21:0]      strobe_addr;
  reg  [31:0]      strobe_data;
  reg  [Units-1:0] past_strobe;  // a clock ago
  reg  [53:0]      past_word;

  // The access of this clock
  reg         write_due = 0;
  reg  [11:0] write_addr;
  reg  [31:0] write_data;
  reg  [3:0]  write_strb;
  reg         read_due = 0;
  reg  [11:0] read_addr;
  reg  [1:0]  write_answer;
  reg  [33:0] read_answer;
  integer     k;

  task model_reset;
    begin
      for (k = 0; k < 4; k = k + 1) count[k] = 0;
      for (k = 0; k < 4; k = k + 1) high[k] = 0;
      unit         = 0;
      address      = 0;
      frame_failed = 0;
      range_failed = 0;
      strobe       = 0;
      past_strobe  = 0;
    end
  endtask

  // The answer to a read: {response, data}
  task model_read;
    begin
      read_answer = {OKAY, 32'd0};
      case (read_addr)
        12'h000: read_answer[31:0] = "FPSA";
        12'h004: read_answer[31:0] = VERSION;
        12'h008: read_answer[31:0] = HASH;
        12'h00c: read_answer[31:0] = {OUT, IN};
        12'h010: read_answer[31:0] = 0;
        12'h014: read_answer[31:0] = {range_failed, frame_failed, busy};
        12'h018, 12'h020, 12'h028, 12'h030: begin
          k = read_addr[4:3] - 2'd3;
          k = k & 3;
          read_answer[31:0] = count[k][31:0];
          high[k] = count[k][63:32];
        end
        12'h01c, 12'h024, 12'h02c, 12'h034: begin
          k = read_addr[4:3] - 2'd3;
          k = k & 3;
          read_answer[31:0] = high[k];
        end
        12'h040: read_answer[31:0] = unit;
        12'h044: read_answer[31:0] = address;
        default: read_answer = {SLVERR, 32'd0};
      endcase
    end
  endtask

  task model_write;
    begin
      past_strobe  = strobe;
      past_word    = {strobe_addr, strobe_data};
      strobe       = 0;
      write_answer = SLVERR;
      if (write_due && write_strb == 4'hf) begin
        write_answer = OKAY;
        case (write_addr)
          12'h010: if (write_data[0]) for (k = 0; k < 4; k = k + 1) count[k] = 0;
          12'h014: begin
            if (write_data[1]) frame_failed = frame_error;
            if (write_data[2]) range_failed = range_error;
          end
          12'h040: if (write_data < Units) unit = write_data; else write_answer = SLVERR;
          12'h044: address = write_data;
          12'h048: if (busy) write_answer = SLVERR; else begin
            strobe[unit] = 1;
            strobe_addr  = address;
            strobe_data  = write_data;
            address      = address + 1;
          end
          default: write_answer = SLVERR;
        endcase
      end
    end
  endtask

  // One clock: events, what they and an access do
  task clock;
    begin
      busy        = chance(50);
      window      = chance(50);
      captured    = chance(50);
      ceilings    = chance(80) ? random(0) : 0;
      prot        = random(0);
      frame_error = chance(2);
      range_error = chance(2);
      #1;
      expect_value("ready", ready, strobe == 0 && past_strobe == 0);
      expect_value("load_we", load_we, strobe);
      expect_value("rank", rank_we, past_strobe[Units-1]);
      if (rank_we) expect_value("rank word", {rank_addr, rank_data}, past_word);
      if (strobe != 0) expect_value("load", {load_addr, load_data}, {strobe_addr, strobe_data});
      if (read_due) model_read;
      frame_failed = frame_failed || frame_error;
      range_failed = range_failed || range_error;
      count[0] = count[0] + busy;
      count[1] = count[1] + window;
      count[2] = count[2] + captured;
      count[3] = count[3] + ceilings;
      model_write;
      if (!rst_n) model_reset;
      @(negedge clk);
    end
  endtask

  // Writes: both halves, the second `gap` clocks after the first; the answer is taken late.
  integer   gap;
  reg [1:0] last_answer;

  task write(input [11:0] addr, input [31:0] data, input [3:0] strb);
    reg data_first;
    begin
      gap        = chance(50) ? 0 : below(3);
      data_first = chance(50);
      awaddr     = addr;
      wdata      = data;
      wstrb      = strb;
      awvalid    = gap == 0 || !data_first;
      wvalid     = gap == 0 || data_first;
      if (gap > 0) begin
        clock;
        awvalid = 0;
        wvalid  = 0;
        repeat (gap - 1) clock;
        awvalid = data_first;
        wvalid  = !data_first;
      end
      clock;
      awvalid    = 0;
      wvalid     = 0;
      awaddr     = random(0);
      wdata      = random(0);
      wstrb      = random(0);
      write_due  = 1;
      write_addr = addr;
      write_data = data;
      write_strb = strb;
      expect_value("no answer yet", bvalid, 0);
      clock;
      write_due = 0;
      for (gap = below(4); gap >= 0; gap = gap - 1) begin
        bready = gap == 0;
        expect_value("bresp", {bvalid, bresp}, {1'b1, last_answer});
        clock;
      end
      bready = 0;
      expect_value("answered once", bvalid, 0);
    end
  endtask

  always @(posedge clk) if (write_due) last_answer <= write_answer;

  task read(input [11:0] addr);
    begin
      araddr  = addr;
      arvalid = 1;
      clock;
      arvalid   = 0;
      araddr    = random(0);
      read_due  = 1;
      read_addr = addr;
      expect_value("no data yet", rvalid, 0);
      clock;
      read_due = 0;
      for (gap = below(4); gap >= 0; gap = gap - 1) begin
        rready = gap == 0;
        expect_value("rdata", {rvalid, rresp, rdata}, {1'b1, read_answer});
        clock;
      end
      rready = 0;
      expect_value("read once", rvalid, 0);
    end
  endtask

  // Counters a few events below a carry, so that the high words come into play
  task near_carry;
    reg [31:0] low;
    begin
      low = -1 - below(40);
      u_dut.u_cycles.low_q  = low;
      u_dut.u_windows.low_q = low - 5;
      u_dut.u_samples.low_q = low - 9;
      #1;
      count[0] = {count[0][63:32], low};
      count[1] = {count[1][63:32], low - 32'd5};
      count[2] = {count[2][63:32], low - 32'd9};
    end
  endtask

  function [11:0] some_address(input unused);
    begin
      some_address = 4 * below(20);
      if (chance(5)) some_address = some_address ^ (1 << below(12));
    end
  endfunction

  task access;
    reg [11:0] addr;
    reg [31:0] data;
    begin
      addr = some_address(0);
      data = random(0);
      if (addr == 12'h040 && chance(80)) data = below(Units + 2);
      if (addr == 12'h040 && chance(10)) data = below(Units) | (32'd1 << (16 + below(16)));
      if (chance(50)) write(addr, data, chance(80) ? 4'hf : random(0));
      else if (addr[2] || addr < 12'h018 || addr > 12'h030) read(addr);
      else begin
        // Low, then high; sometimes another low in between
        read(addr);
        if (chance(30)) read(12'h018 + 8 * below(4));
        read(addr + 4);
      end
    end
  endtask

  integer i;

  initial begin
    model_reset;
    repeat (2) @(negedge clk);
    for (i = 0; i < Accesses; i = i + 1) begin
      if (i % 300 == 0) begin
        rst_n = 0;
        repeat (2) clock;
        rst_n = 1;
        clock;
        read(12'h014);
        read(12'h040);
        read(12'h044);
      end
      if (i % 10 == 5) near_carry;
      if (chance(30)) clock;
      access;
    end
    pass;
  end

endmodule
