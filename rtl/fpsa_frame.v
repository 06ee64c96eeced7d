// A frame of a fabric's configuration: the bits of one place of the grid, written and read by words
// of 32. Frames of a fabric hang on one bus and pass what is read on to each other.
//
// Words       bit b of the frame is bit b % 32 of word b / 32. Bits of a word that lie beyond the
//             frame are not stored and read 0, as do words that the frame does not have.
// Latency     bits_o one cycle after write_i or clear_i; read_o none: a fabric's chain is as long as
//             it has frames.
// Handshake   a write is for the frame whose address_i, a constant, is frame_i. Reset and clear_i
//             make all bits 0 and go before a write.
// Limits      1 <= Bits <= 2^21.
module fpsa_frame #(
  parameter Bits = 32
) (
  // Clock
  input  wire            clk_i,
  input  wire            rst_ni,
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
  localparam ROOM   = (WORDS > 1) ? WORDS : 2;  // words to choose from
  localparam SELECT = $clog2(ROOM);

  reg [Bits-1:0] bits_q;

  wire mine = frame_i == address_i;

  // Of a frame that is narrower than a word
  wire unused_data = &{1'b0, data_i};

  assign bits_o = bits_q;

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

        always @(posedge clk_i) begin
          if (!rst_ni || clear_i) bits_q[LOW +: WIDTH] <= {WIDTH{1'b0}};
          else if (write_i && mine && word_i == INDEX) bits_q[LOW +: WIDTH] <= data_i[WIDTH-1:0];
        end
      end
    end
  endgenerate

  // Read
  wire [32*ROOM-1:0] words = {{(32*ROOM-Bits){1'b0}}, bits_q};
  wire [SELECT+4:0]  first = {word_i[SELECT-1:0], 5'd0};
  wire               known = {16'd0, word_i} < WORDS;

  assign read_o = read_i | ((mine && known) ? words[first +: 32] : 32'd0);

  generate
    if (Bits < 1 || Bits > 1 << 21) begin : gen_limits
      fpsa_frame_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
