// The ASIC form of rtl/fpsa_column_sum.v: the same sum by carry-save addition with full adders.
// weights_i come inverted (FPSA_INVERTED_WEIGHTS), so that a NOR gates a bit.
//
// The bits of a weight (power of two) wait in a queue. An adder takes three from its head, puts
// their sum at its end and their carry into the queue of the next weight, until one bit is left. A
// queue of even length gets one zero. So there are as many full adders as input bits minus output
// bits, and at most one half adder a weight, and the tree is as shallow as a balanced one.
module fpsa_column_sum #(
  parameter Rows       = 256,
  parameter WeightBits = 8,
  parameter Signed     = 1,
  parameter SumBits    = WeightBits + $clog2(Rows)
) (
  input  wire [Rows-1:0]            spike_i,
  input  wire [Rows-1:0]            spike_ni,
  input  wire [Rows*WeightBits-1:0] weights_i,
  output wire [SumBits-1:0]         sum_o
);

  localparam [31:0] REST = (Signed != 0) ? 1 << (WeightBits - 1) : 0;
  localparam [31:0] BACK = -Rows * REST;

  // Adders of weight j: each takes two bits off a queue that also gets the carries from below
  function integer adders(input integer j);
    integer i;
    begin
      adders = 0;
      for (i = 0; i <= j; i = i + 1)
        adders = ((i < WeightBits ? Rows : 0) + BACK[i] + adders) / 2;
    end
  endfunction

  genvar i, j;
  generate
    for (j = 0; j < SumBits; j = j + 1) begin : gen_weight
      localparam BITS    = (j < WeightBits) ? Rows : 0;
      localparam CARRIES = (j > 0) ? adders(j - 1) : 0;
      localparam ADDERS  = adders(j);
      localparam INPUTS  = 2 * ADDERS + 1;
      localparam FILLED  = BITS + CARRIES + BACK[j];

      wire [INPUTS+ADDERS-1:0]             queue;
      wire [(ADDERS > 0 ? ADDERS : 1)-1:0] carry;

      if (BACK[j]) assign queue[BITS+CARRIES] = 1'b1;
      if (FILLED < INPUTS) assign queue[FILLED] = 1'b0;

      for (i = 0; i < BITS; i = i + 1) begin : gen_row
        if (REST[j]) begin : gen_sign
          assign queue[i] = ~(spike_i[i] & weights_i[i*WeightBits+j]);
        end else begin : gen_bit
          assign queue[i] = ~(spike_ni[i] | weights_i[i*WeightBits+j]);
        end
      end
      for (i = 0; i < CARRIES; i = i + 1) begin : gen_carry
        assign queue[BITS+i] = gen_weight[j-1].carry[i];
      end
      for (i = 0; i < ADDERS; i = i + 1) begin : gen_adder
        FPSA_ADDER_BIT adder (
          .A(queue[3*i]),
          .B(queue[3*i+1]),
          .C(queue[3*i+2]),
          .S(queue[INPUTS+i]),
          .K(carry[i])
        );
      end
      assign sum_o[j] = queue[INPUTS+ADDERS-1];
    end
  endgenerate

endmodule
