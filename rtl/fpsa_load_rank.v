// A unit's rank on the load bus: the wires from the host to many units end here, and the unit's
// decoding of addresses starts here.
//
// Latency     one cycle.
// Handshake   nothing is on its way after reset.
module fpsa_load_rank (
  // Clock
  input  wire        clk_i,
  input  wire        rst_ni,
  // Load bus
  input  wire        load_we_i,
  input  wire [21:0] load_addr_i,
  input  wire [31:0] load_data_i,
  // The same, a cycle later
  output wire        load_we_o,
  output wire [21:0] load_addr_o,
  output wire [31:0] load_data_o
);

  reg        we_q;
  reg [21:0] addr_q;
  reg [31:0] data_q;

  assign load_we_o   = we_q;
  assign load_addr_o = addr_q;
  assign load_data_o = data_q;

  always @(posedge clk_i) begin
    we_q   <= rst_ni && load_we_i;
    addr_q <= load_addr_i;
    data_q <= load_data_i;
  end

endmodule
