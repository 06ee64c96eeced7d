// The sum of unsigned inputs, registered after every 16 of them: no path is longer than a sum of 16.
//
// Latency     a cycle a level from valid_i to valid_o: ceil(log16(Inputs)), at least one.
// Handshake   a sum may start every cycle; sum_o is zero while valid_o is low, so that sums may be
//             added up as they are. Nothing is on its way after reset.
// Widths      OutBits holds every possible sum: InBits + clog2(Inputs) always does.
// Limits      Inputs >= 1, 1 <= InBits <= OutBits.
module fpsa_sum_pipe #(
  parameter Inputs  = 4,
  parameter InBits  = 8,
  parameter OutBits = 10
) (
  // Clock
  input  wire                     clk_i,
  input  wire                     rst_ni,
  // Inputs
  input  wire                     valid_i,
  input  wire [Inputs*InBits-1:0] terms_i,
  // Sum
  output wire                     valid_o,
  output wire [OutBits-1:0]       sum_o
);

  localparam FAN      = 16;
  localparam GROUPS   = (Inputs + FAN - 1) / FAN;
  localparam MID_BITS = (InBits + 4 < OutBits) ? InBits + 4 : OutBits;

  reg valid_q;

  always @(posedge clk_i) begin
    valid_q <= rst_ni && valid_i;
  end

  genvar g;
  generate
    if (GROUPS <= 1) begin : gen_last
      wire [OutBits-1:0] sum;
      reg  [OutBits-1:0] sum_q;

      assign valid_o = valid_q;
      assign sum_o   = sum_q;

      fpsa_sum_tree #(
        .Inputs (Inputs),
        .InBits (InBits),
        .OutBits(OutBits)
      ) u_sum (
        .terms_i(terms_i),
        .sum_o  (sum)
      );

      always @(posedge clk_i) begin
        sum_q <= (rst_ni && valid_i) ? sum : {OutBits{1'b0}};
      end
    end else begin : gen_level
      reg [GROUPS*MID_BITS-1:0] sums_q;

      for (g = 0; g < GROUPS; g = g + 1) begin : gen_group
        localparam COUNT = (Inputs - g * FAN < FAN) ? Inputs - g * FAN : FAN;

        wire [MID_BITS-1:0] sum;

        fpsa_sum_tree #(
          .Inputs (COUNT),
          .InBits (InBits),
          .OutBits(MID_BITS)
        ) u_sum (
          .terms_i(terms_i[g*FAN*InBits +: COUNT*InBits]),
          .sum_o  (sum)
        );

        always @(posedge clk_i) begin
          if (valid_i) sums_q[g*MID_BITS +: MID_BITS] <= sum;
        end
      end

      fpsa_sum_pipe #(
        .Inputs (GROUPS),
        .InBits (MID_BITS),
        .OutBits(OutBits)
      ) u_next (
        .clk_i  (clk_i),
        .rst_ni (rst_ni),
        .valid_i(valid_q),
        .terms_i(sums_q),
        .valid_o(valid_o),
        .sum_o  (sum_o)
      );
    end
  endgenerate

  generate
    if (Inputs < 1 || InBits < 1 || OutBits < InBits) begin : gen_limits
      fpsa_sum_pipe_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
