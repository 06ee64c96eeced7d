// Crossbar of loadable weights as memory, read a row in Passes clocks; silent rows are skipped.
//
// sum_o[c] = sum over the rows that spike of w[r][c]. A group of columns shares a load word; a bank
// holds Passes groups and is read at a group a clock, all banks at once. More passes make fewer and
// deeper banks: block RAM is deep, so a crossbar of few rows would leave most of it empty.
//
// Latency     ready_o rises Passes * a + 1 cycles after the tick that brought spikes of a rows.
// Handshake   ready_o falls with the tick; sum_o belongs to spike_i, which holds until the next
//             tick, while ready_o is 1. A load starts the sums anew; none in a cycle with tick_i.
// Load bus    address[21:20] = 0; address[19:0] = {row, group}, the group in its clog2(groups) low
//             bits; there is nothing at a group past the last. A group is 4 columns
//             (WeightBits <= 8, byte lanes) or 2 (half-word lanes), lowest column lowest.
//             Undefined until loaded; a simulation may preset it from WeightFile (one load word a
//             line).
// Widths      weights: WeightBits, two's complement if Signed, else magnitudes. Column c is
//             sum_o[c*SumBits +: SumBits], exact, signed if Signed.
// Limits      1 <= WeightBits <= 16 (2 if Signed), 1 <= Rows <= 1024, 1 <= Cols <= 2048,
//             SumBits >= WeightBits + clog2(Rows), Passes a power of two, at most groups.
module fpsa_xbar_serial #(
  parameter Rows       = 256,
  parameter Cols       = 256,
  parameter WeightBits = 8,
  parameter Signed     = 1,
  parameter SumBits    = WeightBits + $clog2(Rows),
  parameter WeightFile = "",
  parameter Passes     = 1
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
  localparam BANKS     = (GROUPS + Passes - 1) / Passes;
  localparam PASS_BITS = (Passes > 1) ? $clog2(Passes) : 1;
  localparam DEPTH     = Rows * Passes;
  localparam ADDR_BITS = (DEPTH > 1) ? $clog2(DEPTH) : 1;

  // Where a load goes
  localparam        GROUP_INDEX_BITS = $clog2(GROUPS);
  localparam        PASS_INDEX_BITS  = $clog2(Passes);
  localparam [31:0] LAST_PASS        = Passes - 1;
  localparam [31:0] GROUP_MASK       = (1 << GROUP_INDEX_BITS) - 1;

  wire [31:0] index        = {12'd0, load_addr_i[19:0]};
  wire [31:0] load_row     = index >> GROUP_INDEX_BITS;
  wire [31:0] load_group   = index & GROUP_MASK;
  wire [31:0] load_bank    = load_group >> PASS_INDEX_BITS;
  wire [31:0] load_word    = (load_row << PASS_INDEX_BITS) | (load_group & LAST_PASS);
  wire        load_weights = load_we_i && load_addr_i[21:20] == 2'd0
                          && load_row < Rows && load_group < GROUPS;
  wire        unused_load  = &{1'b0, load_word, load_data_i};

  // Rows still to be read, lowest first, and the pass through the current one
  localparam [PASS_BITS-1:0] ONE = 1;

  reg                  fresh_q;
  reg                  read_q;
  reg  [PASS_BITS-1:0] read_pass_q;
  reg  [PASS_BITS-1:0] pass_q;
  reg  [Rows-1:0]      pending_q;
  wire [Rows-1:0]      pending = fresh_q ? spike_i : pending_q;
  wire                 any;
  wire [ROW_BITS-1:0]  row;
  wire                 last = pass_q == LAST_PASS[PASS_BITS-1:0];
  wire                 done = any && last;
  wire [31:0]          word = ({{(32-ROW_BITS){1'b0}}, row} << PASS_INDEX_BITS)
                            | {{(32-PASS_BITS){1'b0}}, pass_q};
  wire                 unused_word = &{1'b0, word};

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
    fresh_q     <= restart;
    read_q      <= !restart && any;
    read_pass_q <= pass_q;
    pass_q      <= (restart || !any || last) ? {PASS_BITS{1'b0}} : pass_q + ONE;
    pending_q   <= restart ? {Rows{1'b0}} : pending & ~({{(Rows-1){1'b0}}, done} << row);
  end

  genvar b, p, k;
  generate
    for (b = 0; b < BANKS; b = b + 1) begin : gen_bank
      // The bank's first group is its widest, its last may be missing
      localparam FIRST  = b * Passes;
      localparam WIDTH  = (Cols - FIRST * LANES < LANES) ? Cols - FIRST * LANES : LANES;
      localparam HELD   = (GROUPS - FIRST < Passes) ? GROUPS - FIRST : Passes;
      localparam BITS   = WIDTH * WeightBits;

      reg  [BITS-1:0] bank_q [0:DEPTH-1];
      reg  [BITS-1:0] word_q;
      wire [BITS-1:0] load_bits;

      for (k = 0; k < WIDTH; k = k + 1) begin : gen_load_lane
        assign load_bits[k*WeightBits +: WeightBits] = load_data_i[k*LANE_BITS +: WeightBits];
      end

      always @(posedge clk_i) begin
        if (load_weights && load_bank == b) bank_q[load_word[ADDR_BITS-1:0]] <= load_bits;
      end

      always @(posedge clk_i) begin
        if (!load_weights) word_q <= bank_q[word[ADDR_BITS-1:0]];
      end

      for (p = 0; p < HELD; p = p + 1) begin : gen_group
        localparam GROUP = FIRST + p;
        localparam USED  = (Cols - GROUP * LANES < LANES) ? Cols - GROUP * LANES : LANES;

        for (k = 0; k < USED; k = k + 1) begin : gen_lane
          reg  [SumBits-1:0]    sum_q;
          wire [WeightBits-1:0] weight = word_q[k*WeightBits +: WeightBits];
          wire [SumBits:0]      extended;
          wire                  unused_extended = extended[SumBits];

          // One bit more than needed, as SumBits may equal WeightBits
          assign extended =
              {{(SumBits-WeightBits+1){(Signed != 0) && weight[WeightBits-1]}}, weight};
          assign sum_o[(GROUP*LANES+k)*SumBits +: SumBits] = sum_q;

          always @(posedge clk_i) begin
            if (restart) sum_q <= {SumBits{1'b0}};
            else if (read_q && read_pass_q == p) sum_q <= sum_q + extended[SumBits-1:0];
          end
        end
      end

`ifdef SYNTHESIS
      wire unused_file = WeightFile == "";
`else
      if (WeightFile != "") begin : gen_preset
        reg [31:0] file_q [0:WORDS-1];
        integer    r, pass, lane;

        initial begin
          $readmemh(WeightFile, file_q);
          for (r = 0; r < Rows; r = r + 1)
            for (pass = 0; pass < HELD; pass = pass + 1)
              for (lane = 0; lane < WIDTH; lane = lane + 1)
                bank_q[r*Passes+pass][lane*WeightBits +: WeightBits] =
                    file_q[r*GROUPS+FIRST+pass][lane*LANE_BITS +: WeightBits];
        end
      end
`endif
    end
  endgenerate

  generate
    if (Rows < 1 || Rows > 1024 || Cols < 1 || Cols > 2048
        || WeightBits < ((Signed != 0) ? 2 : 1) || WeightBits > 16
        || SumBits < WeightBits + $clog2(Rows) || Passes < 1 || Passes > GROUPS
        || (1 << $clog2(Passes)) != Passes) begin : gen_limits
      fpsa_xbar_serial_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
