// Registers of a network on AXI4-Lite: identity, status, counters, load bus. Map: see README.md.
//
// Latency     that of fpsa_axil_slave; the load bus moves one cycle after the write.
// Handshake   SLVERR, and no effect: unknown or unaligned address, write to what only reads, read
//             of load data, a write with less than all four strobes, a load unit past the last,
//             load data while busy_i. Event inputs count once a cycle in which they are high.
// Loads       ready_o is low while a load is on its way: in the cycle in which the load bus moves
//             and in the next, in which a unit behind fpsa_load_rank takes the word. As a tick
//             waits for it, no word reaches a unit in a cycle with a tick, though a sample may
//             come right behind the load; what the word changes has a whole cycle before a tick.
// Counters    64 bits; reading a low word latches that counter's high word for the next read.
// Limits      1 <= Units < 2^16, InLanes and OutLanes < 2^16, CeilingBits 1..32.
module fpsa_axil_csr #(
  parameter        Units       = 1,
  parameter [31:0] Version     = 32'd1,
  parameter [31:0] SpecHash    = 32'd0,
  parameter [15:0] InLanes     = 16'd1,
  parameter [15:0] OutLanes    = 16'd1,
  parameter        CeilingBits = 16
) (
  // Clock
  input  wire                   clk_i,
  input  wire                   rst_ni,
  // AXI4-Lite
  input  wire                   s_awvalid_i,
  output wire                   s_awready_o,
  input  wire [11:0]            s_awaddr_i,
  input  wire [2:0]             s_awprot_i,
  input  wire                   s_wvalid_i,
  output wire                   s_wready_o,
  input  wire [31:0]            s_wdata_i,
  input  wire [3:0]             s_wstrb_i,
  output wire                   s_bvalid_o,
  input  wire                   s_bready_i,
  output wire [1:0]             s_bresp_o,
  input  wire                   s_arvalid_i,
  output wire                   s_arready_o,
  input  wire [11:0]            s_araddr_i,
  input  wire [2:0]             s_arprot_i,
  output wire                   s_rvalid_o,
  input  wire                   s_rready_i,
  output wire [31:0]            s_rdata_o,
  output wire [1:0]             s_rresp_o,
  // Status and events
  input  wire                   busy_i,
  input  wire                   window_i,
  input  wire                   captured_i,
  input  wire [CeilingBits-1:0] ceilings_i,
  input  wire                   frame_error_i,
  input  wire                   range_error_i,
  // Load bus
  output wire                   ready_o,
  output wire [Units-1:0]       load_we_o,
  output wire [21:0]            load_addr_o,
  output wire [31:0]            load_data_o
);

  localparam [31:0] ID            = 32'h46505341;
  localparam [11:0] ID_ADDR       = 12'h000;
  localparam [11:0] VERSION_ADDR  = 12'h004;
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
  localparam [11:0] HIGH          = 12'h004;
  localparam [31:0] UNITS         = Units;

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
  reg [15:0]      unit_q;
  reg [21:0]      address_q;
  reg [21:0]      load_addr_q;
  reg [31:0]      load_data_q;
  reg [Units-1:0] load_we_q;
  reg [1:0]       loading_q;
  reg             frame_error_q;
  reg             range_error_q;

  wire accept    = write && write_ok;
  wire clear     = accept && write_addr == CONTROL_ADDR && write_data[0];
  wire to_status = accept && write_addr == STATUS_ADDR;
  wire to_data   = accept && write_addr == DATA_ADDR;

  assign ready_o     = loading_q == 2'b00;
  assign load_we_o   = load_we_q;
  assign load_addr_o = load_addr_q;
  assign load_data_o = load_data_q;

  always @* begin
    case (write_addr)
      CONTROL_ADDR, STATUS_ADDR, ADDRESS_ADDR: write_ok = &write_strb;
      UNIT_ADDR: write_ok = &write_strb && write_data < UNITS;
      DATA_ADDR: write_ok = &write_strb && !busy_i;
      default: write_ok = 1'b0;
    endcase
  end

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      unit_q        <= 16'd0;
      address_q     <= 22'd0;
      loading_q     <= 2'b00;
      frame_error_q <= 1'b0;
      range_error_q <= 1'b0;
    end else begin
      if (accept && write_addr == UNIT_ADDR) unit_q <= write_data[15:0];
      if (accept && write_addr == ADDRESS_ADDR) address_q <= write_data[21:0];
      else if (to_data) address_q <= address_q + 22'd1;
      loading_q     <= {loading_q[0], to_data};
      frame_error_q <= frame_error_i || (frame_error_q && !(to_status && write_data[1]));
      range_error_q <= range_error_i || (range_error_q && !(to_status && write_data[2]));
    end
  end

  // One vector: Verilator unrolls no loop over thousands of units
  always @(posedge clk_i) begin
    load_we_q <= {{(Units-1){1'b0}}, rst_ni && to_data} << unit_q;
  end

  always @(posedge clk_i) begin
    if (to_data) begin
      load_addr_q <= address_q;
      load_data_q <= write_data;
    end
  end

  // Counters
  wire [31:0] cycles_low;
  wire [31:0] cycles_high;
  wire [31:0] windows_low;
  wire [31:0] windows_high;
  wire [31:0] samples_low;
  wire [31:0] samples_high;
  wire [31:0] ceilings_low;
  wire [31:0] ceilings_high;

  fpsa_event_counter #(
    .StepBits(1)
  ) u_cycles (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .clear_i (clear),
    .step_i  (busy_i),
    .sample_i(read && read_addr == CYCLES_ADDR),
    .low_o   (cycles_low),
    .high_o  (cycles_high)
  );

  fpsa_event_counter #(
    .StepBits(1)
  ) u_windows (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .clear_i (clear),
    .step_i  (window_i),
    .sample_i(read && read_addr == WINDOWS_ADDR),
    .low_o   (windows_low),
    .high_o  (windows_high)
  );

  fpsa_event_counter #(
    .StepBits(1)
  ) u_samples (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .clear_i (clear),
    .step_i  (captured_i),
    .sample_i(read && read_addr == SAMPLES_ADDR),
    .low_o   (samples_low),
    .high_o  (samples_high)
  );

  fpsa_event_counter #(
    .StepBits(CeilingBits)
  ) u_ceilings (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .clear_i (clear),
    .step_i  (ceilings_i),
    .sample_i(read && read_addr == CEILINGS_ADDR),
    .low_o   (ceilings_low),
    .high_o  (ceilings_high)
  );

  // Reads
  always @* begin
    read_ok = 1'b1;
    case (read_addr)
      ID_ADDR:              read_data = ID;
      VERSION_ADDR:         read_data = Version;
      HASH_ADDR:            read_data = SpecHash;
      SHAPE_ADDR:           read_data = {OutLanes, InLanes};
      CONTROL_ADDR:         read_data = 32'd0;
      STATUS_ADDR:          read_data = {29'd0, range_error_q, frame_error_q, busy_i};
      CYCLES_ADDR:          read_data = cycles_low;
      CYCLES_ADDR + HIGH:   read_data = cycles_high;
      WINDOWS_ADDR:         read_data = windows_low;
      WINDOWS_ADDR + HIGH:  read_data = windows_high;
      SAMPLES_ADDR:         read_data = samples_low;
      SAMPLES_ADDR + HIGH:  read_data = samples_high;
      CEILINGS_ADDR:        read_data = ceilings_low;
      CEILINGS_ADDR + HIGH: read_data = ceilings_high;
      UNIT_ADDR:            read_data = {16'd0, unit_q};
      ADDRESS_ADDR:         read_data = {10'd0, address_q};
      default: begin
        read_data = 32'd0;
        read_ok   = 1'b0;
      end
    endcase
  end

  generate
    if (Units < 1 || Units > 65535 || CeilingBits < 1 || CeilingBits > 32) begin : gen_limits
      fpsa_axil_csr_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
