// Crossbar of loadable weights as memory, read a row a clock; silent rows are skipped.
//
// sum_o[c] = sum over the rows that spike of w[r][c]. A bank of Rows words holds a group of
// columns, so that all columns of a row are read at once and each bank fits block RAM.
//
// Latency     ready_o rises a + 1 cycles after the tick that brought spikes of a rows.
// Handshake   ready_o falls with the tick; sum_o belongs to spike_i, which holds until the next
//             tick, while ready_o is 1. A load starts the sums anew; none in a cycle with tick_i.
// Load bus    address[21:20] = 0; address[19:0] = row * groups + group, a group being 4 columns
//             (WeightBits <= 8, byte lanes) or 2 (half-word lanes), lowest column lowest.
//             Undefined until loaded; a simulation may preset it from WeightFile (one load word a
//             line).
// Widths      weights: WeightBits, two's complement if Signed, else magnitudes. Column c is
//             sum_o[c*SumBits +: SumBits], exact, signed if Signed.
// Limits      1 <= WeightBits <= 16 (2 if Signed), Rows <= 1024, Cols <= 2048, at most 2^20 load
//             words, SumBits >= WeightBits + clog2(Rows).
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

  localparam LANES     = (WeightBits <= 8) ? 4 : 2;
  localparam LANE_BITS = 32 / LANES;
  localparam GROUPS    = (Cols + LANES - 1) / LANES;
  localparam WORDS     = Rows * GROUPS;
  localparam ROW_BITS  = (Rows > 1) ? $clog2(Rows) : 1;

  // Where a load goes
  wire [31:0] index        = {12'd0, load_addr_i[19:0]};
  wire [31:0] load_row     = index / GROUPS;
  wire [31:0] load_group   = index % GROUPS;
  wire        load_weights = load_we_i && load_addr_i[21:20] == 2'd0 && index < WORDS;
  wire        unused_load  = &{1'b0, load_row, load_data_i};

  // Rows still to be read, lowest first
  reg                 fresh_q;
  reg                 read_q;
  reg  [Rows-1:0]     pending_q;
  wire [Rows-1:0]     pending = fresh_q ? spike_i : pending_q;
  wire                any;
  wire [ROW_BITS-1:0] row;

  assign ready_o = !fresh_q && !read_q && pending_q == {Rows{1'b0}};

  fpsa_first_one #(
    .Width(Rows)
  ) u_first (
    .bits_i (pending),
    .any_o  (any),
    .index_o(row)
  );

  wire restart = !rst_ni || tick_i || load_weights;

  always @(posedge clk_i) begin
    fresh_q   <= restart;
    read_q    <= !restart && any;
    pending_q <= restart ? {Rows{1'b0}} : pending & ~({{(Rows-1){1'b0}}, any} << row);
  end

  genvar g, k;
  generate
    for (g = 0; g < GROUPS; g = g + 1) begin : gen_group
      localparam USED = (g * LANES + LANES > Cols) ? Cols - g * LANES : LANES;
      localparam BITS = USED * WeightBits;

      reg  [BITS-1:0] bank_q [0:Rows-1];
      reg  [BITS-1:0] word_q;
      wire [BITS-1:0] load_word;

      always @(posedge clk_i) begin
        if (load_weights && load_group == g) bank_q[load_row[ROW_BITS-1:0]] <= load_word;
      end

      always @(posedge clk_i) begin
        if (!load_weights) word_q <= bank_q[row];
      end

      for (k = 0; k < USED; k = k + 1) begin : gen_lane
        reg  [SumBits-1:0]    sum_q;
        wire [WeightBits-1:0] weight = word_q[k*WeightBits +: WeightBits];
        wire [SumBits:0]      extended;
        wire                  unused_extended = extended[SumBits];

        // One bit more than needed, as SumBits may equal WeightBits
        assign extended =
            {{(SumBits-WeightBits+1){(Signed != 0) && weight[WeightBits-1]}}, weight};
        assign load_word[k*WeightBits +: WeightBits] = load_data_i[k*LANE_BITS +: WeightBits];
        assign sum_o[(g*LANES+k)*SumBits +: SumBits] = sum_q;

        always @(posedge clk_i) begin
          if (restart) sum_q <= {SumBits{1'b0}};
          else if (read_q) sum_q <= sum_q + extended[SumBits-1:0];
        end
      end

`ifdef SYNTHESIS
      wire unused_file = WeightFile == "";
`else
      if (WeightFile != "") begin : gen_preset
        reg [31:0] file_q [0:WORDS-1];
        integer    r, lane;

        initial begin
          $readmemh(WeightFile, file_q);
          for (r = 0; r < Rows; r = r + 1)
            for (lane = 0; lane < USED; lane = lane + 1)
              bank_q[r][lane*WeightBits +: WeightBits] =
                  file_q[r*GROUPS+g][lane*LANE_BITS +: WeightBits];
        end
      end
`endif
    end
  endgenerate

`ifndef SYNTHESIS
  initial
    if (Rows < 1 || Rows > 1024 || Cols < 1 || Cols > 2048 || WORDS > 1 << 20
        || WeightBits < ((Signed != 0) ? 2 : 1) || WeightBits > 16
        || SumBits < WeightBits + $clog2(Rows))
      $fatal(1, "fpsa_xbar_serial: bad parameters");
`endif

endmodule
