// The part of a unit's load addresses that one of its memories takes: those of one slot.
//
// Address     {slot, index of IndexBits bits}.
// Latency     none.
// Limits      1 <= IndexBits <= 20, 0 <= Slot < 2^(22 - IndexBits).
module fpsa_load_slot #(
  parameter Slot      = 0,
  parameter IndexBits = 12
) (
  input  wire        load_we_i,
  input  wire [21:0] load_addr_i,
  output wire        we_o,
  output wire [19:0] index_o
);

  localparam [31:0] SLOT = Slot;
  localparam [21:0] MASK = (22'd1 << IndexBits) - 22'd1;

  wire [21:0] index = load_addr_i & MASK;

  assign we_o    = load_we_i && load_addr_i >> IndexBits == SLOT[21:0];
  assign index_o = index[19:0];

  wire unused_high = &{1'b0, index[21:20]};

  generate
    if (IndexBits < 1 || IndexBits > 20 || Slot < 0 || Slot >= 1 << (22 - IndexBits)) begin : gen_limits
      fpsa_load_slot_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
