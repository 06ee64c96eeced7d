// fpsa_config_port: the rules of AXI4-Lite, and the register map against registers of its own; what
// the loader inside is given, and when the frame bus is whose. The loader has a proof of its own.
module fpsa_config_port_formal #(
  parameter Frames = 3
) (
  input wire        clk_i,
  input wire        rst_ni,
  // Master
  input wire        awvalid_i,
  input wire [11:0] awaddr_i,
  input wire [2:0]  awprot_i,
  input wire        wvalid_i,
  input wire [31:0] wdata_i,
  input wire [3:0]  wstrb_i,
  input wire        bready_i,
  input wire        arvalid_i,
  input wire [11:0] araddr_i,
  input wire [2:0]  arprot_i,
  input wire        rready_i,
  // Fabric
  input wire [31:0] fingerprint_i,
  input wire [31:0] read_i
);

  (* registered *) wire        awready;
  (* registered *) wire        wready;
  (* registered *) wire        bvalid;
  (* registered *) wire [1:0]  bresp;
  (* registered *) wire        arready;
  (* registered *) wire        rvalid;
  (* registered *) wire [31:0] rdata;
  (* registered *) wire [1:0]  rresp;
  (* registered *) wire        clear;
  (* registered *) wire        write;
  (* registered *) wire [15:0] frame;
  (* registered *) wire [15:0] word;
  (* registered *) wire [31:0] data;
  (* registered *) wire        active;

  fpsa_config_port #(
    .Frames(Frames)
  ) u_port (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .s_awvalid_i  (awvalid_i),
    .s_awready_o  (awready),
    .s_awaddr_i   (awaddr_i),
    .s_awprot_i   (awprot_i),
    .s_wvalid_i   (wvalid_i),
    .s_wready_o   (wready),
    .s_wdata_i    (wdata_i),
    .s_wstrb_i    (wstrb_i),
    .s_bvalid_o   (bvalid),
    .s_bready_i   (bready_i),
    .s_bresp_o    (bresp),
    .s_arvalid_i  (arvalid_i),
    .s_arready_o  (arready),
    .s_araddr_i   (araddr_i),
    .s_arprot_i   (arprot_i),
    .s_rvalid_o   (rvalid),
    .s_rready_i   (rready_i),
    .s_rdata_o    (rdata),
    .s_rresp_o    (rresp),
    .fingerprint_i(fingerprint_i),
    .clear_o      (clear),
    .write_o      (write),
    .frame_o      (frame),
    .word_o       (word),
    .data_o       (data),
    .read_i       (read_i),
    .active_o     (active)
  );

  wire [2:0] addresses;
  wire [2:0] datas;
  wire [2:0] reads;

  axi_lite_rules #(
    .AddrBits(12)
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

  // Accesses: taken, and done once whole and the answer before is gone
  reg        started_q = 1'b0;
  reg        address_q;
  reg [11:0] write_addr_q;
  reg        data_q;
  reg [31:0] write_data_q;
  reg [3:0]  write_strb_q;
  reg        ask_q;
  reg [11:0] read_addr_q;

  wire does = address_q && data_q && !bvalid;
  wire asks = ask_q && !rvalid;

  always @(posedge clk_i) begin
    started_q <= 1'b1;
    if (awvalid_i && awready) write_addr_q <= awaddr_i;
    if (wvalid_i && wready) {write_strb_q, write_data_q} <= {wstrb_i, wdata_i};
    if (arvalid_i && arready) read_addr_q <= araddr_i;
    address_q <= rst_ni && ((awvalid_i && awready) || (address_q && !does));
    data_q    <= rst_ni && ((wvalid_i && wready) || (data_q && !does));
    ask_q     <= rst_ni && ((arvalid_i && arready) || (ask_q && !asks));
  end

  // The loader
  (* hierconn *) wire        \u_port.u_loader.start_i ;
  (* hierconn *) wire        \u_port.u_loader.valid_i ;
  (* hierconn *) wire        \u_port.u_loader.ready_o ;
  (* hierconn *) wire [31:0] \u_port.u_loader.word_i ;
  (* hierconn *) wire [15:0] \u_port.u_loader.frame_o ;
  (* hierconn *) wire [15:0] \u_port.u_loader.index_o ;
  (* hierconn *) wire        \u_port.u_loader.busy_o ;
  (* hierconn *) wire [3:0]  \u_port.u_loader.error_o ;

  wire busy = \u_port.u_loader.busy_o ;

  // What the map allows to be written
  reg allowed;

  always @* begin
    case (write_addr_q)
      12'h000, 12'h004: allowed = 1'b1;
      12'h008: allowed = write_data_q < Frames;
      12'h00c: allowed = write_data_q < 65536;
      default: allowed = 1'b0;
    endcase
    if (write_strb_q != 4'hf) allowed = 1'b0;
  end

  wire effect = does && allowed;

  // The registers
  reg [15:0] frame_q;
  reg [15:0] word_q;

  always @(posedge clk_i) begin
    if (effect && write_addr_q == 12'h008) frame_q <= write_data_q;
    if (effect && write_addr_q == 12'h00c) word_q <= write_data_q;
    if (!rst_ni) begin
      frame_q <= 16'd0;
      word_q  <= 16'd0;
    end
  end

  // What a read finds, and whether there is anything
  reg [31:0] found;
  reg        known;

  always @* begin
    known = 1'b1;
    found = 32'd0;
    case (read_addr_q)
      12'h000: found = {\u_port.u_loader.error_o , 2'b00, busy, active};
      12'h008: found = frame_q;
      12'h00c: found = word_q;
      12'h010: {known, found} = busy ? 33'd0 : {1'b1, read_i};
      12'h014: found = fingerprint_i;
      default: known = 1'b0;
    endcase
  end

  reg        allowed_q;
  reg [32:0] answer_q;

  always @(posedge clk_i) begin
    if (does) allowed_q <= allowed;
    if (asks) answer_q <= {known, found};
  end

  always @(posedge clk_i) begin
    if (!started_q) assume (!rst_ni);
    else begin
      write_answer:     assert (!bvalid || bresp == {!allowed_q, 1'b0});
      read_answer:      assert (!rvalid || (rresp == {!answer_q[32], 1'b0}
                                            && rdata == answer_q[31:0]));
      starts_exactly:   assert (\u_port.u_loader.start_i
                                == (effect && write_addr_q == 12'h000 && write_data_q[0]));
      gives_exactly:    assert (\u_port.u_loader.valid_i
                                == (effect && write_addr_q == 12'h004));
      word_is_exact:    assert (!\u_port.u_loader.valid_i
                                || \u_port.u_loader.word_i == write_data_q);
      word_is_taken:    assert (!rst_ni || !\u_port.u_loader.valid_i || \u_port.u_loader.ready_o );
      bus_is_the_loads: assert (!busy || (frame == \u_port.u_loader.frame_o
                                          && word == \u_port.u_loader.index_o ));
      bus_reads:        assert (busy || (frame == frame_q && word == word_q));
      written_busy:     assert (!write || (busy && !active));
      clears_to_zero:   assert (!clear || data == 32'd0);
      begun:            cover (busy && clear);
      failed:           cover (rvalid && rready_i && rdata == 32'h10);
      refused:          cover (bvalid && bready_i && bresp == 2'b10);
      read_back:        cover (rvalid && rready_i && rresp == 2'b00 && rdata == 32'd7
                               && frame == 16'd2);
    end
  end

  // What holds in every state that can be reached
  (* hierconn *) wire        \u_port.u_slave.aw_full_q ;
  (* hierconn *) wire        \u_port.u_slave.w_full_q ;
  (* hierconn *) wire        \u_port.u_slave.ar_full_q ;
  (* hierconn *) wire [11:0] \u_port.u_slave.aw_addr_q ;
  (* hierconn *) wire [31:0] \u_port.u_slave.w_data_q ;
  (* hierconn *) wire [3:0]  \u_port.u_slave.w_strb_q ;
  (* hierconn *) wire [11:0] \u_port.u_slave.ar_addr_q ;
  (* hierconn *) wire        \u_port.u_slave.awake_q ;
  (* hierconn *) wire [3:0]  \u_rules.write_wait_q ;
  (* hierconn *) wire [3:0]  \u_rules.read_wait_q ;
  (* hierconn *) wire [15:0] \u_port.frame_q ;
  (* hierconn *) wire [15:0] \u_port.word_q ;
  (* hierconn *) wire        \u_port.u_loader.awake_q ;
  (* hierconn *) wire [3:0]  \u_port.u_loader.state_q ;

  wire [3:0] state = \u_port.u_loader.state_q ;

  always @(posedge clk_i) begin
    if (started_q) begin
      unanswered: assert (addresses == address_q + bvalid && datas == data_q + bvalid
                          && reads == ask_q + rvalid);
      kept: assert (address_q == \u_port.u_slave.aw_full_q && data_q == \u_port.u_slave.w_full_q
                    && ask_q == \u_port.u_slave.ar_full_q );
      held: assert ((!address_q || write_addr_q == \u_port.u_slave.aw_addr_q )
                    && (!data_q || write_data_q == \u_port.u_slave.w_data_q )
                    && (!data_q || write_strb_q == \u_port.u_slave.w_strb_q )
                    && (!ask_q || read_addr_q == \u_port.u_slave.ar_addr_q ));
      prompt: assert (\u_rules.write_wait_q <= 1 && \u_rules.read_wait_q <= 1);
      same_registers: assert (frame_q == \u_port.frame_q && word_q == \u_port.word_q );
      awake_alike: assert (\u_port.u_slave.awake_q == \u_port.u_loader.awake_q
                           && (\u_port.u_slave.awake_q || !(address_q || data_q)));
      load_stands: assert (state <= 4'd8 && !(active && busy)
                           && (!write || state == 4'd5 || state == 4'd7 || state == 4'd8));
    end
  end

endmodule
