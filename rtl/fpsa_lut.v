// A LUT with a choice before each of its inputs and a flip-flop behind it.
//
// config_i    from bit 0 on: the table, entry i where input k is bit k of i; for each input which
//             source it reads, 0 for none (0), k for source_i[k - 1], beyond Sources none; whether
//             the output is the flip-flop's; the value from which that begins.
// active_i    low: the output is 0 and the flip-flop holds its first value, which it must for a clock
//             after config_i has changed.
// Latency     none, or a clock through the flip-flop.
// Limits      2 <= Inputs <= 8, Sources >= 1. ChoiceBits and ConfigBits are not to be set.
module fpsa_lut #(
  parameter Inputs     = 6,
  parameter Sources    = 50,
  parameter ChoiceBits = $clog2(Sources + 1),
  parameter ConfigBits = 2**Inputs + Inputs * ChoiceBits + 2
) (
  input  wire                  clk_i,
  input  wire                  active_i,
  input  wire [ConfigBits-1:0] config_i,
  input  wire [Sources-1:0]    source_i,
  output wire                  out_o
);

  localparam FLIP_FLOP = 2**Inputs + Inputs * ChoiceBits;

  wire [Inputs-1:0] inputs;
  genvar k;
  generate
    for (k = 0; k < Inputs; k = k + 1) begin : gen_input
      fpsa_route_mux #(
        .Inputs(Sources)
      ) u_choice (
        .in_i    (source_i),
        .select_i(config_i[2**Inputs+k*ChoiceBits+:ChoiceBits]),
        .out_o   (inputs[k])
      );
    end
  endgenerate

  wire [2**Inputs-1:0] entries = config_i[2**Inputs-1:0];
  wire                 value   = entries[inputs];

  reg state_q;
  always @(posedge clk_i) begin
    state_q <= active_i ? value : config_i[FLIP_FLOP+1];
  end

  assign out_o = active_i && (config_i[FLIP_FLOP] ? state_q : value);

  generate
    if (Inputs < 2 || Inputs > 8 || Sources < 1 || ChoiceBits != $clog2(Sources + 1)
        || ConfigBits != FLIP_FLOP + 2) begin : gen_limits
      fpsa_lut_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
