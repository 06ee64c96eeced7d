// One register of a load bus: keeps what the bus wrote last, has no reset.
//
// It changes only while a network is being loaded, so an ASIC flow may map it to latches.
//
// Latency     one cycle from we_i to q_o.
// Limits      Width >= 1.
module fpsa_load_register #(
  parameter Width = 8
) (
  // Load bus
  input  wire             clk_i,
  input  wire             we_i,
  input  wire [Width-1:0] data_i,
  // Held value
  output wire [Width-1:0] q_o
);

  reg [Width-1:0] value_q;

  assign q_o = value_q;

  always @(posedge clk_i) begin
    if (we_i) value_q <= data_i;
  end

  generate
    if (Width < 1) begin : gen_limits
      fpsa_load_register_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
