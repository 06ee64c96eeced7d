// fpsa_axil_slave: the rules of AXI4-Lite, and each access done once, in order, with its answer.
module fpsa_axil_slave_formal #(
  parameter AddrBits = 2
) (
  input wire                clk_i,
  input wire                rst_ni,
  // Master
  input wire                awvalid_i,
  input wire [AddrBits-1:0] awaddr_i,
  input wire [2:0]          awprot_i,
  input wire                wvalid_i,
  input wire [31:0]         wdata_i,
  input wire [3:0]          wstrb_i,
  input wire                bready_i,
  input wire                arvalid_i,
  input wire [AddrBits-1:0] araddr_i,
  input wire [2:0]          arprot_i,
  input wire                rready_i,
  // Registers
  input wire                write_ok_i,
  input wire [31:0]         read_data_i,
  input wire                read_ok_i
);

  (* registered *) wire        awready;
  (* registered *) wire        wready;
  (* registered *) wire        bvalid;
  (* registered *) wire [1:0]  bresp;
  (* registered *) wire        arready;
  (* registered *) wire        rvalid;
  (* registered *) wire [31:0] rdata;
  (* registered *) wire [1:0]  rresp;

  wire                write;
  wire [AddrBits-1:0] write_addr;
  wire [31:0]         write_data;
  wire [3:0]          write_strb;
  wire                read;
  wire [AddrBits-1:0] read_addr;

  fpsa_axil_slave #(
    .AddrBits(AddrBits)
  ) u_slave (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .s_awvalid_i (awvalid_i),
    .s_awready_o (awready),
    .s_awaddr_i  (awaddr_i),
    .s_awprot_i  (awprot_i),
    .s_wvalid_i  (wvalid_i),
    .s_wready_o  (wready),
    .s_wdata_i   (wdata_i),
    .s_wstrb_i   (wstrb_i),
    .s_bvalid_o  (bvalid),
    .s_bready_i  (bready_i),
    .s_bresp_o   (bresp),
    .s_arvalid_i (arvalid_i),
    .s_arready_o (arready),
    .s_araddr_i  (araddr_i),
    .s_arprot_i  (arprot_i),
    .s_rvalid_o  (rvalid),
    .s_rready_i  (rready_i),
    .s_rdata_o   (rdata),
    .s_rresp_o   (rresp),
    .write_o     (write),
    .write_addr_o(write_addr),
    .write_data_o(write_data),
    .write_strb_o(write_strb),
    .write_ok_i  (write_ok_i),
    .read_o      (read),
    .read_addr_o (read_addr),
    .read_data_i (read_data_i),
    .read_ok_i   (read_ok_i)
  );

  wire [2:0] addresses;
  wire [2:0] datas;
  wire [2:0] reads;

  axi_lite_rules #(
    .AddrBits(AddrBits)
  ) u_rules (
    .clk_i      (clk_i),
    .rst_ni     (rst_ni),
    .awvalid_i  (awvalid_i),
    .awready_i  (awready),
    .awaddr_i   (awaddr_i),
    .wvalid_i   (wvalid_i),
    .wready_i   (wready),
    .wdata_i    (wdata_i),
    .wstrb_i    (wstrb_i),
    .bvalid_i   (bvalid),
    .bready_i   (bready_i),
    .bresp_i    (bresp),
    .arvalid_i  (arvalid_i),
    .arready_i  (arready),
    .araddr_i   (araddr_i),
    .rvalid_i   (rvalid),
    .rready_i   (rready_i),
    .rdata_i    (rdata),
    .rresp_i    (rresp),
    .addresses_o(addresses),
    .datas_o    (datas),
    .reads_o    (reads)
  );

  // Taken but not yet done, and done but not yet answered
  reg                started_q = 1'b0;
  reg                address_q;
  reg [AddrBits-1:0] write_addr_q;
  reg                data_q;
  reg [35:0]         write_data_q;
  reg                written_q;
  reg                write_ok_q;
  reg                ask_q;
  reg [AddrBits-1:0] read_addr_q;
  reg                read_q;
  reg [32:0]         read_data_q;

  always @(posedge clk_i) begin
    started_q <= 1'b1;
    if (awvalid_i && awready) write_addr_q <= awaddr_i;
    if (wvalid_i && wready) write_data_q <= {wstrb_i, wdata_i};
    if (arvalid_i && arready) read_addr_q <= araddr_i;
    if (write) write_ok_q <= write_ok_i;
    if (read) read_data_q <= {read_ok_i, read_data_i};
    address_q <= rst_ni && ((awvalid_i && awready) || (address_q && !write));
    data_q    <= rst_ni && ((wvalid_i && wready) || (data_q && !write));
    written_q <= rst_ni && (write || (written_q && !(bvalid && bready_i)));
    ask_q     <= rst_ni && ((arvalid_i && arready) || (ask_q && !read));
    read_q    <= rst_ni && (read || (read_q && !(rvalid && rready_i)));
  end

  always @(posedge clk_i) begin
    if (!started_q) assume (!rst_ni);
    else begin
      write_is_asked:   assert (!write || (address_q && data_q));
      write_is_exact:   assert (!write || (write_addr == write_addr_q
                                           && {write_strb, write_data} == write_data_q));
      none_overtaken:   assert (!(awvalid_i && awready && address_q && !write)
                                && !(wvalid_i && wready && data_q && !write)
                                && !(arvalid_i && arready && ask_q && !read));
      write_then_answer: assert (bvalid == written_q);
      write_answer:     assert (!bvalid || bresp == (write_ok_q ? 2'b00 : 2'b10));
      one_write_waits:  assert (!write || !written_q || bready_i);
      read_is_asked:    assert (!read || (ask_q && read_addr == read_addr_q));
      read_then_answer: assert (rvalid == read_q);
      read_answer:      assert (!rvalid || (rresp == (read_data_q[32] ? 2'b00 : 2'b10)
                                            && rdata == (read_data_q[31:0] & {32{read_data_q[32]}})));
      one_read_waits:   assert (!read || !read_q || rready_i);
      refused:          cover (bvalid && bready_i && bresp == 2'b10);
      both_at_once:     cover (write && read);
    end
  end

  // What holds in every state that can be reached
  (* hierconn *) wire \u_slave.aw_full_q ;
  (* hierconn *) wire \u_slave.w_full_q ;
  (* hierconn *) wire \u_slave.ar_full_q ;

  (* hierconn *) wire [3:0] \u_rules.write_wait_q ;
  (* hierconn *) wire [3:0] \u_rules.read_wait_q ;
  wire [3:0] u_rules_write_wait = \u_rules.write_wait_q ;
  wire [3:0] u_rules_read_wait  = \u_rules.read_wait_q ;

  always @(posedge clk_i) begin
    if (started_q) begin
      unanswered: assert (addresses == address_q + bvalid && datas == data_q + bvalid
                          && reads == ask_q + rvalid);
      kept:       assert (address_q == \u_slave.aw_full_q && data_q == \u_slave.w_full_q
                          && ask_q == \u_slave.ar_full_q );
      held:       assert ((!address_q || write_addr == write_addr_q)
                          && (!data_q || {write_strb, write_data} == write_data_q)
                          && (!ask_q || read_addr == read_addr_q));
      prompt:     assert (u_rules_write_wait <= 1 && u_rules_read_wait <= 1);
    end
  end

endmodule
