// Pointers of a first-in first-out buffer whose storage lies with its user.
//
// Latency     one cycle from push_i or pop_i to the pointers.
// Handshake   never push when full_o, never pop unless valid_o; both at once are fine.
// Widths      SlotBits = max(1, clog2(Depth)), derived: leave it alone.
// Limits      Depth >= 1.
module fpsa_ring #(
  parameter Depth    = 2,
  parameter SlotBits = (Depth > 1) ? $clog2(Depth) : 1
) (
  // Clock
  input  wire                clk_i,
  input  wire                rst_ni,
  // Writer
  input  wire                push_i,
  output wire                full_o,
  output wire [SlotBits-1:0] write_slot_o,
  // Reader
  input  wire                pop_i,
  output wire                valid_o,
  output wire [SlotBits-1:0] read_slot_o
);

  localparam        COUNT_BITS = $clog2(Depth + 1);
  localparam [31:0] LAST       = Depth - 1;
  localparam [31:0] FULL       = Depth;
  localparam [SlotBits-1:0]   NEXT = 1;
  localparam [COUNT_BITS-1:0] ONE  = 1;

  reg [SlotBits-1:0]   write_q;
  reg [SlotBits-1:0]   read_q;
  reg [COUNT_BITS-1:0] count_q;

  assign full_o       = count_q == FULL[COUNT_BITS-1:0];
  assign valid_o      = count_q != {COUNT_BITS{1'b0}};
  assign write_slot_o = write_q;
  assign read_slot_o  = read_q;

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      write_q <= {SlotBits{1'b0}};
      read_q  <= {SlotBits{1'b0}};
      count_q <= {COUNT_BITS{1'b0}};
    end else begin
      if (push_i)
        write_q <= (write_q == LAST[SlotBits-1:0]) ? {SlotBits{1'b0}} : write_q + NEXT;
      if (pop_i)
        read_q <= (read_q == LAST[SlotBits-1:0]) ? {SlotBits{1'b0}} : read_q + NEXT;
      if (push_i && !pop_i) count_q <= count_q + ONE;
      else if (pop_i && !push_i) count_q <= count_q - ONE;
    end
  end

  generate
    if (Depth < 1) begin : gen_limits
      fpsa_ring_parameter_out_of_range u_limits ();
    end
  endgenerate

`ifndef SYNTHESIS
  always @(posedge clk_i) begin
    if (rst_ni && push_i && full_o && !pop_i) $fatal(1, "fpsa_ring: push while full");
    if (rst_ni && pop_i && !valid_o) $fatal(1, "fpsa_ring: pop while empty");
  end
`endif

endmodule
