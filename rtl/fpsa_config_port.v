// Configuration of a fabric over AXI4-Lite: takes bitstreams, tells what became of them, reads
// frames back.
//
// Registers   32 bits, at byte addresses:
//               0x00 control, status  write: bit 0 starts a load; read: bit 0 active, 1 busy, 7..4
//                                     error, as fpsa_bitstream_loader numbers them
//               0x04 data             write: the next word of the bitstream
//               0x08 frame, 0x0c word read, write: what is read back; frame below Frames, word
//                                     below 2^16
//               0x10 read             read: that word; 0 beyond the frame's end
//               0x14 fingerprint      read: of the fabric
// Latency     that of fpsa_axil_slave; the frame bus moves one cycle after the write.
// Handshake   SLVERR, and no effect: unknown or unaligned address, write to what only reads, read
//             of data, a write with less than all four strobes, a frame or word out of range, read
//             while busy. Words that no load waits for are taken: see fpsa_bitstream_loader.
// Read back   read_i is what the word of frame_o, word_o is, in the same cycle: a path through all
//             frames, which begins at registers of this leaf. While busy the bus is the load's.
// Limits      1 <= Frames <= 2^16.
module fpsa_config_port #(
  parameter Frames = 1
) (
  // Clock
  input  wire        clk_i,
  input  wire        rst_ni,
  // AXI4-Lite
  input  wire        s_awvalid_i,
  output wire        s_awready_o,
  input  wire [11:0] s_awaddr_i,
  input  wire [2:0]  s_awprot_i,
  input  wire        s_wvalid_i,
  output wire        s_wready_o,
  input  wire [31:0] s_wdata_i,
  input  wire [3:0]  s_wstrb_i,
  output wire        s_bvalid_o,
  input  wire        s_bready_i,
  output wire [1:0]  s_bresp_o,
  input  wire        s_arvalid_i,
  output wire        s_arready_o,
  input  wire [11:0] s_araddr_i,
  input  wire [2:0]  s_arprot_i,
  output wire        s_rvalid_o,
  input  wire        s_rready_i,
  output wire [31:0] s_rdata_o,
  output wire [1:0]  s_rresp_o,
  // Of the fabric, constant
  input  wire [31:0] fingerprint_i,
  // Bus of all frames
  output wire        clear_o,
  output wire        write_o,
  output wire [15:0] frame_o,
  output wire [15:0] word_o,
  output wire [31:0] data_o,
  input  wire [31:0] read_i,
  // Whether the fabric is configured
  output wire        active_o
);

  localparam [11:0] CONTROL_ADDR     = 12'h000;
  localparam [11:0] DATA_ADDR        = 12'h004;
  localparam [11:0] FRAME_ADDR       = 12'h008;
  localparam [11:0] WORD_ADDR        = 12'h00c;
  localparam [11:0] READ_ADDR        = 12'h010;
  localparam [11:0] FINGERPRINT_ADDR = 12'h014;
  localparam [31:0] FRAMES           = Frames;

  // Accesses
  wire        write;
  wire [11:0] write_addr;
  wire [31:0] write_data;
  wire [3:0]  write_strb;
  reg         write_ok;
  wire        read;
  wire [11:0] read_addr;
  reg  [31:0] read_data;
  reg         read_ok;

  // Registers without effects: nothing asks when they are read
  wire unused_read = &{1'b0, read};

  fpsa_axil_slave #(
    .AddrBits(12)
  ) u_slave (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .s_awvalid_i (s_awvalid_i),
    .s_awready_o (s_awready_o),
    .s_awaddr_i  (s_awaddr_i),
    .s_awprot_i  (s_awprot_i),
    .s_wvalid_i  (s_wvalid_i),
    .s_wready_o  (s_wready_o),
    .s_wdata_i   (s_wdata_i),
    .s_wstrb_i   (s_wstrb_i),
    .s_bvalid_o  (s_bvalid_o),
    .s_bready_i  (s_bready_i),
    .s_bresp_o   (s_bresp_o),
    .s_arvalid_i (s_arvalid_i),
    .s_arready_o (s_arready_o),
    .s_araddr_i  (s_araddr_i),
    .s_arprot_i  (s_arprot_i),
    .s_rvalid_o  (s_rvalid_o),
    .s_rready_i  (s_rready_i),
    .s_rdata_o   (s_rdata_o),
    .s_rresp_o   (s_rresp_o),
    .write_o     (write),
    .write_addr_o(write_addr),
    .write_data_o(write_data),
    .write_strb_o(write_strb),
    .write_ok_i  (write_ok),
    .read_o      (read),
    .read_addr_o (read_addr),
    .read_data_i (read_data),
    .read_ok_i   (read_ok)
  );

  // Writes
  reg [15:0] frame_q;
  reg [15:0] word_q;

  wire accept = write && write_ok;

  always @* begin
    case (write_addr)
      CONTROL_ADDR, DATA_ADDR: write_ok = &write_strb;
      FRAME_ADDR: write_ok = &write_strb && write_data < FRAMES;
      WORD_ADDR: write_ok = &write_strb && write_data[31:16] == 16'd0;
      default: write_ok = 1'b0;
    endcase
  end

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      frame_q <= 16'd0;
      word_q  <= 16'd0;
    end else begin
      if (accept && write_addr == FRAME_ADDR) frame_q <= write_data[15:0];
      if (accept && write_addr == WORD_ADDR) word_q <= write_data[15:0];
    end
  end

  // The load
  wire        ready;
  wire        busy;
  wire [3:0]  error;
  wire [15:0] load_frame;
  wire [15:0] load_index;

  // A word never comes with a start, nor right after reset
  wire unused_ready = &{1'b0, ready};

  fpsa_bitstream_loader #(
    .Frames(Frames)
  ) u_loader (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .fingerprint_i(fingerprint_i),
    .start_i      (accept && write_addr == CONTROL_ADDR && write_data[0]),
    .valid_i      (accept && write_addr == DATA_ADDR),
    .ready_o      (ready),
    .word_i       (write_data),
    .clear_o      (clear_o),
    .write_o      (write_o),
    .frame_o      (load_frame),
    .index_o      (load_index),
    .data_o       (data_o),
    .active_o     (active_o),
    .busy_o       (busy),
    .error_o      (error)
  );

  assign frame_o = busy ? load_frame : frame_q;
  assign word_o  = busy ? load_index : word_q;

  // Reads
  always @* begin
    read_ok = 1'b1;
    case (read_addr)
      CONTROL_ADDR:     read_data = {24'd0, error, 2'b00, busy, active_o};
      FRAME_ADDR:       read_data = {16'd0, frame_q};
      WORD_ADDR:        read_data = {16'd0, word_q};
      FINGERPRINT_ADDR: read_data = fingerprint_i;
      READ_ADDR: begin
        read_data = read_i;
        read_ok   = !busy;
      end
      default: begin
        read_data = 32'd0;
        read_ok   = 1'b0;
      end
    endcase
  end

  generate
    if (Frames < 1 || Frames > 65536) begin : gen_limits
      fpsa_config_port_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
