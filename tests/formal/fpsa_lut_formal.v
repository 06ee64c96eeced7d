// fpsa_lut for all configurations, which may change in any clock.
module fpsa_lut_formal #(
  parameter Inputs     = 2,
  parameter Sources    = 3,
  parameter ChoiceBits = $clog2(Sources + 1),
  parameter ConfigBits = 2**Inputs + Inputs * ChoiceBits + 2
) (
  input wire                  clk_i,
  input wire                  active_i,
  input wire [ConfigBits-1:0] config_i,
  input wire [Sources-1:0]    source_i
);

  wire              out;
  reg  [Inputs-1:0] inputs;
  reg               value;
  reg               started_q = 1'b0;
  reg               state_q;
  integer           k, s;

  fpsa_lut #(
    .Inputs (Inputs),
    .Sources(Sources)
  ) u_lut (
    .clk_i   (clk_i),
    .active_i(active_i),
    .config_i(config_i),
    .source_i(source_i),
    .out_o   (out)
  );

  // The table, then the choices, then the flip-flop's two bits, told bit by bit.
  always @* begin
    inputs = 0;
    for (k = 0; k < Inputs; k = k + 1)
      for (s = 0; s < Sources; s = s + 1)
        if (((config_i >> (2**Inputs + k * ChoiceBits)) & (2**ChoiceBits - 1)) == s + 1)
          inputs[k] = source_i[s];
    value = 0;
    for (k = 0; k < 2**Inputs; k = k + 1)
      if (inputs == k) value = config_i[k];
  end

  wire has_flip_flop = config_i[ConfigBits-2];
  wire initial_value = config_i[ConfigBits-1];

  always @(posedge clk_i) begin
    started_q <= 1'b1;
    state_q   <= active_i ? value : initial_value;
    if (!active_i) quiet: assert (!out);
    if (active_i && !has_flip_flop) computed: assert (out == value);
    if (started_q && active_i && has_flip_flop) registered: assert (out == state_q);
    keeps: cover (started_q && active_i && has_flip_flop && out && !value);
  end

endmodule
