// Spike trains to values, one value a lane.
//
// Train 0     binary: shift in, most significant bit first.
// Train 1     rate: count, saturating at 2^ActBits - 1.
// Latency     none: values_o includes the coming tick, so it is a window's value at its last tick;
//             held_o does not, so it is the value from then to the next tick.
// Handshake   state changes only at tick_i; no reset: a window's first tick overwrites all of it.
// Limits      Lanes >= 1, ActBits >= 1, Train 0 or 1.
module fpsa_train_decoder #(
  parameter Lanes   = 16,
  parameter ActBits = 6,
  parameter Train   = 0
) (
  // Tick
  input  wire                     clk_i,
  input  wire                     tick_i,
  input  wire                     win_i,
  // Spikes to values
  input  wire [Lanes-1:0]         spike_i,
  output wire [Lanes*ActBits-1:0] values_o,
  output wire [Lanes*ActBits-1:0] held_o
);

  localparam [ActBits-1:0] ONE = 1;

  reg [Lanes*ActBits-1:0] values_q;

  assign held_o = values_q;

  genvar g, l;
  generate
    for (g = 0; g < Lanes; g = g + 64) begin : gen_group
      for (l = g; l < Lanes && l < g + 64; l = l + 1) begin : gen_lane
        wire [ActBits-1:0] held = values_q[l*ActBits +: ActBits] & {ActBits{!win_i}};

        if (Train == 0) begin : gen_binary
          wire unused_top;
          assign {unused_top, values_o[l*ActBits +: ActBits]} = {held, spike_i[l]};
        end else begin : gen_rate
          wire count = spike_i[l] && held != {ActBits{1'b1}};
          assign values_o[l*ActBits +: ActBits] = count ? held + ONE : held;
        end
      end
    end
  endgenerate

  always @(posedge clk_i) begin
    if (tick_i) values_q <= values_o;
  end

  generate
    if (Lanes < 1 || ActBits < 1 || Train < 0 || Train > 1) begin : gen_limits
      fpsa_train_decoder_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
