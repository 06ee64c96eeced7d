// AXI4-Lite slave: turns the five channels into single-cycle register accesses.
//
// A write address and its data may come in any order; one write and one read may wait at a time.
//
// Latency     a write is done (write_o) in the cycle after its second half came, answered one
//             later; a read likewise (read_o).
// Handshake   no ready or valid output looks at the channel's own input. write_ok_i, read_ok_i and
//             read_data_i answer write_o and read_o in the same cycle; not ok gives SLVERR. After a
//             clock in reset no channel is ready, so a master that is up earlier loses nothing.
//             AWPROT and ARPROT are taken and ignored: all accesses are treated alike.
// Limits      AddrBits >= 1.
module fpsa_axil_slave #(
  parameter AddrBits = 12
) (
  // Clock
  input  wire                clk_i,
  input  wire                rst_ni,
  // Write address
  input  wire                s_awvalid_i,
  output wire                s_awready_o,
  input  wire [AddrBits-1:0] s_awaddr_i,
  input  wire [2:0]          s_awprot_i,
  // Write data
  input  wire                s_wvalid_i,
  output wire                s_wready_o,
  input  wire [31:0]         s_wdata_i,
  input  wire [3:0]          s_wstrb_i,
  // Write answer
  output wire                s_bvalid_o,
  input  wire                s_bready_i,
  output wire [1:0]          s_bresp_o,
  // Read address
  input  wire                s_arvalid_i,
  output wire                s_arready_o,
  input  wire [AddrBits-1:0] s_araddr_i,
  input  wire [2:0]          s_arprot_i,
  // Read data
  output wire                s_rvalid_o,
  input  wire                s_rready_i,
  output wire [31:0]         s_rdata_o,
  output wire [1:0]          s_rresp_o,
  // Register write
  output wire                write_o,
  output wire [AddrBits-1:0] write_addr_o,
  output wire [31:0]         write_data_o,
  output wire [3:0]          write_strb_o,
  input  wire                write_ok_i,
  // Register read
  output wire                read_o,
  output wire [AddrBits-1:0] read_addr_o,
  input  wire [31:0]         read_data_i,
  input  wire                read_ok_i
);

  localparam [1:0] OKAY   = 2'b00;
  localparam [1:0] SLVERR = 2'b10;

  wire unused_prot = &{1'b0, s_awprot_i, s_arprot_i};

  // Low after a clock in reset
  reg awake_q;

  always @(posedge clk_i) begin
    awake_q <= rst_ni;
  end

  // Write
  reg                aw_full_q;
  reg [AddrBits-1:0] aw_addr_q;
  reg                w_full_q;
  reg [31:0]         w_data_q;
  reg [3:0]          w_strb_q;
  reg                b_valid_q;
  reg [1:0]          b_resp_q;

  assign s_awready_o  = awake_q && !aw_full_q;
  assign s_wready_o   = awake_q && !w_full_q;
  assign s_bvalid_o   = b_valid_q;
  assign s_bresp_o    = b_resp_q;
  assign write_o      = aw_full_q && w_full_q && !b_valid_q;
  assign write_addr_o = aw_addr_q;
  assign write_data_o = w_data_q;
  assign write_strb_o = w_strb_q;

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      aw_full_q <= 1'b0;
      w_full_q  <= 1'b0;
      b_valid_q <= 1'b0;
    end else begin
      aw_full_q <= (aw_full_q || (s_awvalid_i && awake_q)) && !write_o;
      w_full_q  <= (w_full_q || (s_wvalid_i && awake_q)) && !write_o;
      b_valid_q <= write_o || (b_valid_q && !s_bready_i);
    end
  end

  always @(posedge clk_i) begin
    if (!aw_full_q) aw_addr_q <= s_awaddr_i;
    if (!w_full_q) w_data_q <= s_wdata_i;
    if (!w_full_q) w_strb_q <= s_wstrb_i;
    if (write_o) b_resp_q <= write_ok_i ? OKAY : SLVERR;
  end

  // Read
  reg                ar_full_q;
  reg [AddrBits-1:0] ar_addr_q;
  reg                r_valid_q;
  reg [31:0]         r_data_q;
  reg [1:0]          r_resp_q;

  assign s_arready_o = awake_q && !ar_full_q;
  assign s_rvalid_o  = r_valid_q;
  assign s_rdata_o   = r_data_q;
  assign s_rresp_o   = r_resp_q;
  assign read_o      = ar_full_q && !r_valid_q;
  assign read_addr_o = ar_addr_q;

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      ar_full_q <= 1'b0;
      r_valid_q <= 1'b0;
    end else begin
      ar_full_q <= (ar_full_q || (s_arvalid_i && awake_q)) && !read_o;
      r_valid_q <= read_o || (r_valid_q && !s_rready_i);
    end
  end

  always @(posedge clk_i) begin
    if (!ar_full_q) ar_addr_q <= s_araddr_i;
    if (read_o) r_data_q <= read_ok_i ? read_data_i : 32'd0;
    if (read_o) r_resp_q <= read_ok_i ? OKAY : SLVERR;
  end

  generate
    if (AddrBits < 1) begin : gen_limits
      fpsa_axil_slave_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
