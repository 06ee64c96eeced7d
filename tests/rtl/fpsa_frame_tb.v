// Two frames on a bus: writes and reads of both, of words that they do not have and of frames that
// are not there, and clears, against an array of bits each. What is not written is unknown. The bus
// is driven behind the rising edge, as flip-flops do, and looked at before the falling one: by then
// latches hold what flip-flops do.
// verilator lint_off WIDTH
module fpsa_frame_tb #(
  parameter Bits   = 70,
  parameter Second = 33,
  parameter Seed   = 1,
  parameter Clocks = 5000
);

`include "bench.vh"

  localparam WORDS = (Bits + 31) / 32;
  localparam OTHER = (Second + 31) / 32;
  localparam MOST  = (WORDS > OTHER) ? WORDS : OTHER;

  reg               clear = 0;
  reg  [15:0]       frame = 0;
  reg  [15:0]       word = 0;
  reg               write = 0;
  reg  [31:0]       data = 0;
  reg  [31:0]       read = 0;
  wire [31:0]       between;
  wire [31:0]       found;
  wire [Bits-1:0]   bits;
  wire [Second-1:0] other_bits;

  fpsa_frame #(
    .Bits(Bits)
  ) u_dut (
    .clk_i    (clk),
    .clear_i  (clear),
    .address_i(16'h8003),
    .frame_i  (frame),
    .word_i   (word),
    .write_i  (write),
    .data_i   (data),
    .read_i   (read),
    .read_o   (between),
    .bits_o   (bits)
  );

  fpsa_frame #(
    .Bits(Second)
  ) u_second (
    .clk_i    (clk),
    .clear_i  (clear),
    .address_i(16'h0003),
    .frame_i  (frame),
    .word_i   (word),
    .write_i  (write),
    .data_i   (data),
    .read_i   (between),
    .read_o   (found),
    .bits_o   (other_bits)
  );

  // The model
  reg [Bits-1:0]   held;
  reg [Second-1:0] other_held;
  reg [31:0]       mine;
  reg [31:0]       others;
  integer          b, i;

  task model_read;
    begin
      mine   = 0;
      others = 0;
      for (b = 0; b < 32; b = b + 1) begin
        if (frame == 16'h8003 && 32 * word + b < Bits) mine[b] = held[32*word+b];
        if (frame == 16'h0003 && 32 * word + b < Second) others[b] = other_held[32*word+b];
      end
    end
  endtask

  task model_clock;
    begin
      if (clear) begin
        held       = 0;
        other_held = 0;
      end else if (write) begin
        for (b = 0; b < 32; b = b + 1) begin
          if (frame == 16'h8003 && 32 * word + b < Bits) held[32*word+b] = data[b];
          if (frame == 16'h0003 && 32 * word + b < Second) other_held[32*word+b] = data[b];
        end
      end
    end
  endtask

  task draw;
    begin
      clear = chance(2);
      write = chance(60);
      frame = chance(50) ? 16'h8003 : 16'h0003;
      if (chance(10)) frame = frame ^ (1 << below(16));
      word = below(MOST + 1);
      if (chance(5)) word = word ^ (1 << below(16));
      data = write ? random(0) : 32'hx;
      if (clear) data = 0;
      read = chance(50) ? random(0) : 0;
    end
  endtask

  initial begin
    @(posedge clk);
    #1 clear = 1;
    @(posedge clk);
    held       = 0;
    other_held = 0;
    for (i = 0; i < Clocks; i = i + 1) begin
      #1 draw;
      #1;
      for (b = 0; b < Bits; b = b + 32) expect_value("bits", bits >> b, held >> b);
      for (b = 0; b < Second; b = b + 32) expect_value("others", other_bits >> b, other_held >> b);
      model_read;
      expect_value("read", between, read | mine);
      expect_value("chain", found, read | mine | others);
      model_clock;
      @(posedge clk);
    end
    pass;
  end

endmodule
