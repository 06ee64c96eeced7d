// The largest of several values a lane, as they pass: trains in, a train out. Of the upper lanes, at
// will, the least of those values that are there: the negative halves of signed values.
//
// Train 0     binary, most significant bit first. An input leads as long as its bits are those of
//             the largest; a one of any that leads is a bit of the result, and those without it fall
//             back. One bit of state an input and lane.
// Train 1     rate, all by one pattern: the larger value has the spikes of the smaller one and more,
//             so the result is their union.
// Least       so many of the lanes, from the top: the least is the largest of the complements, of
//             inputs that meets_i tells to be there; without any, silence. In other lanes an input
//             that is not there has to be silent.
// Order       lane l of input i is spike_i[i * Lanes + l].
// Latency     none from the trains to spike_o.
// Handshake   state changes only at tick_i; win_i with a window's first tick. meets_i holds with the
//             window's magnitudes; in zeros that lead them it may be low.
// Limits      Lanes, Inputs >= 1; Least 0 .. Lanes; Train 0 or 1.
module fpsa_plane_most #(
  parameter Lanes  = 16,
  parameter Inputs = 9,
  parameter Least  = 0,
  parameter Train  = 0
) (
  // Tick
  input  wire                    clk_i,
  input  wire                    tick_i,
  input  wire                    win_i,
  // Trains
  input  wire [Inputs-1:0]       meets_i,
  input  wire [Inputs*Lanes-1:0] spike_i,
  output wire [Lanes-1:0]        spike_o
);

  localparam [Lanes-1:0] NONE = 0;
  localparam [Lanes-1:0] FLIP = ~NONE << (Lanes - Least);  // lanes that complement

  wire [Inputs*Lanes-1:0] told = spike_i ^ {Inputs{FLIP}};
  wire [Inputs*Lanes-1:0] heard;  // of inputs that lead
  wire [Inputs*Lanes-1:0] there;
  reg  [Lanes-1:0]        most;
  integer                 i;

  assign spike_o = (most ^ FLIP) & (~FLIP | {Lanes{|meets_i}});

  always @* begin
    most = NONE;
    for (i = 0; i < Inputs; i = i + 1)
      most = most | (heard[i*Lanes +: Lanes] & there[i*Lanes +: Lanes]);
  end

  genvar n;
  generate
    for (n = 0; n < Inputs; n = n + 1) begin : gen_there
      assign there[n*Lanes +: Lanes] = ~FLIP | {Lanes{meets_i[n]}};
    end

    if (Train == 0) begin : gen_binary
      localparam [Inputs*Lanes-1:0] NOBODY = 0;

      reg  [Inputs*Lanes-1:0] lead_q;
      wire [Inputs*Lanes-1:0] lead = win_i ? ~NOBODY : lead_q;

      assign heard = told & lead;

      always @(posedge clk_i) begin
        if (tick_i) lead_q <= lead & (told | ~{Inputs{most}});
      end
    end else begin : gen_rate
      wire unused_time = &{1'b0, clk_i, tick_i, win_i};

      assign heard = told;
    end
  endgenerate

  generate
    if (Lanes < 1 || Inputs < 1 || Least < 0 || Least > Lanes || Train < 0
        || Train > 1) begin : gen_limits
      fpsa_plane_most_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
