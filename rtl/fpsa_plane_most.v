// The largest of several values a lane, as they pass: trains in, a train out.
//
// Train 0     binary, most significant bit first. An input leads as long as its bits are those of
//             the largest; a one of any that leads is a bit of the result, and those without it fall
//             back. One bit of state an input and lane.
// Train 1     rate, all by one pattern: the larger value has the spikes of the smaller one and more,
//             so the result is their union.
// Order       lane l of input i is spike_i[i * Lanes + l].
// Latency     none from the trains to spike_o.
// Handshake   state changes only at tick_i; win_i with a window's first tick.
// Limits      Lanes, Inputs >= 1; Train 0 or 1.
module fpsa_plane_most #(
  parameter Lanes  = 16,
  parameter Inputs = 9,
  parameter Train  = 0
) (
  // Tick
  input  wire                    clk_i,
  input  wire                    tick_i,
  input  wire                    win_i,
  // Trains
  input  wire [Inputs*Lanes-1:0] spike_i,
  output wire [Lanes-1:0]        spike_o
);

  localparam [Lanes-1:0] NONE = 0;

  wire [Inputs*Lanes-1:0] heard;  // of inputs that lead
  reg  [Lanes-1:0]        most;
  integer                 i;

  assign spike_o = most;

  always @* begin
    most = NONE;
    for (i = 0; i < Inputs; i = i + 1) most = most | heard[i*Lanes +: Lanes];
  end

  generate
    if (Train == 0) begin : gen_binary
      localparam [Inputs*Lanes-1:0] NOBODY = 0;

      reg  [Inputs*Lanes-1:0] lead_q;
      wire [Inputs*Lanes-1:0] lead = win_i ? ~NOBODY : lead_q;

      assign heard = spike_i & lead;

      always @(posedge clk_i) begin
        if (tick_i) lead_q <= lead & (spike_i | ~{Inputs{most}});
      end
    end else begin : gen_rate
      wire unused_time = &{1'b0, clk_i, tick_i, win_i};

      assign heard = spike_i;
    end
  endgenerate

  generate
    if (Lanes < 1 || Inputs < 1 || Train < 0 || Train > 1) begin : gen_limits
      fpsa_plane_most_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
