// A fabric's form of rtl/fpsa_smb_memory.v: tiles side by side until they are wide enough, and banks
// of them until there are enough words.
module fpsa_smb_memory #(
  parameter Width    = 16,
  parameter Words    = 24,
  parameter AddrBits = (Words > 1) ? $clog2(Words) : 1
) (
  input  wire                clk_i,
  // Write
  input  wire                write_i,
  input  wire [AddrBits-1:0] write_addr_i,
  input  wire [Width-1:0]    value_i,
  // Read
  input  wire                read_i,
  input  wire [AddrBits-1:0] read_addr_i,
  output wire [Width-1:0]    value_o
);

  localparam TILE_BITS = `MEMORY_ADDRESS_BITS;
  localparam SLICES    = (Width + `MEMORY_WIDTH - 1) / `MEMORY_WIDTH;
  localparam BANKS     = (Words + 2**TILE_BITS - 1) / 2**TILE_BITS;
  localparam PADDED    = SLICES * `MEMORY_WIDTH;
  localparam ALL_BITS  = TILE_BITS + $clog2(BANKS);

  // Address bits beyond those of a tile choose the bank.
  wire [ALL_BITS-1:0] write_addr = write_addr_i;
  wire [ALL_BITS-1:0] read_addr  = read_addr_i;
  wire [PADDED-1:0]   value      = value_i;
  wire [PADDED-1:0]   words [0:BANKS-1];

  genvar bank, slice;
  generate
    for (bank = 0; bank < BANKS; bank = bank + 1) begin : gen_bank
      wire written, wanted;
      if (BANKS == 1) begin : gen_only
        assign written = write_i;
        assign wanted  = read_i;
      end else begin : gen_of_many
        assign written = write_i && write_addr[ALL_BITS-1:TILE_BITS] == bank;
        assign wanted  = read_i && read_addr[ALL_BITS-1:TILE_BITS] == bank;
      end
      for (slice = 0; slice < SLICES; slice = slice + 1) begin : gen_slice
        fpsa_memory_tile u_tile (
          .clk_i       (clk_i),
          .write_i     (written),
          .write_addr_i(write_addr[TILE_BITS-1:0]),
          .value_i     (value[slice*`MEMORY_WIDTH+:`MEMORY_WIDTH]),
          .read_i      (wanted),
          .read_addr_i (read_addr[TILE_BITS-1:0]),
          .value_o     (words[bank][slice*`MEMORY_WIDTH+:`MEMORY_WIDTH])
        );
      end
    end
  endgenerate

  generate
    if (BANKS == 1) begin : gen_word
      assign value_o = words[0][Width-1:0];
    end else begin : gen_choice
      reg [ALL_BITS-TILE_BITS-1:0] bank_q;
      always @(posedge clk_i) if (read_i) bank_q <= read_addr[ALL_BITS-1:TILE_BITS];
      wire [PADDED-1:0] word = words[bank_q];
      assign value_o = word[Width-1:0];
    end
  endgenerate

endmodule
