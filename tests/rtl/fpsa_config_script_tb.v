// A fabric's frames behind fpsa_config_port: plays script.mem, a line an access. The frames are the
// test's module config_frames. An access is {what, address, data}, in hexadecimal:
//
//   1, 2   write, answered OKAY or SLVERR      3, 4   read, answered OKAY with data, or SLVERR
//   5      whether any bit of any frame is 1   6      write with three strobes, answered SLVERR
//   7      active_o                            0      the end
//
// At every clock: nothing is unknown, and no frame is written while the fabric is active.
// verilator lint_off WIDTH
module fpsa_config_script_tb #(
  parameter        Frames      = 1,
  parameter [31:0] Fingerprint = 32'd0,
  parameter        Accesses    = 1,
  parameter        Seed        = 1
);

`include "bench.vh"

  localparam [1:0] OKAY   = 2'b00;
  localparam [1:0] SLVERR = 2'b10;

  reg         awvalid = 0;
  wire        awready;
  reg  [11:0] addr = 0;
  reg         wvalid = 0;
  wire        wready;
  reg  [31:0] wdata = 0;
  reg  [3:0]  wstrb = 0;
  wire        bvalid;
  reg         bready = 0;
  wire [1:0]  bresp;
  reg         arvalid = 0;
  wire        arready;
  wire        rvalid;
  reg         rready = 0;
  wire [31:0] rdata;
  wire [1:0]  rresp;
  wire        clear;
  wire        write;
  wire [15:0] frame;
  wire [15:0] word;
  wire [31:0] data;
  wire [31:0] read;
  wire        active;
  wire        any;

  fpsa_config_port #(
    .Frames(Frames)
  ) u_port (
    .clk_i        (clk),
    .rst_ni       (rst_n),
    .s_awvalid_i  (awvalid),
    .s_awready_o  (awready),
    .s_awaddr_i   (addr),
    .s_awprot_i   (3'd0),
    .s_wvalid_i   (wvalid),
    .s_wready_o   (wready),
    .s_wdata_i    (wdata),
    .s_wstrb_i    (wstrb),
    .s_bvalid_o   (bvalid),
    .s_bready_i   (bready),
    .s_bresp_o    (bresp),
    .s_arvalid_i  (arvalid),
    .s_arready_o  (arready),
    .s_araddr_i   (addr),
    .s_arprot_i   (3'd0),
    .s_rvalid_o   (rvalid),
    .s_rready_i   (rready),
    .s_rdata_o    (rdata),
    .s_rresp_o    (rresp),
    .fingerprint_i(Fingerprint),
    .clear_o      (clear),
    .write_o      (write),
    .frame_o      (frame),
    .word_o       (word),
    .data_o       (data),
    .read_i       (read),
    .active_o     (active)
  );

  config_frames u_frames (
    .clk_i  (clk),
    .clear_i(clear),
    .frame_i(frame),
    .word_i (word),
    .write_i(write),
    .data_i (data),
    .read_o (read),
    .any_o  (any)
  );

  reg [47:0] script [0:Accesses];
  integer    i;

  initial $readmemh("script.mem", script);

  task clock;
    begin
      #1;
      expect_value("known", ^{clear, write, frame, word, data, read, active, any, awready, wready,
                              arready, bvalid, rvalid} === 1'bx, 0);
      expect_value("steady", write && active, 0);
      @(negedge clk);
    end
  endtask

  task play_write(input [31:0] value, input [3:0] strobes, input [1:0] answer);
    begin
      awvalid = 1;
      wvalid  = 1;
      wdata   = value;
      wstrb   = strobes;
      clock;
      awvalid = 0;
      wvalid  = 0;
      wdata   = random(0);
      clock;
      expect_value("written", {bvalid, bresp}, {1'b1, answer});
      bready = 1;
      clock;
      bready = 0;
    end
  endtask

  task play_read(input [31:0] value, input [1:0] answer);
    begin
      arvalid = 1;
      clock;
      arvalid = 0;
      clock;
      expect_value("read", {rvalid, rresp, rdata}, {1'b1, answer, value});
      rready = 1;
      clock;
      rready = 0;
    end
  endtask

  task play(input [47:0] access);
    begin
      addr = access[43:32];
      case (access[47:44])
        4'd1: play_write(access[31:0], 4'hf, OKAY);
        4'd2: play_write(access[31:0], 4'hf, SLVERR);
        4'd3: play_read(access[31:0], OKAY);
        4'd4: play_read(0, SLVERR);
        4'd5: expect_value("any", any, access[31:0]);
        4'd6: play_write(access[31:0], ~(4'd1 << below(4)), SLVERR);
        default: expect_value("active", active, access[31:0]);
      endcase
    end
  endtask

  initial begin
    repeat (2) @(negedge clk);
    rst_n = 1;
    repeat (2) clock;
    i = 0;
    while (script[i][47:44] != 0) begin
      if (chance(10)) clock;
      play(script[i]);
      i = i + 1;
    end
    pass;
  end

endmodule
