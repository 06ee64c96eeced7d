// Bitstreams of random frames, many of them wrong somewhere, in pieces, with pauses, starts in the
// middle and resets, and words where no load waits for one. What is not valid is unknown. The model
// takes the same words and counts what is still to come; its CRC goes bit by bit.
// verilator lint_off WIDTH
module fpsa_bitstream_loader_tb #(
  parameter Frames = 5,
  parameter Long   = 0,     // one frame of 2^21 bits at the end
  parameter Seed   = 1,
  parameter Loads  = 1500
);

`include "bench.vh"

  localparam [31:0] FINGERPRINT = 32'hc0de9a51;

  reg         start = 0;
  reg         valid = 0;
  wire        ready;
  reg  [31:0] word = 0;
  wire        clear;
  wire        write;
  wire [15:0] frame;
  wire [15:0] index;
  wire [31:0] data;
  wire        active;
  wire        busy;
  wire [3:0]  error;

  fpsa_bitstream_loader #(
    .Frames(Frames)
  ) u_dut (
    .clk_i        (clk),
    .rst_ni       (rst_n),
    .fingerprint_i(FINGERPRINT),
    .start_i      (start),
    .valid_i      (valid),
    .ready_o      (ready),
    .word_i       (word),
    .clear_o      (clear),
    .write_o      (write),
    .frame_o      (frame),
    .index_o      (index),
    .data_o       (data),
    .active_o     (active),
    .busy_o       (busy),
    .error_o      (error)
  );

  // The model
  reg        awake = 0;
  reg        loading, holds, clears, writes;
  reg [3:0]  failed;
  integer    header;       // words that came
  integer    frames;       // to come
  integer    least;        // address of the next one
  reg        bits_due;
  integer    bits;         // to come
  reg [15:0] place, number, at;
  reg [31:0] stored;
  reg [31:0] crc;
  integer    b;
  integer    actives = 0;
  reg [10:0] faults = 0;   // seen

  task fail(input [3:0] code);
    begin
      failed       = code;
      loading      = 0;
      holds        = 0;
      clears       = 1;
      faults[code] = 1;
    end
  endtask

  task model_frame;
    begin
      if (bits > 0) begin
        if (bits < 32 && word >> bits != 0) fail(8);
        else begin
          writes = 1;
          at     = place;
          stored = word;
          place  = place + 1;
          bits   = (bits > 32) ? bits - 32 : 0;
        end
      end else if (bits_due) begin
        if (word == 0 || word > 32'h200000) fail(7);
        bits     = word;
        bits_due = 0;
        place    = 0;
      end else if (frames == 0) begin
        if (word != ~crc) fail(9);
        else begin
          loading = 0;
          holds   = 1;
          actives = actives + 1;
        end
      end else if (word >= Frames) fail(5);
      else if (word < least) fail(6);
      else begin
        number   = word;
        least    = word + 1;
        frames   = frames - 1;
        bits_due = 1;
      end
    end
  endtask

  task model_word;
    begin
      if (!loading) begin
        if (failed == 0) fail(10);
      end else begin
        header = header + 1;
        case (header)
          1: if (word != "ASPF") fail(1);
          2: if (word != 1) fail(2);
          3: if (word != FINGERPRINT) fail(3);
          4: if (word > Frames) fail(4); else frames = word;
          default: model_frame;
        endcase
        for (b = 0; b < 32; b = b + 1)
          crc = (crc >> 1) ^ ((crc[0] ^ word[b]) ? 32'hedb88320 : 0);
      end
    end
  endtask

  task model_clock;
    begin
      clears = 0;
      writes = 0;
      if (!rst_n || start) begin
        loading  = rst_n;
        clears   = 1;
        holds    = 0;
        failed   = 0;
        header   = 0;
        least    = 0;
        bits_due = 0;
        bits     = 0;
        crc      = 32'hffffffff;
      end else if (valid && awake) model_word;
      awake = rst_n;
    end
  endtask

  // One clock; `took` tells whether the word went
  reg took;
  reg fresh = 0;

  task clock;
    begin
      #1;
      expect_value("ready", ready, awake && !start);
      expect_value("status", {active, busy, error}, {holds, loading, failed});
      expect_value("bus", {clear, write}, {clears, writes});
      expect_value("known", ^{frame, index, data} === 1'bx, 0);
      if (fresh) expect_value("reset", {frame, index, data}, 0);
      if (clears) expect_value("zero", data, 0);
      if (writes) expect_value("word", {frame, index, data}, {number, at, stored});
      took  = valid && ready;
      fresh = (fresh || !rst_n) && !(rst_n && (took || start));
      model_clock;
      @(negedge clk);
      start = 0;
      valid = 0;
      word  = 32'hx;
    end
  endtask

  integer odds = 0;  // of a wrong word, in a thousand; without any, no start in the middle either

  task send(input [31:0] value);
    begin
      while (chance(15)) clock;
      took = 0;
      while (!took) begin
        valid = 1;
        word  = value;
        start = odds != 0 && chance(1) && chance(20);
        clock;
      end
    end
  endtask

  // A word of a stream: right, or once in a while another one; its CRC is that of what is sent
  reg [31:0] sum;

  task put(input [31:0] value, input [31:0] other);
    reg [31:0] sent;
    begin
      sent = (below(1000) < odds) ? (chance(50) ? other : value ^ (1 << below(32))) : value;
      for (b = 0; b < 32; b = b + 1)
        sum = (sum >> 1) ^ ((sum[0] ^ sent[b]) ? 32'hedb88320 : 0);
      send(sent);
    end
  endtask

  integer address, size, count, left, i, n;

  task put_frame;
    begin
      put(address, chance(50) ? Frames : address - 1);
      case (below(6))
        0: size = 32;
        1: size = 1;
        2: size = 64;
        3: size = 33;
        default: size = 1 + below(120);
      endcase
      put(size, chance(50) ? 0 : 32'h200001);
      for (left = size; left > 0; left = left - 32)
        put((left < 32) ? random(0) >> 32 - left : random(0), random(0));
    end
  endtask

  task load;
    reg [15:0] chosen;
    begin
      odds   = chance(60) ? 0 : 60;
      chosen = random(0);
      count  = 0;
      for (i = 0; i < 16 && i < Frames; i = i + 1) count = count + chosen[i];
      sum   = 32'hffffffff;
      start = 1;
      clock;
      put("ASPF", random(0));
      put(1, 0);
      put(FINGERPRINT, random(0));
      put(count, Frames + 1);
      for (i = 0; i < 16 && i < Frames; i = i + 1) begin
        address = ((Frames > 16) ? Frames - 16 : 0) + i;
        if (chosen[i]) put_frame;
      end
      if (chance(80)) put(~sum, sum);
      repeat (below(3)) clock;
      if (chance(20)) send(random(0));
      if (chance(10)) send(random(0));
    end
  endtask

  // The longest frame that there may be
  task load_long;
    begin
      odds  = 0;
      sum   = 32'hffffffff;
      start = 1;
      clock;
      put("ASPF", 0);
      put(1, 0);
      put(FINGERPRINT, 0);
      put(1, 0);
      put(Frames - 1, 0);
      put(32'h200000, 0);
      for (left = 0; left < 65536; left = left + 1) put(random(0), 0);
      put(~sum, 0);
      clock;
    end
  endtask

  initial begin
    repeat (2) begin
      @(negedge clk);
      model_clock;
    end
    for (n = 0; n < Loads; n = n + 1) begin
      if (n % 50 == 0) begin
        rst_n = 0;
        start = chance(50);
        valid = 1;
        clock;
        rst_n = 1;
        valid = 1;
        word  = random(0);
        clock;
        if (chance(50)) send("ASPF");
      end
      load;
    end
    if (Long) load_long;
    expect_value("faults", faults, (Frames > 1) ? 11'h7fe : 11'h7be);
    expect_value("loads", actives > Loads / 4, 1);
    if (Long) expect_value("long", active, 1);
    pass;
  end

endmodule
