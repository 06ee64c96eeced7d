// Loads through fpsa_axil_csr and fpsa_load_rank: while busy they answer SLVERR and do nothing, else
// they reach one unit, and ready_o is low from the write until the unit has the word.
//
// Ends with "PASS <checks>"; at the first fault a message and a non-zero exit status.
module fpsa_load_guard_tb;

  localparam        UNITS   = 3;
  localparam [11:0] UNIT    = 12'h040;
  localparam [11:0] ADDRESS = 12'h044;
  localparam [11:0] DATA    = 12'h048;

  reg                 clk = 1'b0;
  reg                 rst_n = 1'b0;
  reg                 busy = 1'b0;
  reg                 awvalid = 1'b0;
  reg                 wvalid = 1'b0;
  reg                 arvalid = 1'b0;
  reg  [11:0]         address = 12'd0;
  reg  [31:0]         data = 32'd0;
  wire                awready;
  wire                wready;
  wire                bvalid;
  wire [1:0]          bresp;
  wire                arready;
  wire                rvalid;
  wire [31:0]         rdata;
  wire [1:0]          rresp;
  wire                ready;
  wire [UNITS-1:0]    we;
  wire [21:0]         addr;
  wire [31:0]         word;
  wire [UNITS-1:0]    unit_we;
  wire [UNITS*22-1:0] unit_addr;
  wire [UNITS*32-1:0] unit_word;

  always #5 clk = ~clk;

  fpsa_axil_csr #(
    .Units(UNITS)
  ) u_csr (
    .clk_i        (clk),
    .rst_ni       (rst_n),
    .s_awvalid_i  (awvalid),
    .s_awready_o  (awready),
    .s_awaddr_i   (address),
    .s_awprot_i   (3'b101),
    .s_wvalid_i   (wvalid),
    .s_wready_o   (wready),
    .s_wdata_i    (data),
    .s_wstrb_i    (4'hf),
    .s_bvalid_o   (bvalid),
    .s_bready_i   (1'b1),
    .s_bresp_o    (bresp),
    .s_arvalid_i  (arvalid),
    .s_arready_o  (arready),
    .s_araddr_i   (address),
    .s_arprot_i   (3'b101),
    .s_rvalid_o   (rvalid),
    .s_rready_i   (1'b1),
    .s_rdata_o    (rdata),
    .s_rresp_o    (rresp),
    .busy_i       (busy),
    .window_i     (1'b0),
    .captured_i   (1'b0),
    .ceilings_i   (16'd0),
    .frame_error_i(1'b0),
    .range_error_i(1'b0),
    .ready_o      (ready),
    .load_we_o    (we),
    .load_addr_o  (addr),
    .load_data_o  (word)
  );

  genvar u;
  generate
    for (u = 0; u < UNITS; u = u + 1) begin : gen_unit
      fpsa_load_rank u_rank (
        .clk_i      (clk),
        .rst_ni     (rst_n),
        .load_we_i  (we[u]),
        .load_addr_i(addr),
        .load_data_i(word),
        .load_we_o  (unit_we[u]),
        .load_addr_o(unit_addr[u*22 +: 22]),
        .load_data_o(unit_word[u*32 +: 32])
      );
    end
  endgenerate

  integer checks = 0;

  task check;
    input        holds;
    input [31:0] what;
    begin
      checks = checks + 1;
      if (holds !== 1'b1) begin
        $display("MISMATCH check %s at %0t", what, $time);
        $fatal(1, "fpsa_load_guard_tb");
      end
    end
  endtask

  // What the units saw, and whether a tick could have met it
  integer    words = 0;
  reg        was_we = 1'b0;
  reg [21:0] seen_addr;
  reg [31:0] seen_word;
  reg [1:0]  seen_unit;

  always @(negedge clk) begin : watch
    integer i;
    for (i = 0; i < UNITS; i = i + 1)
      if (unit_we[i] !== 1'b0) begin
        words     = words + 1;
        seen_unit = i;
        seen_addr = unit_addr[i*22 +: 22];
        seen_word = unit_word[i*32 +: 32];
      end
    if (rst_n) check(ready === (we == 0 && unit_we == 0), "hold");
  end

  // Called and left on a falling edge; the slave stands ready.
  task write;
    input [11:0] to;
    input [31:0] value;
    input [1:0]  answer;
    begin
      address = to;
      data    = value;
      awvalid = 1'b1;
      wvalid  = 1'b1;
      @(negedge clk);
      awvalid = 1'b0;
      wvalid  = 1'b0;
      while (bvalid !== 1'b1) @(negedge clk);
      check(bresp === answer, "resp");
      repeat (4) @(negedge clk);
    end
  endtask

  task read;
    input [11:0] from;
    input [31:0] expected;
    begin
      address = from;
      arvalid = 1'b1;
      @(negedge clk);
      arvalid = 1'b0;
      while (rvalid !== 1'b1) @(negedge clk);
      check(rresp === 2'b00 && rdata === expected, "read");
      @(negedge clk);
    end
  endtask

  integer round;

  initial begin
    repeat (3) @(negedge clk);
    rst_n = 1'b1;
    @(negedge clk);
    for (round = 0; round < UNITS; round = round + 1) begin
      write(UNIT, round, 2'b00);
      write(ADDRESS, 32'h00200000 + round, 2'b00);
      busy = 1'b1;
      write(DATA, 32'hbad0bad0, 2'b10);
      write(DATA, 32'hbad1bad1, 2'b10);
      check(words == 2 * round, "none");
      read(ADDRESS, 32'h00200000 + round);
      busy = 1'b0;
      write(DATA, 32'h12340000 + round, 2'b00);
      check(words == 2 * round + 1 && seen_unit == round, "unit");
      check(seen_addr === 22'h200000 + round && seen_word === 32'h12340000 + round, "word");
      read(ADDRESS, 32'h00200001 + round);
      // Busy from the cycle behind the write on: the word is on its way, the tick waits for it.
      address = DATA;
      data    = 32'h56780000 + round;
      awvalid = 1'b1;
      wvalid  = 1'b1;
      @(negedge clk);
      awvalid = 1'b0;
      wvalid  = 1'b0;
      @(negedge clk);
      busy = 1'b1;
      repeat (4) @(negedge clk);
      check(words == 2 * round + 2 && seen_word === 32'h56780000 + round, "late");
      busy = 1'b0;
    end
    $display("PASS %0d", checks);
    $finish;
  end

endmodule
