// A master that sends address and data in any order and is slow to take answers; registers that
// refuse some accesses. The model holds at most one of everything. No ready may follow a valid of
// its own channel, no answer may move while it waits. The master does not know of resets: what it
// asks in one and in the clock after waits.
// verilator lint_off WIDTH
module fpsa_axil_slave_tb #(
  parameter AddrBits = 6,
  parameter Seed     = 1,
  parameter Clocks   = 4000
);

`include "bench.vh"

  reg                 awvalid = 1'b0;
  wire                awready;
  reg  [AddrBits-1:0] awaddr = 0;
  reg                 wvalid = 1'b0;
  wire                wready;
  reg  [31:0]         wdata = 0;
  reg  [3:0]          wstrb = 0;
  wire                bvalid;
  reg                 bready = 1'b0;
  wire [1:0]          bresp;
  reg                 arvalid = 1'b0;
  wire                arready;
  reg  [AddrBits-1:0] araddr = 0;
  wire                rvalid;
  reg                 rready = 1'b0;
  wire [31:0]         rdata;
  wire [1:0]          rresp;
  wire                write;
  wire [AddrBits-1:0] write_addr;
  wire [31:0]         write_data;
  wire [3:0]          write_strb;
  wire                read;
  wire [AddrBits-1:0] read_addr;

  // The registers' answers depend on the access alone
  function [31:0] content(input [AddrBits-1:0] addr);
    content = {32{addr[0]}} ^ 32'h15a5a5a5 ^ addr;
  endfunction

  wire        write_ok    = ^{write_addr, write_data, write_strb};

  fpsa_axil_slave #(
    .AddrBits(AddrBits)
  ) u_dut (
    .clk_i       (clk),
    .rst_ni      (rst_n),
    .s_awvalid_i (awvalid),
    .s_awready_o (awready),
    .s_awaddr_i  (awaddr),
    .s_awprot_i  (wdata[2:0]),
    .s_wvalid_i  (wvalid),
    .s_wready_o  (wready),
    .s_wdata_i   (wdata),
    .s_wstrb_i   (wstrb),
    .s_bvalid_o  (bvalid),
    .s_bready_i  (bready),
    .s_bresp_o   (bresp),
    .s_arvalid_i (arvalid),
    .s_arready_o (arready),
    .s_araddr_i  (araddr),
    .s_arprot_i  (wdata[5:3]),
    .s_rvalid_o  (rvalid),
    .s_rready_i  (rready),
    .s_rdata_o   (rdata),
    .s_rresp_o   (rresp),
    .write_o     (write),
    .write_addr_o(write_addr),
    .write_data_o(write_data),
    .write_strb_o(write_strb),
    .write_ok_i  (write_ok),
    .read_o      (read),
    .read_addr_o (read_addr),
    .read_data_i (content(read_addr)),
    .read_ok_i   (^read_addr)
  );

  // What waits inside: the halves of a write, a read, the answers
  reg                 awake = 0;
  reg                 aw_waits = 0;
  reg                 w_waits = 0;
  reg                 b_waits = 0;
  reg                 ar_waits = 0;
  reg                 r_waits = 0;
  reg  [AddrBits-1:0] aw;
  reg  [35:0]         w;
  reg  [1:0]          b;
  reg  [AddrBits-1:0] ar;
  reg  [33:0]         r;

  // What the last edge took, what this one will do
  reg     aw_taken = 0;
  reg     w_taken = 0;
  reg     ar_taken = 0;
  reg     write_due;
  reg     read_due;
  integer eager;
  integer i;

  // A valid stays with its payload until it is taken; what is not valid is noise.
  task drive;
    begin
      if (!awvalid || aw_taken) begin
        awvalid = chance(eager);
        awaddr  = random(0);
      end
      if (!wvalid || w_taken) begin
        wvalid = chance(eager);
        wdata  = random(0);
        wstrb  = random(0);
      end
      if (!arvalid || ar_taken) begin
        arvalid = chance(eager);
        araddr  = random(0);
      end
      bready = chance(110 - eager);
      rready = chance(110 - eager);
    end
  endtask

  task check_channels;
    begin
      expect_value("awready", awready, awake && !aw_waits);
      expect_value("wready", wready, awake && !w_waits);
      expect_value("arready", arready, awake && !ar_waits);
      expect_value("bvalid", bvalid, b_waits);
      expect_value("rvalid", rvalid, r_waits);
      if (b_waits) expect_value("bresp", bresp, b);
      if (r_waits) expect_value("rdata", {rresp, rdata}, r);
    end
  endtask

  task check_accesses;
    begin
      write_due = aw_waits && w_waits && !b_waits;
      read_due  = ar_waits && !r_waits;
      expect_value("write", write, write_due);
      expect_value("read", read, read_due);
      if (write_due) expect_value("write addr", write_addr, aw);
      if (write_due) expect_value("write data", {write_strb, write_data}, w);
      if (read_due) expect_value("read addr", read_addr, ar);
    end
  endtask

  task move;
    begin
      aw_taken = awvalid && !aw_waits && awake && rst_n;
      w_taken  = wvalid && !w_waits && awake && rst_n;
      ar_taken = arvalid && !ar_waits && awake && rst_n;
      if (aw_taken) aw = awaddr;
      if (w_taken) w = {wstrb, wdata};
      if (ar_taken) ar = araddr;
      if (write_due) b = (^{aw, w[31:0], w[35:32]}) ? 2'b00 : 2'b10;
      if (read_due) r = (^ar) ? {2'b00, content(ar)} : {2'b10, 32'd0};
      b_waits  = rst_n && (write_due || (b_waits && !bready));
      r_waits  = rst_n && (read_due || (r_waits && !rready));
      aw_waits = rst_n && !write_due && (aw_waits || aw_taken);
      w_waits  = rst_n && !write_due && (w_waits || w_taken);
      ar_waits = rst_n && !read_due && (ar_waits || ar_taken);
      awake    = rst_n;
    end
  endtask

  initial begin
    repeat (3) @(negedge clk);
    for (i = 0; i < Clocks; i = i + 1) begin
      @(negedge clk);
      if (i % 100 == 0) eager = 10 + below(91);
      rst_n = !chance(1);
      drive;
      #1;
      if (i > 0) begin
        check_channels;
        check_accesses;
      end else begin
        rst_n     = 1'b0;
        write_due = 0;
        read_due  = 0;
      end
      move;
    end
    pass;
  end

endmodule
