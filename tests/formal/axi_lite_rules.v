// The rules of AXI4-Lite. About the slave, asserted: answers wait for ready unchanged, follow
// requests that were taken in an earlier cycle, one each and within MaxWait cycles, and are never
// given in reset, in which nothing is taken. About the master, assumed: requests wait for ready
// unchanged; it may be up before the slave.
//
// Outputs     requests taken and not yet answered: write addresses, write data, reads.
module axi_lite_rules #(
  parameter AddrBits = 12,
  parameter MaxWait  = 4
) (
  input  wire                clk_i,
  input  wire                rst_ni,
  // Write address
  input  wire                awvalid_i,
  input  wire                awready_i,
  input  wire [AddrBits-1:0] awaddr_i,
  // Write data
  input  wire                wvalid_i,
  input  wire                wready_i,
  input  wire [31:0]         wdata_i,
  input  wire [3:0]          wstrb_i,
  // Write answer
  input  wire                bvalid_i,
  input  wire                bready_i,
  input  wire [1:0]          bresp_i,
  // Read address
  input  wire                arvalid_i,
  input  wire                arready_i,
  input  wire [AddrBits-1:0] araddr_i,
  // Read data
  input  wire                rvalid_i,
  input  wire                rready_i,
  input  wire [31:0]         rdata_i,
  input  wire [1:0]          rresp_i,
  // Unanswered
  output wire [2:0]          addresses_o,
  output wire [2:0]          datas_o,
  output wire [2:0]          reads_o
);

  localparam [1:0] EXOKAY = 2'b01;

  // Each channel as a stream
  axi_stream_rules #(
    .DataBits(AddrBits),
    .Assume  (1)
  ) u_aw (
    .clk_i  (clk_i),
    .rst_ni (rst_ni),
    .valid_i(awvalid_i),
    .ready_i(awready_i),
    .data_i (awaddr_i),
    .last_i (1'b1)
  );

  axi_stream_rules #(
    .DataBits(36),
    .Assume  (1)
  ) u_w (
    .clk_i  (clk_i),
    .rst_ni (rst_ni),
    .valid_i(wvalid_i),
    .ready_i(wready_i),
    .data_i ({wstrb_i, wdata_i}),
    .last_i (1'b1)
  );

  axi_stream_rules #(
    .DataBits(AddrBits),
    .Assume  (1)
  ) u_ar (
    .clk_i  (clk_i),
    .rst_ni (rst_ni),
    .valid_i(arvalid_i),
    .ready_i(arready_i),
    .data_i (araddr_i),
    .last_i (1'b1)
  );

  axi_stream_rules #(
    .DataBits(2)
  ) u_b (
    .clk_i  (clk_i),
    .rst_ni (rst_ni),
    .valid_i(bvalid_i),
    .ready_i(bready_i),
    .data_i (bresp_i),
    .last_i (1'b1)
  );

  axi_stream_rules #(
    .DataBits(34)
  ) u_r (
    .clk_i  (clk_i),
    .rst_ni (rst_ni),
    .valid_i(rvalid_i),
    .ready_i(rready_i),
    .data_i ({rresp_i, rdata_i}),
    .last_i (1'b1)
  );

  // What was taken and waits for its answer, and how long
  reg [2:0] addresses_q;
  reg [2:0] datas_q;
  reg [2:0] reads_q;
  reg [3:0] write_wait_q;
  reg [3:0] read_wait_q;
  reg       started_q = 1'b0;

  wire write_due = addresses_q != 3'd0 && datas_q != 3'd0;
  wire read_due  = reads_q != 3'd0;

  assign addresses_o = addresses_q;
  assign datas_o     = datas_q;
  assign reads_o     = reads_q;

  always @(posedge clk_i) begin
    started_q <= 1'b1;
    if (!rst_ni) begin
      addresses_q  <= 3'd0;
      datas_q      <= 3'd0;
      reads_q      <= 3'd0;
      write_wait_q <= 4'd0;
      read_wait_q  <= 4'd0;
    end else begin
      addresses_q  <= addresses_q + (awvalid_i && awready_i) - (bvalid_i && bready_i);
      datas_q      <= datas_q + (wvalid_i && wready_i) - (bvalid_i && bready_i);
      reads_q      <= reads_q + (arvalid_i && arready_i) - (rvalid_i && rready_i);
      write_wait_q <= (write_due && !bvalid_i) ? write_wait_q + 4'd1 : 4'd0;
      read_wait_q  <= (read_due && !rvalid_i) ? read_wait_q + 4'd1 : 4'd0;
    end
  end

  always @(posedge clk_i) begin
    if (started_q) begin
      write_was_asked:   assert (!bvalid_i || write_due);
      read_was_asked:    assert (!rvalid_i || read_due);
      write_is_answered: assert (write_wait_q < MaxWait);
      read_is_answered:  assert (read_wait_q < MaxWait);
      write_resp_legal:  assert (!bvalid_i || bresp_i != EXOKAY);
      read_resp_legal:   assert (!rvalid_i || rresp_i != EXOKAY);
      two_writes:        cover (addresses_q == 3'd2 && datas_q == 3'd2);
      two_reads:         cover (reads_q == 3'd2);
      data_first:        cover (datas_q == 3'd1 && addresses_q == 3'd0);
      address_first:     cover (datas_q == 3'd0 && addresses_q == 3'd1);
    end
  end

endmodule
