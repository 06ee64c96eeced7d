// A frame of a fabric's configuration: the bits of one place of the grid, written and read by words
// of 32. Frames of a fabric hang on one bus and pass what is read on to each other.
//
// Words       bit b of the frame is bit b % 32 of word b / 32. Bits of a word that lie beyond the
//             frame are not stored and read 0, as do words that the frame does not have.
// Contents    undefined until the first clear: registers without a reset, which an ASIC maps to
//             latches. clear_i writes data_i to all words, so data_i is 0 then.
// Latency     bits_o one cycle after write_i or clear_i; read_o none: a fabric's chain is as long as
//             it has frames.
// Handshake   a write is for the frame whose address_i, a constant, is frame_i; a clear is for all.
//             The latches are open in the second half of the cycle, so what chooses the word comes
//             from flip-flops.
// Limits      1 <= Bits <= 2^21.
module fpsa_frame #(
  parameter Bits = 32
) (
  // Clock
  input  wire            clk_i,
  // Bus of all frames
  input  wire            clear_i,
  input  wire [15:0]     address_i,
  input  wire [15:0]     frame_i,
  input  wire [15:0]     word_i,
  input  wire            write_i,
  input  wire [31:0]     data_i,
  // What is read: of the frames before, of this one as well
  input  wire [31:0]     read_i,
  output wire [31:0]     read_o,
  // Configuration
  output wire [Bits-1:0] bits_o
);

  localparam WORDS  = (Bits + 31) / 32;
  localparam GROUPS = (WORDS + 63) / 64;

  wire             mine  = frame_i == address_i;
  wire             write = write_i && mine;
  wire [WORDS-1:0] here;

  // Of a frame that is narrower than a word
  wire unused_data = &{1'b0, data_i};

  // Loops over words run in groups: Verilator takes at most 1,024 turns
  genvar g, w;
  generate
    for (g = 0; g < GROUPS; g = g + 1) begin : gen_group
      localparam LEFT  = WORDS - 64 * g;
      localparam COUNT = (LEFT > 64) ? 64 : LEFT;

      for (w = 0; w < COUNT; w = w + 1) begin : gen_word
        localparam        LOW   = 2048 * g + 32 * w;
        localparam        WIDTH = (Bits - LOW > 32) ? 32 : Bits - LOW;
        localparam [15:0] INDEX = 64 * g + w;

        assign here[64*g+w] = word_i == INDEX;

        fpsa_load_register #(
          .Width(WIDTH)
        ) u_register (
          .clk_i (clk_i),
          .we_i  (clear_i || (write && here[64*g+w])),
          .data_i(data_i[WIDTH-1:0]),
          .q_o   (bits_o[LOW +: WIDTH])
        );
      end
    end
  endgenerate

  // Read: an AND and an OR a bit, half of what a multiplexer takes
  wire [32*WORDS-1:0] words = {{(32*WORDS-Bits){1'b0}}, bits_o};
  reg  [31:0]         shown;
  integer             i;

  always @* begin
    shown = 32'd0;
    if (mine)
      for (i = 0; i < WORDS; i = i + 1) shown = shown | ({32{here[i]}} & words[32*i +: 32]);
  end

  assign read_o = read_i | shown;

  generate
    if (Bits < 1 || Bits > 1 << 21) begin : gen_limits
      fpsa_frame_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
