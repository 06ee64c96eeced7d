// Values to spike trains, one value a lane.
//
// Train 0     binary: a lane is a shift register, most significant bit first.
// Train 1     rate: a spike at tick t of a window iff bitreverse(t) < value; one counter serves all
//             lanes, a lane is a comparator.
// Latency     one tick: the values taken at tick_i && win_i appear from the next tick on.
// Handshake   state changes only at tick_i; silent after reset.
// Limits      Lanes >= 1, ActBits >= 1, Train 0 or 1.
module fpsa_train_encoder #(
  parameter Lanes   = 16,
  parameter ActBits = 6,
  parameter Train   = 0
) (
  // Tick
  input  wire                     clk_i,
  input  wire                     rst_ni,
  input  wire                     tick_i,
  input  wire                     win_i,
  // Values to spikes
  input  wire [Lanes*ActBits-1:0] values_i,
  output wire [Lanes-1:0]         spike_o
);

  localparam [ActBits-1:0] ONE = 1;

  reg [Lanes*ActBits-1:0] values_q;

  genvar g, k, l;
  generate
    if (Train == 0) begin : gen_binary
      wire [Lanes*ActBits-1:0] shifted;

      for (g = 0; g < Lanes; g = g + 64) begin : gen_group
        for (l = g; l < Lanes && l < g + 64; l = l + 1) begin : gen_lane
          wire unused_sent;
          assign {unused_sent, shifted[l*ActBits +: ActBits]} =
              {values_q[l*ActBits +: ActBits], 1'b0};
          assign spike_o[l] = values_q[l*ActBits+ActBits-1];
        end
      end

      always @(posedge clk_i) begin
        if (!rst_ni) values_q <= {Lanes{{ActBits{1'b0}}}};
        else if (tick_i) values_q <= win_i ? values_i : shifted;
      end
    end else begin : gen_rate
      reg  [ActBits-1:0] time_q;
      wire [ActBits-1:0] level;

      for (k = 0; k < ActBits; k = k + 1) begin : gen_level
        assign level[k] = time_q[ActBits-1-k];
      end

      for (g = 0; g < Lanes; g = g + 64) begin : gen_group
        for (l = g; l < Lanes && l < g + 64; l = l + 1) begin : gen_lane
          assign spike_o[l] = level < values_q[l*ActBits +: ActBits];
        end
      end

      always @(posedge clk_i) begin
        if (!rst_ni) time_q <= {ActBits{1'b0}};
        else if (tick_i) time_q <= win_i ? {ActBits{1'b0}} : time_q + ONE;
      end

      always @(posedge clk_i) begin
        if (!rst_ni) values_q <= {Lanes{{ActBits{1'b0}}}};
        else if (tick_i && win_i) values_q <= values_i;
      end
    end
  endgenerate

  generate
    if (Lanes < 1 || ActBits < 1 || Train < 0 || Train > 1) begin : gen_limits
      fpsa_train_encoder_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
