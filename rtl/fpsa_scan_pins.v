// Registers around all ports of a unit, joined to one shift chain: scan_i, the registers that drive
// the unit's inputs, those that observe its outputs, scan_o.
//
// For place and route of a unit alone: it needs five pins instead of one a port bit, every path of
// the unit lies between registers, and nothing of it is constant or unused. One logic cell a bit.
//
// Latency     Inputs cycles from scan_i to the last of drive_o; a cycle with capture_i takes
//             observe_i into the chain, the others shift.
// Limits      Inputs >= 1, Outputs >= 1.
module fpsa_scan_pins #(
  parameter Inputs  = 1,
  parameter Outputs = 1
) (
  // Clock
  input  wire               clk_i,
  // Chain
  input  wire               scan_i,
  input  wire               capture_i,
  output wire               scan_o,
  // Ports of the unit
  output wire [Inputs-1:0]  drive_o,
  input  wire [Outputs-1:0] observe_i
);

  reg  [Inputs-1:0]  drive_q;
  reg  [Outputs-1:0] observe_q;
  wire [Inputs-1:0]  drive;
  wire [Outputs-1:0] observe;
  wire               link;

  assign {link, drive}     = {drive_q, scan_i};
  assign {scan_o, observe} = {observe_q, link};
  assign drive_o           = drive_q;

  always @(posedge clk_i) begin
    drive_q   <= drive;
    observe_q <= capture_i ? observe_i : observe;
  end

  generate
    if (Inputs < 1 || Outputs < 1) begin : gen_limits
      fpsa_scan_pins_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
