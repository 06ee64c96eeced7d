// Index of the lowest bit that is set, by a binary tree.
//
// Latency     none, combinational. index_o is 0 if no bit is set.
// Widths      IndexBits = max(1, clog2(Width)), derived: leave it alone.
// Limits      Width >= 1.
module fpsa_first_one #(
  parameter Width     = 256,
  parameter IndexBits = (Width > 1) ? $clog2(Width) : 1
) (
  input  wire [Width-1:0]     bits_i,
  output wire                 any_o,
  output wire [IndexBits-1:0] index_o
);

  localparam LEAVES = 1 << IndexBits;

  // Level l has LEAVES >> l nodes, each with l bits of index
  genvar l, n;
  generate
    for (l = 0; l <= IndexBits; l = l + 1) begin : gen_level
      wire [(LEAVES>>l)-1:0] any;

      if (l == 0) begin : gen_leaves
        wire unused_pad;

        assign {unused_pad, any} = {{(LEAVES-Width+1){1'b0}}, bits_i};
      end else begin : gen_nodes
        wire [(LEAVES>>l)*l-1:0] index;

        for (n = 0; n < LEAVES >> l; n = n + 1) begin : gen_node
          wire low = gen_level[l-1].any[2*n];

          assign any[n] = low || gen_level[l-1].any[2*n+1];
          if (l == 1) begin : gen_first
            assign index[n] = !low;
          end else begin : gen_other
            assign index[n*l +: l] =
                {!low, low ? gen_level[l-1].gen_nodes.index[2*n*(l-1) +: l-1]
                           : gen_level[l-1].gen_nodes.index[(2*n+1)*(l-1) +: l-1]};
          end
        end
      end
    end
  endgenerate

  assign any_o   = gen_level[IndexBits].any[0];
  assign index_o = any_o ? gen_level[IndexBits].gen_nodes.index : {IndexBits{1'b0}};

  generate
    if (Width < 1) begin : gen_limits
      fpsa_first_one_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
