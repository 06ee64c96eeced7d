// Arrays of neurons, loaded over their bus, on windows of random sums: at, near and far beyond
// their widths' ends, between silence, bubbles and resets.
//
// Kind   0 exact binary, 1 exact rate, 2 folded binary, 3 folded rate, 4 signed, 5 paired.
// Tops, HalfEven   of exact neurons.
// Model  exact neurons by their formula, a window at once; signed and paired ones by membranes.
// verilator lint_off WIDTH
module fpsa_neurons_tb #(
  parameter Kind      = 0,
  parameter Cols      = 5,
  parameter Lanes     = 2,
  parameter ActBits   = 3,
  parameter SumBits   = 6,
  parameter AccBits   = 11,
  parameter ThetaBits = 5,
  parameter Tops      = 0,
  parameter HalfEven  = 0,
  parameter Seed      = 1,
  parameter Episodes  = 40,
  parameter Windows   = 8
);

`include "bench.vh"

  localparam RATE    = Kind != 0 && Kind != 2;
  localparam FOLDED  = Kind == 2 || Kind == 3;
  localparam EXACT   = Kind < 4;
  localparam PAIRED  = Kind == 5;
  localparam PERIOD  = RATE ? 1 << ActBits : ActBits;
  localparam SUMS    = PAIRED ? 2 * Cols : Cols;
  localparam CEILING = (1 << ActBits) - 1;
  localparam GROUPS  = (Cols + Lanes - 1) / Lanes;
  localparam LEAST   = PAIRED ? 0 : -(1 << (SumBits - 1));
  localparam MOST    = PAIRED ? (1 << SumBits) - 1 : (1 << (SumBits - 1)) - 1;

  reg                     tick = 0;
  reg                     win = 0;
  wire                    ready;
  reg                     sum_valid = 0;
  reg  [SUMS*SumBits-1:0] sums = 0;
  wire                    win_out;
  wire [Cols-1:0]         spikes;
  reg                     load_we = 0;
  reg  [21:0]             load_addr = 0;
  reg  [31:0]             load_data = 0;

  generate
    if (Kind == 0) begin : gen_binary
      fpsa_neurons_exact_binary #(
        .Cols(Cols), .ActBits(ActBits), .SumBits(SumBits), .AccBits(AccBits), .ThetaBits(ThetaBits),
        .Tops(Tops), .HalfEven(HalfEven)
      ) u_dut (
        .clk_i(clk), .rst_ni(rst_n), .tick_i(tick), .win_i(win), .ready_o(ready),
        .sum_valid_i(sum_valid), .sum_i(sums), .win_o(win_out), .spike_o(spikes),
        .load_we_i(load_we), .load_addr_i(load_addr), .load_data_i(load_data)
      );
    end else if (Kind == 1) begin : gen_rate
      fpsa_neurons_exact_rate #(
        .Cols(Cols), .ActBits(ActBits), .SumBits(SumBits), .AccBits(AccBits), .ThetaBits(ThetaBits),
        .Tops(Tops), .HalfEven(HalfEven)
      ) u_dut (
        .clk_i(clk), .rst_ni(rst_n), .tick_i(tick), .win_i(win), .ready_o(ready),
        .sum_valid_i(sum_valid), .sum_i(sums), .win_o(win_out), .spike_o(spikes),
        .load_we_i(load_we), .load_addr_i(load_addr), .load_data_i(load_data)
      );
    end else if (FOLDED) begin : gen_folded
      fpsa_neurons_exact_folded #(
        .Cols(Cols), .ActBits(ActBits), .SumBits(SumBits), .AccBits(AccBits),
        .ThetaBits(ThetaBits), .Lanes(Lanes), .Train(RATE), .Tops(Tops), .HalfEven(HalfEven)
      ) u_dut (
        .clk_i(clk), .rst_ni(rst_n), .tick_i(tick), .win_i(win), .ready_o(ready),
        .sum_valid_i(sum_valid), .sum_i(sums), .win_o(win_out), .spike_o(spikes),
        .load_we_i(load_we), .load_addr_i(load_addr), .load_data_i(load_data)
      );
    end else if (Kind == 4) begin : gen_signed
      fpsa_neurons_signed #(
        .Cols(Cols), .ActBits(ActBits), .SumBits(SumBits), .AccBits(AccBits), .ThetaBits(ThetaBits)
      ) u_dut (
        .clk_i(clk), .rst_ni(rst_n), .tick_i(tick), .win_i(win), .ready_o(ready),
        .sum_valid_i(sum_valid), .sum_i(sums), .win_o(win_out), .spike_o(spikes),
        .load_we_i(load_we), .load_addr_i(load_addr), .load_data_i(load_data)
      );
    end else begin : gen_paired
      fpsa_neurons_paired #(
        .Cols(Cols), .ActBits(ActBits), .SumBits(SumBits), .AccBits(AccBits), .ThetaBits(ThetaBits)
      ) u_dut (
        .clk_i(clk), .rst_ni(rst_n), .tick_i(tick), .win_i(win), .ready_o(ready),
        .sum_valid_i(sum_valid), .sum_i(sums), .win_o(win_out), .spike_o(spikes),
        .load_we_i(load_we), .load_addr_i(load_addr), .load_data_i(load_data)
      );
    end
  endgenerate

  integer offset    [0:Cols-1];
  integer threshold [0:Cols-1];
  integer top       [0:Cols-1];
  integer total     [0:Cols-1];  // of the window so far
  integer result    [0:Cols-1];  // of the window before
  integer positive  [0:Cols-1];  // membranes
  integer negative  [0:Cols-1];
  integer debt      [0:Cols-1];
  integer sum       [0:SUMS-1];
  reg [Cols-1:0] expected;
  integer c, e, w, t, n, style;

  // Loading: a value a column, and writes that must go nowhere

  task load(input [1:0] what, input [19:0] index, input [31:0] data);
    begin
      load_we   = 1;
      load_addr = {what, index};
      load_data = data;
      @(negedge clk);
      load_we   = 0;
    end
  endtask

  function integer between(input integer low, input integer high);
    between = low + below(high - low + 1);
  endfunction

  // The most that a window can add to an offset or take from it
  localparam SPAN_UP   = (RATE ? PERIOD : CEILING) * MOST + (1 << ThetaBits);
  localparam SPAN_DOWN = (RATE ? PERIOD : CEILING) * LEAST;
  localparam TOP       = (1 << (AccBits - 1)) - 1;
  localparam HIGHEST   = EXACT ? TOP - SPAN_UP + (1 << ThetaBits)
                       : (PAIRED && 2 * TOP - SPAN_UP > TOP) ? TOP : (PAIRED ? 2 : 1) * TOP - SPAN_UP;
  localparam LOWEST    = -TOP - 1 - (PAIRED ? 0 : SPAN_DOWN);

  task load_all;
    for (c = 0; c < Cols; c = c + 1) begin
      offset[c] = chance(50) ? between(LOWEST, HIGHEST) : between(-SPAN_UP / 4, SPAN_UP / 4);
      if (chance(10)) offset[c] = chance(50) ? LOWEST : HIGHEST;
      if (offset[c] < LOWEST || offset[c] > HIGHEST) offset[c] = 0;
      top[c]       = Tops == 0 || chance(20) ? CEILING : below(CEILING + 1);
      threshold[c] = chance(30) ? 1 + below(3) : 1 + below((1 << ThetaBits) - 1);
      load(2, 2 * c, threshold[c] | (random(0) << ThetaBits));
      load(1, 2 * c, offset[c]);
      if (Tops != 0) load(3, 2 * c, top[c] | (random(0) << ActBits));
      load(Tops != 0 || chance(50) ? 0 : 3, 2 * c, random(0));
      load_addr = {chance(50) ? 2'd1 : 2'd3, 20'd0} + 2 * c;
      load_data = random(0);
      @(negedge clk);
    end
  endtask

  // Inputs of a window, in one of several styles
  task draw_sums;
    for (c = 0; c < SUMS; c = c + 1) begin
      case (style)
        0: sum[c] = MOST;
        1: sum[c] = LEAST;
        2: sum[c] = chance(50) ? LEAST : MOST;
        3: sum[c] = PAIRED ? below(4) : between(-2, 3);
        4: sum[c] = 0;
        default: sum[c] = between(LEAST, MOST);
      endcase
      sums[c*SumBits +: SumBits] = sum[c];
    end
  endtask

  function integer share(input integer of_column);
    integer b, reversed;
    begin
      reversed = 0;
      for (b = 0; b < ActBits; b = b + 1) reversed = 2 * reversed + ((t >> b) & 1);
      share = offset[of_column] >>> ActBits;  // rounds down
      if (reversed < (offset[of_column] & CEILING)) share = share + 1;
    end
  endfunction

  function integer divided(input integer of_column);
    begin
      divided = total[of_column] < 0 ? 0 : total[of_column] / threshold[of_column];
      // Half a threshold is in the total: what divides evenly lay halfway before
      if (HalfEven != 0 && total[of_column] > 0 && divided * threshold[of_column]
          == total[of_column] && threshold[of_column] % 2 == 0)
        divided = divided - divided % 2;
      if (divided > top[of_column]) divided = top[of_column];
    end
  endfunction

  // Moves the model on by the tick at position t of window w, and tells the spikes after it

  task move_exact;
    begin
      if (t == 0) begin
        result[c] = w == 0 ? 0 : divided(c);
        total[c]  = offset[c];
      end
      total[c]    = total[c] + (RATE ? sum[c] : sum[c] <<< (ActBits - 1 - t));
      expected[c] = RATE ? result[c] > t : result[c] >> (ActBits - 1 - t);
    end
  endtask

  task move_signed;
    begin
      if (t == 0) positive[c] = threshold[c] / 2;
      positive[c] = positive[c] + sum[c] + share(c);
      expected[c] = positive[c] >= threshold[c];
      if (expected[c]) positive[c] = positive[c] - threshold[c];
    end
  endtask

  task move_paired;
    reg fires, cancels;
    begin
      if (t == 0) begin
        positive[c] = threshold[c] / 2;
        negative[c] = 0;
        debt[c]     = 0;
      end
      positive[c] = positive[c] + sum[c] + (offset[c] >= 0 ? share(c) : 0);
      negative[c] = negative[c] + sum[Cols+c] - (offset[c] < 0 ? share(c) : 0);
      fires       = positive[c] >= threshold[c];
      cancels     = negative[c] >= threshold[c];
      if (fires) positive[c] = positive[c] - threshold[c];
      if (cancels) negative[c] = negative[c] - threshold[c];
      debt[c]     = debt[c] - fires + cancels;
      expected[c] = debt[c] < 0;
      if (debt[c] < 0) debt[c] = 0;
    end
  endtask

  // Sums that come some clocks after the last tick, then the tick, as soon as all are ready
  task give_tick;
    begin
      sums = {SUMS{random(0)}};
      repeat (below(3)) begin
        #1 expect_value("not ready", ready, 0);
        @(negedge clk);
      end
      draw_sums;
      sum_valid = 1;
      #1 n = 0;
      while (ready !== 1'b1 && n < 100) begin
        @(negedge clk);
        #1 n = n + 1;
      end
      expect_value("clocks", n, FOLDED ? GROUPS + 1 : 0);
      repeat (below(2)) @(negedge clk);
      expect_value("still ready", ready, 1);
      tick = 1;
      @(negedge clk);
      tick      = 0;
      sum_valid = 0;
      expect_value("win", win_out, win);
    end
  endtask

  task silence;
    begin
      win   = 0;
      style = 4;
      give_tick;
      expect_value("silent", spikes, 0);
    end
  endtask

  task window;
    begin
      style = below(8);
      for (t = 0; t < PERIOD; t = t + 1) begin
        win = t == 0;
        if (chance(10)) style = below(8);
        give_tick;
        for (c = 0; c < Cols; c = c + 1)
          if (EXACT) move_exact;
          else if (PAIRED) move_paired;
          else move_signed;
        expect_value("spikes", spikes, expected);
      end
    end
  endtask

  initial begin
    for (e = 0; e < Episodes; e = e + 1) begin
      rst_n = 0;
      repeat (2) @(negedge clk);
      expect_value("win after reset", win_out, 0);
      expect_value("spikes after reset", spikes, 0);
      rst_n = 1;
      load_all;
      repeat (1 + below(4)) silence;
      for (w = 0; w < Windows; w = w + 1) window;
    end
    pass;
  end

endmodule
