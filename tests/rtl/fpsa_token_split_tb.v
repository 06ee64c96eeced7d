// Frames of every length up to twice the right one, with pauses on both sides; now and then a reset.
// What is not valid is unknown. The model counts the beats of a frame that came and those of its map
// that left: as many are to leave as a map has, the first ones as they came, zeros after them.
// verilator lint_off WIDTH
module fpsa_token_split_tb #(
  parameter Tokens   = 3,
  parameter Beats    = 2,
  parameter DataBits = 16,
  parameter Seed     = 1,
  parameter Clocks   = 6000
);

`include "bench.vh"

  localparam MAP = Tokens * Beats;

  reg                 s_valid = 0;
  wire                s_ready;
  reg  [DataBits-1:0] s_data = 0;
  reg                 s_last = 0;
  wire                m_valid;
  reg                 m_ready = 0;
  wire [DataBits-1:0] m_data;
  wire                m_last;
  wire                frame_error;

  fpsa_token_split #(
    .Tokens  (Tokens),
    .Beats   (Beats),
    .DataBits(DataBits)
  ) u_dut (
    .clk_i        (clk),
    .rst_ni       (rst_n),
    .s_valid_i    (s_valid),
    .s_ready_o    (s_ready),
    .s_data_i     (s_data),
    .s_last_i     (s_last),
    .m_valid_o    (m_valid),
    .m_ready_i    (m_ready),
    .m_data_o     (m_data),
    .m_last_o     (m_last),
    .frame_error_o(frame_error)
  );

  integer came = 0;      // beats of this frame
  integer left = 0;      // beats of its map
  integer target = 0;    // beats it will have, 0: not drawn
  reg     ended = 0;     // its last beat came before all of the map left
  reg     awake = 0;     // no reset at the last clock
  reg     taken = 1;
  reg     gone;
  reg     waited;
  integer good = 0;
  integer filled = 0;    // short frames whose maps left
  integer dropped = 0;   // long frames
  integer eager, takes, i;

  task draw_beat;
    begin
      if (target == 0) target = chance(60) ? MAP : 1 + below(2 * MAP + 1);
      s_valid = chance(eager);
      s_data  = s_valid ? {2{random(0)}} : {DataBits{1'bx}};
      s_last  = s_valid ? came + 1 == target : 1'bx;
    end
  endtask

  task check;
    begin
      expect_value("ready", s_ready, awake && !ended && (came >= MAP || m_ready));
      expect_value("valid", m_valid, ended || (awake && s_valid && came < MAP));
      expect_value("last", m_last, left % Beats == Beats - 1);
      if (m_valid) expect_value("data", m_data, ended ? 0 : s_data);
      taken = s_valid && s_ready;
      gone  = m_valid && m_ready;
      expect_value("error", frame_error,
                   taken && (s_last ? came + 1 < MAP : came + 1 == MAP));
    end
  endtask

  task next_frame;
    begin
      came   = 0;
      left   = 0;
      target = 0;
      ended  = 0;
    end
  endtask

  task move;
    begin
      waited = ended;
      if (taken) came = came + 1;
      if (gone) left = left + 1;
      if (taken && s_last) ended = 1;
      if (ended && left == MAP) begin
        good    = good + (came == MAP);
        filled  = filled + waited;
        dropped = dropped + (came > MAP);
        next_frame;
      end
    end
  endtask

  initial begin
    repeat (3) @(negedge clk);
    for (i = 0; i < Clocks; i = i + 1) begin
      @(negedge clk);
      if (i % 200 == 0) eager = 20 + below(81);
      if (i % 150 == 0) takes = 20 + below(81);
      rst_n = i > 0 && i % 500 != 499;
      if (!s_valid || taken) draw_beat;
      m_ready = chance(takes);
      #1;
      if (i > 0) check;
      move;
      if (!rst_n) begin
        next_frame;
        taken = 1;
      end
      awake = rst_n;
    end
    expect_value("all kinds", good > 5 && (filled > 5 || MAP == 1) && dropped > 5, 1);
    pass;
  end

endmodule
