// Sum of one crossbar column: the weights of the rows that spike.
//
// Rows are added in chains of CHAIN gated adders, the chains' totals in a tree; every adder is as
// wide as its operands need. spike_ni, the inverse of spike_i, serves the ASIC form of this module,
// which gates weights with NOR and receives them inverted.
//
// Latency     none, combinational; CHAIN - 1 + clog2(Rows / CHAIN) adders deep.
// Widths      weights: two's complement if Signed, else magnitudes. sum_o is exact, signed if
//             Signed: SumBits >= WeightBits + clog2(Rows).
// Limits      Rows >= 1, WeightBits >= 1 (2 if Signed), SumBits >= WeightBits + clog2(Rows).
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

  localparam CHAIN      = (Rows < 4) ? Rows : 4;
  localparam CHAINS     = (Rows + CHAIN - 1) / CHAIN;
  localparam CHAIN_BITS = WeightBits + $clog2(CHAIN);
  localparam LEVELS     = $clog2(CHAINS);
  localparam TREE_BITS  = CHAIN_BITS + LEVELS;

  wire unused_inverse = &{1'b0, spike_ni};

  genvar g, k, l;
  generate
    for (g = 0; g < CHAINS; g = g + 1) begin : gen_chain
      localparam COUNT      = (Rows - g * CHAIN < CHAIN) ? Rows - g * CHAIN : CHAIN;
      localparam COUNT_BITS = WeightBits + $clog2(COUNT);

      for (k = 0; k < COUNT; k = k + 1) begin : gen_row
        localparam ROW  = g * CHAIN + k;
        localparam BITS = WeightBits + $clog2(k + 1);

        wire [WeightBits-1:0] weight = weights_i[ROW*WeightBits +: WeightBits];
        wire [BITS-1:0]       total;

        if (k == 0) begin : gen_first
          assign total = {WeightBits{spike_i[ROW]}} & weight;
        end else begin : gen_next
          localparam ABOVE = WeightBits + $clog2(k);

          wire [ABOVE-1:0] above = gen_row[k-1].total;
          wire              minus_above = Signed != 0 && above[ABOVE-1];
          wire              minus_weight = Signed != 0 && weight[WeightBits-1];
          wire [BITS:0]     a = {{(BITS+1-ABOVE){minus_above}}, above};
          wire [BITS:0]     b = {{(BITS+1-WeightBits){minus_weight}}, weight};
          wire              unused_top = &{1'b0, a, b};

          fpsa_gated_adder #(
            .Width(BITS)
          ) u_adder (
            .gate_i(spike_i[ROW]),
            .a_i   (a[BITS-1:0]),
            .b_i   (b[BITS-1:0]),
            .sum_o (total)
          );
        end
      end

      // As wide as a full chain
      wire [COUNT_BITS-1:0] count_total = gen_row[COUNT-1].total;
      wire [CHAIN_BITS-1:0] total;
      wire                  unused_extension;

      assign {unused_extension, total} =
          {{(CHAIN_BITS+1-COUNT_BITS){Signed != 0 && count_total[COUNT_BITS-1]}}, count_total};
    end

    // Level l adds pairs of level l - 1; a total without a partner moves up as it is.
    for (l = 0; l <= LEVELS; l = l + 1) begin : gen_level
      localparam BITS = CHAIN_BITS + l;

      for (k = 0; (k << l) < CHAINS; k = k + 1) begin : gen_node
        wire [BITS-1:0] total;

        if (l == 0) begin : gen_chain_total
          assign total = gen_chain[k].total;
        end else begin : gen_sum
          wire [BITS-2:0] left = gen_level[l-1].gen_node[2*k].total;

          if (((2 * k + 1) << l) < 2 * CHAINS) begin : gen_pair
            wire [BITS-2:0] right = gen_level[l-1].gen_node[2*k+1].total;

            assign total = {Signed != 0 && left[BITS-2], left}
                         + {Signed != 0 && right[BITS-2], right};
          end else begin : gen_single
            assign total = {Signed != 0 && left[BITS-2], left};
          end
        end
      end
    end
  endgenerate

  wire [TREE_BITS-1:0] total = gen_level[LEVELS].gen_node[0].total;
  wire                 unused_extension;

  assign {unused_extension, sum_o} =
      {{(SumBits+1-TREE_BITS){Signed != 0 && total[TREE_BITS-1]}}, total};

  generate
    if (Rows < 1 || WeightBits < ((Signed != 0) ? 2 : 1)
        || SumBits < WeightBits + $clog2(Rows)) begin : gen_limits
      fpsa_column_sum_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
