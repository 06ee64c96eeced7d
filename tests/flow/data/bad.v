// Two faults: a width that Verilator reports, a wire without a driver that Yosys reports.
module bad (
  input  wire [3:0] a_i,
  output wire [1:0] y_o,
  output wire       z_o
);
  wire floating;
  assign y_o = a_i;
  assign z_o = floating;
endmodule
