// Loads a fabric's configuration: reads a bitstream word by word, checks it, writes the frames.
//
// Bitstream   words of 32 bits, bytes lowest first: "FPSA", version 1, fingerprint, number of
//             frames; of each frame its address, its bits and the words that they fill; CRC-32 of
//             all before it (IEEE 802.3: polynomial EDB88320 reflected, inverted before and after).
// Load        start_i, at any time, takes active_o away, clears all frames and begins a load.
//             active_o rises with the right CRC only, and then no frame is written.
// Faults      The first fault ends the load, clears all frames and stays in error_o to the next
//             start_i:
//               0  none
//               1  the first word is not "FPSA"
//               2  of another version
//               3  of another fabric: not fingerprint_i
//               4  more frames than Frames
//               5  a frame's address is not below Frames
//               6  a frame comes twice, or not behind those with lower addresses
//               7  a frame of no bits, or of more than 2^21
//               8  bits beyond the end of a frame in its last word
//               9  wrong CRC
//               10 a word behind the end, or before the first load
//             Words behind a fault are taken and change nothing. A load that is cut off stays busy
//             and not active. How many bits each frame has is not known here: what a bitstream has
//             beyond a frame's end the frame drops, what it lacks stays 0.
// Latency     one cycle from word to frame bus, from last word to active_o or error_o, from start_i
//             to clear_o.
// Handshake   a reset clears, too, and the bus is 0 behind it. A word a clock. ready_o does not look
//             at valid_i; it is low with start_i and after a clock in reset. clear_o is high for one
//             clock, and a clock behind a reset; with it data_o is 0. write_o only while busy_o.
// Limits      1 <= Frames <= 2^16.
module fpsa_bitstream_loader #(
  parameter Frames = 1
) (
  // Clock
  input  wire        clk_i,
  input  wire        rst_ni,
  // Of the fabric, constant
  input  wire [31:0] fingerprint_i,
  // Bitstream
  input  wire        start_i,
  input  wire        valid_i,
  output wire        ready_o,
  input  wire [31:0] word_i,
  // Bus of all frames
  output wire        clear_o,
  output wire        write_o,
  output wire [15:0] frame_o,
  output wire [15:0] index_o,
  output wire [31:0] data_o,
  // Status
  output wire        active_o,
  output wire        busy_o,
  output wire [3:0]  error_o
);

  localparam [31:0] MAGIC_WORD = 32'h41535046;
  localparam [31:0] POLYNOMIAL = 32'hedb88320;
  localparam [31:0] FRAMES     = Frames;
  localparam [31:0] MOST_BITS  = 32'h00200000;

  // What the coming word is
  localparam [3:0] OFF         = 4'd0;
  localparam [3:0] MAGIC       = 4'd1;
  localparam [3:0] VERSION     = 4'd2;
  localparam [3:0] FINGERPRINT = 4'd3;
  localparam [3:0] COUNT       = 4'd4;
  localparam [3:0] ADDRESS     = 4'd5;
  localparam [3:0] BITS        = 4'd6;
  localparam [3:0] DATA        = 4'd7;
  localparam [3:0] CRC         = 4'd8;

  reg        awake_q;
  reg [3:0]  state_q;
  reg        active_q;
  reg [3:0]  error_q;
  reg        clear_q;
  reg        write_q;
  reg [16:0] left_q;    // frames to come
  reg        any_q;     // frame_q is of this load
  reg [15:0] frame_q;
  reg [15:0] index_q;
  reg [15:0] last_q;    // index of the frame's last word
  reg [4:0]  tail_q;    // bits in it, 0 for all
  reg [31:0] data_q;
  reg [31:0] crc_q;

  assign ready_o  = awake_q && !start_i;
  assign clear_o  = clear_q;
  assign write_o  = write_q;
  assign frame_o  = frame_q;
  assign index_o  = index_q;
  assign data_o   = data_q;
  assign active_o = active_q;
  assign busy_o   = state_q != OFF;
  assign error_o  = error_q;

  function [31:0] crc_behind(input [31:0] crc, input [31:0] word);
    integer    i;
    reg [31:0] rest;
    begin
      rest = crc ^ word;
      for (i = 0; i < 32; i = i + 1)
        rest = {1'b0, rest[31:1]} ^ (POLYNOMIAL & {32{rest[0]}});
      crc_behind = rest;
    end
  endfunction

  // The coming word
  wire        take      = valid_i && ready_o;
  wire [15:0] index     = index_q + 16'd1;
  wire        last      = index == last_q;
  wire [31:0] beyond    = (tail_q == 5'd0) ? 32'd0 : word_i >> tail_q;
  wire [20:0] last_bit  = word_i[20:0] - 21'd1;
  wire [3:0]  next_part = (left_q == 17'd0) ? CRC : ADDRESS;

  wire unused_last_bit = &{1'b0, last_bit[4:0]};

  reg [3:0] fault;
  reg [3:0] state;

  always @* begin
    fault = 4'd0;
    state = OFF;
    case (state_q)
      MAGIC: begin
        if (word_i != MAGIC_WORD) fault = 4'd1;
        state = VERSION;
      end
      VERSION: begin
        if (word_i != 32'd1) fault = 4'd2;
        state = FINGERPRINT;
      end
      FINGERPRINT: begin
        if (word_i != fingerprint_i) fault = 4'd3;
        state = COUNT;
      end
      COUNT: begin
        if (word_i > FRAMES) fault = 4'd4;
        state = (word_i == 32'd0) ? CRC : ADDRESS;
      end
      ADDRESS: begin
        if (word_i >= FRAMES) fault = 4'd5;
        else if (any_q && word_i[15:0] <= frame_q) fault = 4'd6;
        state = BITS;
      end
      BITS: begin
        if (word_i == 32'd0 || word_i > MOST_BITS) fault = 4'd7;
        state = DATA;
      end
      DATA: begin
        if (last && beyond != 32'd0) fault = 4'd8;
        state = last ? next_part : DATA;
      end
      CRC: if (word_i != ~crc_q) fault = 4'd9;
      default: if (error_q == 4'd0) fault = 4'd10;
    endcase
    if (fault != 4'd0) state = OFF;
  end

  // The load
  always @(posedge clk_i) begin
    awake_q <= rst_ni;
    if (!rst_ni) begin
      state_q  <= OFF;
      active_q <= 1'b0;
      error_q  <= 4'd0;
      clear_q  <= 1'b1;
      write_q  <= 1'b0;
    end else if (start_i) begin
      state_q  <= MAGIC;
      active_q <= 1'b0;
      error_q  <= 4'd0;
      clear_q  <= 1'b1;
      write_q  <= 1'b0;
    end else begin
      clear_q <= take && fault != 4'd0;
      write_q <= take && fault == 4'd0 && state_q == DATA;
      if (take) begin
        state_q <= state;
        if (fault != 4'd0) error_q <= fault;
        if (fault != 4'd0) active_q <= 1'b0;
        else if (state_q == CRC) active_q <= 1'b1;
      end
    end
  end

  // What it has read
  always @(posedge clk_i) begin
    if (!rst_ni) begin
      frame_q <= 16'd0;
      index_q <= 16'd0;
    end
    if (!rst_ni || start_i) begin
      any_q  <= 1'b0;
      crc_q  <= 32'hffffffff;
      data_q <= 32'd0;
    end else if (take) begin
      crc_q  <= crc_behind(crc_q, word_i);
      data_q <= (fault == 4'd0) ? word_i : 32'd0;
      if (state_q == COUNT) left_q <= word_i[16:0];
      if (state_q == ADDRESS) begin
        left_q  <= left_q - 17'd1;
        any_q   <= 1'b1;
        frame_q <= word_i[15:0];
      end
      if (state_q == BITS) begin
        index_q <= 16'hffff;
        last_q  <= last_bit[20:5];
        tail_q  <= word_i[4:0];
      end
      if (state_q == DATA) index_q <= index;
    end
  end

  generate
    if (Frames < 1 || Frames > 65536) begin : gen_limits
      fpsa_bitstream_loader_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
