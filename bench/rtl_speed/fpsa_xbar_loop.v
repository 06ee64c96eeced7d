// The usual way to write a crossbar, and the measure for the others: a loop over rows in one over
// columns, with an if. Ports as fpsa_xbar_parallel; signed weights of up to 8 bits.
module fpsa_xbar_loop #(
  parameter Rows       = 256,
  parameter Cols       = 256,
  parameter WeightBits = 8,
  parameter SumBits    = WeightBits + $clog2(Rows)
) (
  input  wire                    clk_i,
  input  wire                    rst_ni,
  input  wire                    tick_i,
  input  wire [Rows-1:0]         spike_i,
  output wire                    ready_o,
  output reg  [Cols*SumBits-1:0] sum_o,
  input  wire                    load_we_i,
  input  wire [21:0]             load_addr_i,
  input  wire [31:0]             load_data_i
);

  localparam GROUPS = (Cols + 3) / 4;

  reg signed [WeightBits-1:0] weights_q [0:Rows*Cols-1];
  reg signed [SumBits-1:0]    total [0:Cols-1];
  integer                     row;
  integer                     col;
  integer                     lane;

  assign ready_o = 1'b1;

  wire unused = &{1'b0, rst_ni, tick_i};

  wire [31:0] load_row   = {12'd0, load_addr_i[19:0]} >> $clog2(GROUPS);
  wire [31:0] load_group = {12'd0, load_addr_i[19:0]} - (load_row << $clog2(GROUPS));

  always @(posedge clk_i) begin
    if (load_we_i && load_addr_i[21:20] == 2'd0)
      for (lane = 0; lane < 4; lane = lane + 1)
        weights_q[load_row*Cols+load_group*4+lane] <= load_data_i[lane*8 +: WeightBits];
  end

  function signed [SumBits-1:0] extended(input signed [WeightBits-1:0] weight);
    extended = {{(SumBits-WeightBits){weight[WeightBits-1]}}, weight};
  endfunction

  // Rows outside, as memory lies: the faster order of the two
  always @* begin
    for (col = 0; col < Cols; col = col + 1) total[col] = {SumBits{1'b0}};
    for (row = 0; row < Rows; row = row + 1)
      for (col = 0; col < Cols; col = col + 1)
        if (spike_i[row]) total[col] = total[col] + extended(weights_q[row*Cols+col]);
    for (col = 0; col < Cols; col = col + 1) sum_o[col*SumBits +: SumBits] = total[col];
  end

endmodule
