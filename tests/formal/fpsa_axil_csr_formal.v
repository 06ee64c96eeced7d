// fpsa_axil_csr: the rules of AXI4-Lite, and the register map against registers of its own.
module fpsa_axil_csr_formal #(
  parameter Units = 3
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
  // Events
  input wire        busy_i,
  input wire        window_i,
  input wire        captured_i,
  input wire [2:0]  ceilings_i,
  input wire        frame_error_i,
  input wire        range_error_i
);

  (* registered *) wire        awready;
  (* registered *) wire        wready;
  (* registered *) wire        bvalid;
  (* registered *) wire [1:0]  bresp;
  (* registered *) wire        arready;
  (* registered *) wire        rvalid;
  (* registered *) wire [31:0] rdata;
  (* registered *) wire [1:0]  rresp;
  (* registered *) wire        ready;

  (* registered *) wire [Units-1:0] load_we;
  (* registered *) wire [21:0]      load_addr;
  (* registered *) wire [31:0]      load_data;

  fpsa_axil_csr #(
    .Units      (Units),
    .Version    (32'h0001_0203),
    .SpecHash   (32'h89ab_cdef),
    .InLanes    (16'd784),
    .OutLanes   (16'd10),
    .CeilingBits(3)
  ) u_csr (
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
    .busy_i       (busy_i),
    .window_i     (window_i),
    .captured_i   (captured_i),
    .ceilings_i   (ceilings_i),
    .frame_error_i(frame_error_i),
    .range_error_i(range_error_i),
    .ready_o      (ready),
    .load_we_o    (load_we),
    .load_addr_o  (load_addr),
    .load_data_o  (load_data)
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

  wire write = address_q && data_q && !bvalid;
  wire read  = ask_q && !rvalid;

  always @(posedge clk_i) begin
    started_q <= 1'b1;
    if (awvalid_i && awready) write_addr_q <= awaddr_i;
    if (wvalid_i && wready) {write_strb_q, write_data_q} <= {wstrb_i, wdata_i};
    if (arvalid_i && arready) read_addr_q <= araddr_i;
    address_q <= rst_ni && ((awvalid_i && awready) || (address_q && !write));
    data_q    <= rst_ni && ((wvalid_i && wready) || (data_q && !write));
    ask_q     <= rst_ni && ((arvalid_i && arready) || (ask_q && !read));
  end

  // What the map allows to be written
  reg allowed;

  always @* begin
    case (write_addr_q)
      12'h010, 12'h014, 12'h044: allowed = 1'b1;
      12'h040: allowed = write_data_q < Units;
      12'h048: allowed = !busy_i;
      default: allowed = 1'b0;
    endcase
    if (write_strb_q != 4'hf) allowed = 1'b0;
  end

  wire effect = write && allowed;
  wire clear  = effect && write_addr_q == 12'h010 && write_data_q[0];
  wire status = effect && write_addr_q == 12'h014;
  wire load   = effect && write_addr_q == 12'h048;

  // The registers
  reg [15:0] unit_q;
  reg [21:0] address_next_q;
  reg        frame_q;
  reg        range_q;
  (* mem2reg *) reg [63:0] count_q [0:3];
  (* mem2reg *) reg [31:0] high_q [0:3];
  integer    i;

  wire [11:0] events = {ceilings_i, 2'b00, captured_i, 2'b00, window_i, 2'b00, busy_i};

  always @(posedge clk_i) begin
    if (effect && write_addr_q == 12'h040) unit_q <= write_data_q;
    if (effect && write_addr_q == 12'h044) address_next_q <= write_data_q;
    if (load) address_next_q <= address_next_q + 22'd1;
    if (status && write_data_q[1]) frame_q <= 1'b0;
    if (status && write_data_q[2]) range_q <= 1'b0;
    if (frame_error_i) frame_q <= 1'b1;
    if (range_error_i) range_q <= 1'b1;
    if (!rst_ni) begin
      unit_q         <= 16'd0;
      address_next_q <= 22'd0;
      frame_q        <= 1'b0;
      range_q        <= 1'b0;
    end
    for (i = 0; i < 4; i = i + 1) begin
      count_q[i] <= (rst_ni && !clear) ? count_q[i] + events[3*i +: 3] : 64'd0;
      if (!rst_ni) high_q[i] <= 32'd0;
      else if (read && read_addr_q == 12'h018 + 8 * i) high_q[i] <= count_q[i][63:32];
    end
  end

  // What a read finds, and whether there is anything
  reg [31:0] found;
  reg        known;

  always @* begin
    known = 1'b1;
    found = 32'd0;
    case (read_addr_q)
      12'h000: found = "FPSA";
      12'h004: found = 32'h0001_0203;
      12'h008: found = 32'h89ab_cdef;
      12'h00c: found = 32'd10 * 65536 + 784;
      12'h010: found = 32'd0;
      12'h014: found = {range_q, frame_q, busy_i};
      12'h018: found = count_q[0];
      12'h01c: found = high_q[0];
      12'h020: found = count_q[1];
      12'h024: found = high_q[1];
      12'h028: found = count_q[2];
      12'h02c: found = high_q[2];
      12'h030: found = count_q[3];
      12'h034: found = high_q[3];
      12'h040: found = unit_q;
      12'h044: found = address_next_q;
      default: known = 1'b0;
    endcase
  end

  // What the answers and the load bus owe
  reg             allowed_q;
  reg [32:0]      answer_q;
  reg             loads_q = 1'b0;
  reg             loaded_q = 1'b0;
  reg [Units-1:0] load_we_q;
  reg [21:0]      load_addr_q;
  reg [31:0]      load_data_q;

  always @(posedge clk_i) begin
    if (write) allowed_q <= allowed;
    if (read) answer_q <= {known, found};
    loads_q  <= rst_ni && load;
    loaded_q <= rst_ni && loads_q;
    load_we_q   <= (rst_ni && load) ? 1 << unit_q : 0;
    load_addr_q <= address_next_q;
    load_data_q <= write_data_q;
  end

  always @(posedge clk_i) begin
    if (!started_q) assume (!rst_ni);
    else begin
      write_answer:   assert (!bvalid || bresp == {!allowed_q, 1'b0});
      read_answer:    assert (!rvalid || (rresp == {!answer_q[32], 1'b0} && rdata == answer_q[31:0]));
      load_once:      assert (load_we == load_we_q);
      load_is_exact:  assert (load_we == 0 || (load_addr == load_addr_q
                                               && load_data == load_data_q));
      load_holds_tick: assert (ready == !(loads_q || loaded_q));
      loaded:         cover (load_we == 4 && load_data == 32'd7);
      refused:        cover (bvalid && bready_i && bresp == 2'b10);
      counted:        cover (rvalid && rready_i && rresp == 2'b00 && rdata == 32'd3);
    end
  end

  // What holds in every state that can be reached
  (* hierconn *) wire        \u_csr.u_slave.aw_full_q ;
  (* hierconn *) wire        \u_csr.u_slave.w_full_q ;
  (* hierconn *) wire        \u_csr.u_slave.ar_full_q ;
  (* hierconn *) wire [11:0] \u_csr.u_slave.aw_addr_q ;
  (* hierconn *) wire [31:0] \u_csr.u_slave.w_data_q ;
  (* hierconn *) wire [3:0]  \u_csr.u_slave.w_strb_q ;
  (* hierconn *) wire [11:0] \u_csr.u_slave.ar_addr_q ;
  (* hierconn *) wire [3:0]  \u_rules.write_wait_q ;
  (* hierconn *) wire [3:0]  \u_rules.read_wait_q ;
  (* hierconn *) wire [15:0] \u_csr.unit_q ;
  (* hierconn *) wire [21:0] \u_csr.address_q ;
  (* hierconn *) wire        \u_csr.frame_error_q ;
  (* hierconn *) wire        \u_csr.range_error_q ;
  (* hierconn *) wire [1:0]  \u_csr.loading_q ;

  always @(posedge clk_i) begin
    if (started_q) begin
      unanswered: assert (addresses == address_q + bvalid && datas == data_q + bvalid
                          && reads == ask_q + rvalid);
      kept: assert (address_q == \u_csr.u_slave.aw_full_q && data_q == \u_csr.u_slave.w_full_q
                    && ask_q == \u_csr.u_slave.ar_full_q );
      held: assert ((!address_q || write_addr_q == \u_csr.u_slave.aw_addr_q )
                    && (!data_q || write_data_q == \u_csr.u_slave.w_data_q )
                    && (!data_q || write_strb_q == \u_csr.u_slave.w_strb_q )
                    && (!ask_q || read_addr_q == \u_csr.u_slave.ar_addr_q ));
      prompt: assert (\u_rules.write_wait_q <= 1 && \u_rules.read_wait_q <= 1);
      same_registers: assert (unit_q == \u_csr.unit_q && address_next_q == \u_csr.address_q
                              && frame_q == \u_csr.frame_error_q
                              && range_q == \u_csr.range_error_q );
      same_loading: assert (\u_csr.loading_q == {loaded_q, loads_q});
    end
  end

  // The counters of the design, as values
  (* hierconn *) wire [31:0] \u_csr.u_cycles.low_q ;
  (* hierconn *) wire [31:0] \u_csr.u_windows.low_q ;
  (* hierconn *) wire [31:0] \u_csr.u_samples.low_q ;
  (* hierconn *) wire [31:0] \u_csr.u_ceilings.low_q ;
  (* hierconn *) wire [31:0] \u_csr.u_cycles.high_q ;
  (* hierconn *) wire [31:0] \u_csr.u_windows.high_q ;
  (* hierconn *) wire [31:0] \u_csr.u_samples.high_q ;
  (* hierconn *) wire [31:0] \u_csr.u_ceilings.high_q ;
  (* hierconn *) wire        \u_csr.u_cycles.carry_q ;
  (* hierconn *) wire        \u_csr.u_windows.carry_q ;
  (* hierconn *) wire        \u_csr.u_samples.carry_q ;
  (* hierconn *) wire        \u_csr.u_ceilings.carry_q ;
  (* hierconn *) wire [31:0] \u_csr.u_cycles.seen_q ;
  (* hierconn *) wire [31:0] \u_csr.u_windows.seen_q ;
  (* hierconn *) wire [31:0] \u_csr.u_samples.seen_q ;
  (* hierconn *) wire [31:0] \u_csr.u_ceilings.seen_q ;

  wire [127:0] low   = {\u_csr.u_ceilings.low_q , \u_csr.u_samples.low_q ,
                        \u_csr.u_windows.low_q , \u_csr.u_cycles.low_q };
  wire [127:0] high  = {\u_csr.u_ceilings.high_q , \u_csr.u_samples.high_q ,
                        \u_csr.u_windows.high_q , \u_csr.u_cycles.high_q };
  wire [3:0]   carry = {\u_csr.u_ceilings.carry_q , \u_csr.u_samples.carry_q ,
                        \u_csr.u_windows.carry_q , \u_csr.u_cycles.carry_q };
  wire [127:0] seen  = {\u_csr.u_ceilings.seen_q , \u_csr.u_samples.seen_q ,
                        \u_csr.u_windows.seen_q , \u_csr.u_cycles.seen_q };

  wire [3:0] same;

  genvar c;
  generate
    for (c = 0; c < 4; c = c + 1) begin : gen_counter
      assign same[c] = low[32*c +: 32] == count_q[c][31:0] && seen[32*c +: 32] == high_q[c]
                       && high[32*c +: 32] + carry[c] == count_q[c][63:32];
    end
  endgenerate

  always @(posedge clk_i)
    if (started_q) same_counts: assert (&same);

endmodule
