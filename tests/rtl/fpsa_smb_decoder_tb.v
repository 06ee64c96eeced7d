// Random trains in live and silent windows, and a sink that at times takes nothing until the
// buffer is full and the ticks stop. The model keeps the samples in a queue and knows no beats but
// by division.
// verilator lint_off WIDTH
module fpsa_smb_decoder_tb #(
  parameter Lanes     = 7,
  parameter ActBits   = 6,
  parameter Train     = 0,
  parameter Depth     = 2,
  parameter BeatLanes = 3,
  parameter Seed      = 1,
  parameter Clocks    = 6000
);

`include "bench.vh"

  localparam LANE_BITS = ((ActBits + 7) / 8) * 8;
  localparam DATA_BITS = BeatLanes * LANE_BITS;
  localparam BEATS     = (Lanes + BeatLanes - 1) / BeatLanes;
  localparam PERIOD    = (Train == 0) ? ActBits : 1 << ActBits;
  localparam CEILING   = (1 << ActBits) - 1;

  reg                  tick = 0;
  wire                 ready;
  reg                  win = 0;
  reg                  live = 0;
  reg  [Lanes-1:0]     spikes = 0;
  wire                 m_valid;
  reg                  m_ready = 0;
  wire [DATA_BITS-1:0] m_data;
  wire                 m_last;
  wire                 captured;

  fpsa_smb_decoder #(
    .Lanes    (Lanes),
    .ActBits  (ActBits),
    .Train    (Train),
    .Depth    (Depth),
    .BeatLanes(BeatLanes)
  ) u_dut (
    .clk_i     (clk),
    .rst_ni    (rst_n),
    .tick_i    (tick),
    .ready_o   (ready),
    .win_i     (win),
    .live_i    (live),
    .spike_i   (spikes),
    .m_valid_o (m_valid),
    .m_ready_i (m_ready),
    .m_data_o  (m_data),
    .m_last_o  (m_last),
    .captured_o(captured)
  );

  integer               queue [0:Depth*Lanes-1];  // the oldest sample first
  integer               value [0:Lanes-1];        // of the window so far
  integer               queued = 0;
  integer               beat = 0;
  integer               position = 0;  // of the coming tick
  integer               waits = 0;
  integer               longest = 0;
  reg                   was_captured = 0;
  reg  [DATA_BITS-1:0]  expected;
  integer               dense;
  integer               sink;
  integer               i, l;

  task drive;
    begin
      m_ready = chance(sink);
      if (position == 0 && (tick || i == 0)) live = chance(80);
      // Trains move only with a tick
      if (tick || i == 0) for (l = 0; l < Lanes; l = l + 1) spikes[l] = chance(dense);
      win  = position == 0;
      tick = 0;
    end
  endtask

  // The value of a lane, the coming tick included
  function integer updated(input integer of_lane);
    begin
      updated = position == 0 ? 0 : value[of_lane];
      if (Train == 0) updated = 2 * updated + spikes[of_lane];
      else if (updated < CEILING) updated = updated + spikes[of_lane];
    end
  endfunction

  task check;
    begin
      expect_value("ready", ready, !(live && position == PERIOD - 1 && queued == Depth));
      expect_value("valid", m_valid, queued > 0);
      expect_value("captured", captured, was_captured);
      if (queued > 0) begin
        expected = 0;
        for (l = 0; l < BeatLanes; l = l + 1)
          if (beat * BeatLanes + l < Lanes)
            expected[l*LANE_BITS +: LANE_BITS] = queue[beat*BeatLanes+l];
        expect_value("data", m_data, expected);
        expect_value("last", m_last, beat == BEATS - 1);
      end
    end
  endtask

  task move;
    begin
      if (queued > 0 && m_ready) begin
        beat = beat + 1;
        if (beat == BEATS) begin
          beat   = 0;
          queued = queued - 1;
          for (l = 0; l < (Depth - 1) * Lanes; l = l + 1) queue[l] = queue[l+Lanes];
        end
      end
      was_captured = 0;
      if (tick) begin
        for (l = 0; l < Lanes; l = l + 1) value[l] = updated(l);
        if (live && position == PERIOD - 1) begin
          for (l = 0; l < Lanes; l = l + 1) queue[queued*Lanes+l] = value[l];
          queued       = queued + 1;
          was_captured = 1;
        end
        position = (position + 1) % PERIOD;
      end
    end
  endtask

  initial begin
    repeat (3) @(negedge clk);
    for (i = 0; i < Clocks; i = i + 1) begin
      @(negedge clk);
      if (i % 200 == 0) dense = chance(30) ? 100 : 10 + below(85);
      if (i % 300 == 0) sink = chance(30) ? 0 : 5 + below(96);
      rst_n = i > 0 && (i % 1500 != 1499);
      drive;
      #1;
      tick = chance(90) && ready === 1'b1;
      #1;
      if (i > 0) check;
      waits   = ready ? 0 : waits + 1;
      longest = waits > longest ? waits : longest;
      move;
      if (!rst_n) begin
        queued       = 0;
        beat         = 0;
        position     = 0;
        was_captured = 0;
      end
    end
    expect_value("was full for long", longest > 50, 1);
    pass;
  end

endmodule
