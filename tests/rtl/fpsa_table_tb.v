// fpsa_table with fpsa_lookups beside it: random windows of codes, ticks at random, resets in
// mid-window. The model keeps values and knows the table as a formula, not as text: y = (5 x + 3)
// mod 2^OutBits, its minus by the parity of the code; x counts on from 2^InBits for minus.
// verilator lint_off WIDTH
module fpsa_table_tb #(
  parameter Channels   = 3,
  parameter Train      = 0,
  parameter WindowBits = 4,
  parameter InBits     = 3,
  parameter OutBits    = 3,
  parameter SignedIn   = 0,
  parameter SignedOut  = 0,
  parameter Seed       = 1,
  parameter Clocks     = 6000
);

`include "bench.vh"

  localparam PERIOD  = (Train == 0) ? WindowBits : 1 << WindowBits;
  localparam INDEX   = InBits + SignedIn;
  localparam VALUE   = OutBits + SignedOut;
  localparam DIGITS  = 1 << (INDEX - 1);

  function [VALUE-1:0] entry(input integer index);
    reg [OutBits-1:0] low;
    begin
      low   = 5 * index + 3;
      entry = (SignedOut != 0) ? {^index, low} : low;
    end
  endfunction

  function [8*DIGITS*VALUE-1:0] text(input unused);
    integer i, v;
    reg [VALUE-1:0] word;
    begin
      text = {(DIGITS*VALUE){"0"}};
      for (i = 0; i < 2 * DIGITS; i = i + 1) begin
        word = entry(i);
        for (v = 0; v < VALUE; v = v + 1) text[8*(v*DIGITS+i/2)+i%2] = word[v];
      end
    end
  endfunction

  reg                                 tick = 0;
  reg                                 win = 1'bx;
  reg  [Channels*(1+SignedIn)-1:0]    spikes = {(Channels*(1+SignedIn)){1'bx}};
  wire [Channels*(1+SignedOut)-1:0]   played;
  wire [Channels*INDEX-1:0]           index;
  wire [Channels*VALUE-1:0]           value;

  fpsa_table #(
    .Channels  (Channels),
    .Train     (Train),
    .WindowBits(WindowBits),
    .InBits    (InBits),
    .OutBits   (OutBits),
    .SignedIn  (SignedIn),
    .SignedOut (SignedOut)
  ) u_dut (
    .clk_i  (clk),
    .rst_ni (rst_n),
    .tick_i (tick),
    .win_i  (win),
    .spike_i(spikes),
    .spike_o(played),
    .index_o(index),
    .value_i(value)
  );

  fpsa_lookups #(
    .Lanes    (Channels),
    .IndexBits(INDEX),
    .ValueBits(VALUE),
    .Truth    (text(1'b0))
  ) u_lookups (
    .index_i(index),
    .value_o(value)
  );

  integer                           code [0:Channels-1];   // of the window that comes in
  integer                           asked [0:Channels-1];  // of the one before
  integer                           position = 0;          // of the coming tick
  reg                               answers = 0;
  reg [Channels*(1+SignedOut)-1:0]  expected = 0;
  reg [VALUE-1:0]                   word;
  integer                           i, c;

  // Whether the train of a magnitude spikes at the coming tick
  function spikes_now(input integer magnitude);
    integer turn, b;
    begin
      turn = 0;
      for (b = 0; b < WindowBits; b = b + 1) turn = 2 * turn + ((position >> b) & 1);
      spikes_now = (Train == 0) ? (magnitude >> (WindowBits - 1 - position)) & 1 : turn < magnitude;
    end
  endfunction

  task drive;
    integer magnitude;
    begin
      tick = chance(75);
      win  = position == 0;
      for (c = 0; c < Channels; c = c + 1) begin
        magnitude = code[c] % (1 << InBits);
        spikes[c] = code[c] >> InBits == 0 && spikes_now(magnitude);
        if (SignedIn != 0) spikes[SignedIn*Channels+c] = code[c] >> InBits == 1
                                                         && spikes_now(magnitude);
      end
    end
  endtask

  task draw;
    for (c = 0; c < Channels; c = c + 1) begin
      code[c] = below(1 << INDEX);
      if (code[c] == 1 << InBits) code[c] = 0;
    end
  endtask

  task move;
    begin
      expected = 0;
      for (c = 0; c < Channels; c = c + 1) begin
        word = entry(asked[c]);
        if (answers && spikes_now(word[OutBits-1:0]))
          expected[(SignedOut != 0 && word[VALUE-1] ? Channels : 0) + c] = 1'b1;
      end
      position = position + 1;
      if (position == PERIOD) begin
        position = 0;
        answers  = 1;
        for (c = 0; c < Channels; c = c + 1) asked[c] = code[c];
        draw;
      end
    end
  endtask

  initial begin
    repeat (3) @(negedge clk);
    draw;
    for (i = 0; i < Clocks; i = i + 1) begin
      @(negedge clk);
      rst_n = i > 0 && (i % 1500 != 1499);
      drive;
      #1;
      if (i > 0) expect_value("spikes", played, expected);
      if (tick && rst_n) move;
      if (!rst_n) begin
        position = 0;
        answers  = 0;
        expected = 0;
      end
    end
    pass;
  end

endmodule
