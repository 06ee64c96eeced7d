// One half of a paired neuron: an unsigned membrane, v <- v + A + share_i; v >= threshold fires and
// takes threshold off v. A window starts from start_i.
//
// Latency     none: fire_o belongs to the coming tick.
// Handshake   state changes only at tick_i.
// Widths      v: AccBits, unsigned, holds start + shares + sum(w*x).
// Limits      1 <= SumBits <= AccBits, 1 <= ThetaBits <= AccBits.
module fpsa_neuron_half #(
  parameter SumBits   = 16,
  parameter AccBits   = 23,
  parameter ThetaBits = 16
) (
  // Tick, shared by the array
  input  wire                 clk_i,
  input  wire                 tick_i,
  input  wire                 win_i,
  // Loaded values
  input  wire [AccBits-1:0]   start_i,
  input  wire [ThetaBits-1:0] threshold_i,
  // Data
  input  wire [AccBits-1:0]   share_i,
  input  wire [SumBits-1:0]   sum_i,
  output wire                 fire_o
);

  localparam CMP = ((AccBits > ThetaBits) ? AccBits : ThetaBits) + 1;

  reg [AccBits-1:0] membrane_q;

  wire               unused_pad;
  wire [AccBits-1:0] addend;
  wire [AccBits-1:0] membrane = (win_i ? start_i : membrane_q) + addend + share_i;
  wire [CMP-1:0]     diff     = {{(CMP-AccBits){1'b0}}, membrane}
                              - {{(CMP-ThetaBits){1'b0}}, threshold_i};

  assign {unused_pad, addend} = {{(AccBits-SumBits+1){1'b0}}, sum_i};
  assign fire_o = !diff[CMP-1];

  always @(posedge clk_i) begin
    if (tick_i) membrane_q <= fire_o ? diff[AccBits-1:0] : membrane;
  end

  generate
    if (SumBits < 1 || AccBits < SumBits || ThetaBits < 1 || AccBits < ThetaBits) begin : gen_limits
      fpsa_neuron_half_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
