// Every register by random accesses: right and wrong addresses, partial strobes, numbers out of
// range, halves of a write in any order, answers taken late; between them the words of a bitstream.
// The model is the two registers and a loader of its own, which is given what the port's should be.
// verilator lint_off WIDTH
module fpsa_config_port_tb #(
  parameter Frames   = 3,
  parameter Seed     = 1,
  parameter Accesses = 3000
);

`include "bench.vh"

  localparam [31:0] FINGERPRINT = 32'h9abc1234;
  localparam [1:0]  OKAY        = 2'b00;
  localparam [1:0]  SLVERR      = 2'b10;

  reg         awvalid = 0;
  wire        awready;
  reg  [11:0] awaddr = 0;
  reg         wvalid = 0;
  wire        wready;
  reg  [31:0] wdata = 0;
  reg  [3:0]  wstrb = 0;
  wire        bvalid;
  reg         bready = 0;
  wire [1:0]  bresp;
  reg         arvalid = 0;
  wire        arready;
  reg  [11:0] araddr = 0;
  wire        rvalid;
  reg         rready = 0;
  wire [31:0] rdata;
  wire [1:0]  rresp;
  reg  [2:0]  prot = 0;
  wire        clear;
  wire        write_word;
  wire [15:0] frame;
  wire [15:0] word;
  wire [31:0] data;
  reg  [31:0] found = 0;
  wire        active;

  fpsa_config_port #(
    .Frames(Frames)
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
    .fingerprint_i(FINGERPRINT),
    .clear_o      (clear),
    .write_o      (write_word),
    .frame_o      (frame),
    .word_o       (word),
    .data_o       (data),
    .read_i       (found),
    .active_o     (active)
  );

  // The access of this clock
  reg         write_due = 0;
  reg  [11:0] write_addr = 0;
  reg  [31:0] write_data = 0;
  reg  [3:0]  write_strb = 0;
  reg         read_due = 0;
  reg  [11:0] read_addr = 0;
  reg  [1:0]  write_answer;
  reg  [33:0] read_answer;

  // The model
  reg  [15:0] frame_number = 0;
  reg  [15:0] word_number = 0;
  wire        whole = write_due && write_strb == 4'hf;
  wire        ref_clear;
  wire        ref_write;
  wire [15:0] ref_frame;
  wire [15:0] ref_index;
  wire [31:0] ref_data;
  wire        ref_active;
  wire        ref_busy;
  wire [3:0]  ref_error;
  wire        ref_ready;

  fpsa_bitstream_loader #(
    .Frames(Frames)
  ) u_ref (
    .clk_i        (clk),
    .rst_ni       (rst_n),
    .fingerprint_i(FINGERPRINT),
    .start_i      (whole && write_addr == 12'h000 && write_data[0]),
    .valid_i      (whole && write_addr == 12'h004),
    .ready_o      (ref_ready),
    .word_i       (write_data),
    .clear_o      (ref_clear),
    .write_o      (ref_write),
    .frame_o      (ref_frame),
    .index_o      (ref_index),
    .data_o       (ref_data),
    .active_o     (ref_active),
    .busy_o       (ref_busy),
    .error_o      (ref_error)
  );

  task model_read;
    begin
      read_answer = {OKAY, 32'd0};
      case (read_addr)
        12'h000: read_answer[31:0] = {ref_error, 2'b00, ref_busy, ref_active};
        12'h008: read_answer[31:0] = frame_number;
        12'h00c: read_answer[31:0] = word_number;
        12'h010: if (ref_busy) read_answer = {SLVERR, 32'd0}; else read_answer[31:0] = found;
        12'h014: read_answer[31:0] = FINGERPRINT;
        default: read_answer = {SLVERR, 32'd0};
      endcase
    end
  endtask

  task model_write;
    begin
      write_answer = whole ? OKAY : SLVERR;
      if (whole)
        case (write_addr)
          12'h000, 12'h004: ;
          12'h008: if (write_data < Frames) frame_number = write_data; else write_answer = SLVERR;
          12'h00c: if (write_data < 65536) word_number = write_data; else write_answer = SLVERR;
          default: write_answer = SLVERR;
        endcase
      if (!rst_n) begin
        frame_number = 0;
        word_number  = 0;
      end
    end
  endtask

  integer actives = 0;

  task clock;
    begin
      found = random(0);
      prot  = random(0);
      #1;
      expect_value("moves", {clear, write_word, active}, {ref_clear, ref_write, ref_active});
      expect_value("place", {frame, word}, ref_busy ? {ref_frame, ref_index}
                                                    : {frame_number, word_number});
      if (ref_write) expect_value("data", data, ref_data);
      if (read_due) model_read;
      model_write;
      @(negedge clk);
    end
  endtask

  integer   gap;
  reg [1:0] last_answer;

  always @(posedge clk) if (write_due) last_answer <= write_answer;

  task write(input [11:0] addr, input [31:0] value, input [3:0] strb);
    reg data_first;
    begin
      gap        = chance(50) ? 0 : below(3);
      data_first = chance(50);
      awaddr     = addr;
      wdata      = value;
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
      write_data = value;
      write_strb = strb;
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

  task read(input [11:0] addr);
    begin
      araddr  = addr;
      arvalid = 1;
      clock;
      arvalid   = 0;
      araddr    = random(0);
      read_due  = 1;
      read_addr = addr;
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

  task access;
    reg [11:0] addr;
    reg [31:0] value;
    begin
      addr = 4 * below(7);
      if (chance(10)) addr = addr ^ (1 << below(12));
      value = random(0);
      if (addr == 12'h008 && chance(80)) value = below(Frames + 2);
      if (addr == 12'h008 && chance(20)) value = below(Frames) | (32'd1 << 16 + below(16));
      if (addr == 12'h00c && chance(60)) value = value[15:0];
      if (addr == 12'h000 && chance(90)) value[0] = 0;
      if (chance(60)) read(addr);
      else if (addr != 12'h004) write(addr, value, chance(70) ? 4'hf : random(0));
      else write(addr, value, chance(97) ? ~(4'd1 << below(4)) : 4'hf);
    end
  endtask

  // A bitstream of one frame
  reg [31:0] stream [0:8];
  integer    i, b, at;

  task draw_stream;
    reg [31:0] crc;
    begin
      stream[0] = "ASPF";
      stream[1] = 1;
      stream[2] = FINGERPRINT;
      stream[3] = 1;
      stream[4] = below(Frames);
      stream[5] = 33 + below(31);
      stream[6] = random(0);
      stream[7] = random(0) & 1;
      crc       = 32'hffffffff;
      for (i = 0; i < 8; i = i + 1)
        for (b = 0; b < 32; b = b + 1)
          crc = (crc >> 1) ^ ((crc[0] ^ stream[i][b]) ? 32'hedb88320 : 0);
      stream[8] = ~crc;
    end
  endtask

  task load;
    begin
      draw_stream;
      write(12'h000, random(0) | 1, 4'hf);
      for (at = 0; at < 9; at = at + 1) begin
        write(12'h004, stream[at], 4'hf);
        while (chance(30)) access;
      end
      actives = actives + active;
    end
  endtask

  integer n;

  initial begin
    @(negedge clk);
    repeat (2) clock;
    for (n = 0; n < Accesses; n = n + 1) begin
      if (n % 300 == 0) begin
        rst_n = 0;
        repeat (2) clock;
        rst_n = 1;
        clock;
        read(12'h000);
        read(12'h008);
        read(12'h00c);
      end
      if (chance(30)) clock;
      if (chance(5)) load;
      access;
    end
    expect_value("loads", actives > Accesses / 100, 1);
    pass;
  end

endmodule
