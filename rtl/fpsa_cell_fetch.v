// Reads what cells keep beside what came for them: a frame has Steps steps, each with an address of
// its own.
//
// Latency     one cycle from a step to the words that read_o reads for it.
// Handshake   valid and ready on both sides; read_o where a step comes in: what goes with it is
//             registered or read then. fresh_o with it: whether its frame began at zero. A frame's
//             tag is there (tag_valid_i) from its first step on, and leaves with its last.
// Widths      AddrBits = max(1, clog2(Steps)), derived: leave it alone.
// Limits      Steps >= 1.
module fpsa_cell_fetch #(
  parameter Steps    = 8,
  parameter AddrBits = (Steps > 1) ? $clog2(Steps) : 1
) (
  // Clock
  input  wire                clk_i,
  input  wire                rst_ni,
  // Steps
  input  wire                valid_i,
  output wire                ready_o,
  // Of each frame
  input  wire                tag_valid_i,
  input  wire                tag_fresh_i,
  output wire                tag_pop_o,
  // Reading
  output wire                read_o,
  output wire [AddrBits-1:0] addr_o,
  // Steps with what was read
  output wire                valid_o,
  input  wire                ready_i,
  output wire                fresh_o
);

  localparam [31:0] LAST = Steps - 1;
  localparam [AddrBits-1:0] ONE = 1;

  reg  [AddrBits-1:0] step_q;
  reg                 valid_q;
  reg                 fresh_q;
  wire                moves   = !valid_q || ready_i;
  wire                is_last = step_q == LAST[AddrBits-1:0];

  assign ready_o   = tag_valid_i && moves;
  assign read_o    = valid_i && ready_o;
  assign addr_o    = step_q;
  assign tag_pop_o = read_o && is_last;
  assign valid_o   = valid_q;
  assign fresh_o   = fresh_q;

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      step_q  <= {AddrBits{1'b0}};
      valid_q <= 1'b0;
    end else begin
      if (read_o) step_q <= is_last ? {AddrBits{1'b0}} : step_q + ONE;
      if (moves) valid_q <= read_o;
    end
  end

  always @(posedge clk_i) begin
    if (read_o) fresh_q <= tag_fresh_i;
  end

  generate
    if (Steps < 1) begin : gen_limits
      fpsa_cell_fetch_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
