// A first-in first-out buffer of a stream, in memory (block RAM). Who writes knows that there is
// room: it reserved it.
//
// Latency     two cycles from push_i to valid_o.
// Handshake   valid_o and ready_i; a word leaves where both are high. freed_o in the cycle in which
//             a word leaves the memory: then one more may be pushed. Never push more.
// Limits      Width, Depth >= 1.
module fpsa_stream_buffer #(
  parameter Width = 64,
  parameter Depth = 8
) (
  // Clock
  input  wire             clk_i,
  input  wire             rst_ni,
  // In
  input  wire             push_i,
  input  wire [Width-1:0] data_i,
  output wire             freed_o,
  // Out
  output wire             valid_o,
  input  wire             ready_i,
  output wire [Width-1:0] data_o
);

  localparam SLOT_BITS = (Depth > 1) ? $clog2(Depth) : 1;

  reg                  valid_q;
  wire                 waits;
  wire                 fetch = waits && (!valid_q || ready_i);
  wire                 unused_full;
  wire [SLOT_BITS-1:0] write_slot;
  wire [SLOT_BITS-1:0] read_slot;

  assign valid_o = valid_q;
  assign freed_o = fetch;

  fpsa_ring #(
    .Depth(Depth)
  ) u_ring (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .push_i      (push_i),
    .full_o      (unused_full),
    .write_slot_o(write_slot),
    .pop_i       (fetch),
    .valid_o     (waits),
    .read_slot_o (read_slot)
  );

  fpsa_smb_memory #(
    .Width(Width),
    .Words(Depth)
  ) u_memory (
    .clk_i       (clk_i),
    .write_i     (push_i),
    .write_addr_i(write_slot),
    .value_i     (data_i),
    .read_i      (fetch),
    .read_addr_i (read_slot),
    .value_o     (data_o)
  );

  always @(posedge clk_i) begin
    if (!rst_ni) valid_q <= 1'b0;
    else if (!valid_q || ready_i) valid_q <= waits;
  end

  generate
    if (Width < 1 || Depth < 1) begin : gen_limits
      fpsa_stream_buffer_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
