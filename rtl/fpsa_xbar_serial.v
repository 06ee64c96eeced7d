// Crossbar as a memory of weights, read row by row; silent rows are skipped.
//
// Latency     after reset and after each tick: active rows + 2 cycles until ready_o.
// Handshake   spike_i holds from a tick to the next; ready_o falls with the tick. A load is not
//             allowed between a tick and ready_o.
// Load bus    address[21:20] = 0; address[19:0] = row * groups + group, a group being 4 columns
//             (WeightBits <= 8, byte lanes) or 2 (half-word lanes), lowest column lowest.
// Contents    undefined until loaded or preset from WeightFile: one line a row, column c in bits
//             c*WeightBits and up.
// Widths      as fpsa_xbar_parallel.
// Limits      as fpsa_xbar_parallel.
module fpsa_xbar_serial #(
  parameter Rows       = 256,
  parameter Cols       = 256,
  parameter WeightBits = 8,
  parameter Signed     = 1,
  parameter SumBits    = WeightBits + $clog2(Rows),
  parameter WeightFile = ""
) (
  // Clock
  input  wire                    clk_i,
  input  wire                    rst_ni,
  // Tick
  input  wire                    tick_i,
  input  wire [Rows-1:0]         spike_i,
  // Sums
  output wire                    ready_o,
  output wire [Cols*SumBits-1:0] sum_o,
  // Load bus
  input  wire                    load_we_i,
  input  wire [21:0]             load_addr_i,
  input  wire [31:0]             load_data_i
);

  localparam        LANES     = (WeightBits <= 8) ? 4 : 2;
  localparam        LANE_BITS = 32 / LANES;
  localparam [31:0] GROUPS    = (Cols + LANES - 1) / LANES;
  localparam        ROW_BITS  = (Rows > 1) ? $clog2(Rows) : 1;
  localparam [31:0] ROWS      = Rows;

  // Walk: the rows that are left, lowest first
  reg             start_q;
  reg  [Rows-1:0] left_q;
  reg             read_q;
  wire            reading = |left_q;
  wire [Rows-1:0] lowest  = left_q & (~left_q + {{(Rows-1){1'b0}}, 1'b1});

  assign ready_o = !start_q && !reading && !read_q;

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      start_q <= 1'b1;
      left_q  <= {Rows{1'b0}};
      read_q  <= 1'b0;
    end else begin
      start_q <= tick_i;
      left_q  <= start_q ? spike_i : left_q & ~lowest;
      read_q  <= reading;
    end
  end

  reg     [ROW_BITS-1:0] row;
  integer                bit_index;

  always @* begin
    row = {ROW_BITS{1'b0}};
    for (bit_index = 0; bit_index < Rows; bit_index = bit_index + 1)
      if (lowest[bit_index]) row = row | bit_index[ROW_BITS-1:0];
  end

  // Weights
  wire [31:0] load_index  = {12'd0, load_addr_i[19:0]};
  wire [31:0] load_row    = load_index / GROUPS;
  wire [31:0] load_group  = load_index % GROUPS;
  wire        load        = load_we_i && load_addr_i[21:20] == 2'd0 && load_row < ROWS;
  wire        unused_load = &{1'b0, load_row, load_data_i};

  (* no_rw_check *)
  reg [Cols*WeightBits-1:0] rows_q [0:Rows-1];
  reg [Cols*WeightBits-1:0] weights_q;

  generate
    if (WeightFile != "") begin : gen_preset
      initial $readmemh(WeightFile, rows_q);
    end
  endgenerate

  always @(posedge clk_i) begin
    if (reading) weights_q <= rows_q[row];
  end

  genvar c;
  generate
    for (c = 0; c < Cols; c = c + 1) begin : gen_column
      localparam [31:0] GROUP = c / LANES;
      localparam        LOW   = (c % LANES) * LANE_BITS;

      always @(posedge clk_i) begin
        if (load && load_group == GROUP)
          rows_q[load_row[ROW_BITS-1:0]][c*WeightBits +: WeightBits] <=
              load_data_i[LOW +: WeightBits];
      end

      // Sum
      reg  [SumBits-1:0]    sum_q;
      wire [WeightBits-1:0] weight = weights_q[c*WeightBits +: WeightBits];
      wire                  fill   = (Signed != 0) && weight[WeightBits-1];
      wire [SumBits:0]      wide   = {{(SumBits-WeightBits+1){fill}}, weight};
      wire                  unused_wide = wide[SumBits];

      assign sum_o[c*SumBits +: SumBits] = sum_q;

      always @(posedge clk_i) begin
        if (start_q) sum_q <= {SumBits{1'b0}};
        else if (read_q) sum_q <= sum_q + wide[SumBits-1:0];
      end
    end
  endgenerate

`ifndef SYNTHESIS
  initial
    if (Rows < 1 || Rows > 1024 || Cols < 1 || Cols > 2048 || WeightBits > 16
        || WeightBits < ((Signed != 0) ? 2 : 1) || SumBits < WeightBits + $clog2(Rows))
      $fatal(1, "fpsa_xbar_serial: bad parameters");
`endif

endmodule
