// Frames of every length up to twice the right one, back to back and with pauses, some cut short
// by a reset. The model counts the beats of a frame and never wraps.
// verilator lint_off WIDTH
module fpsa_frame_check_tb #(
  parameter Beats  = 5,
  parameter Seed   = 1,
  parameter Clocks = 4000
);

`include "bench.vh"

  localparam BEAT_BITS = (Beats > 1) ? $clog2(Beats) : 1;

  reg                  beat = 1'b0;
  reg                  last = 1'b0;
  wire [BEAT_BITS-1:0] index;
  wire                 dropping;
  wire                 complete;
  wire                 error;

  fpsa_frame_check #(
    .Beats(Beats)
  ) u_dut (
    .clk_i     (clk),
    .rst_ni    (rst_n),
    .beat_i    (beat),
    .last_i    (last),
    .index_o   (index),
    .dropping_o(dropping),
    .complete_o(complete),
    .error_o   (error)
  );

  integer length = 0;  // beats of this frame so far
  integer target = 0;  // beats of this frame in all, 0: not drawn
  integer good = 0;
  integer short_frames = 0;
  integer long_frames = 0;
  integer i;

  initial begin
    repeat (3) @(negedge clk);
    for (i = 0; i < Clocks; i = i + 1) begin
      @(negedge clk);
      if (target == 0) target = chance(40) ? Beats : 1 + below(2 * Beats + 1);
      rst_n = !chance(1);
      beat  = chance(70);
      last  = beat ? length + 1 == target : chance(50);
      #1;
      if (i > 0) begin
        expect_value("dropping", dropping, length >= Beats);
        if (length < Beats) expect_value("index", index, length);
        expect_value("complete", complete, beat && last && length == Beats - 1);
        expect_value("error", error, beat && ((last && length < Beats - 1)
                                              || (!last && length == Beats - 1)));
      end
      if (beat && last) begin
        if (length + 1 == Beats) good = good + 1;
        else if (length + 1 < Beats) short_frames = short_frames + 1;
        else long_frames = long_frames + 1;
      end
      if (!rst_n || (beat && last)) begin
        length = 0;
        target = 0;
      end else if (beat) begin
        length = length + 1;
      end
    end
    expect_value("all kinds", good > 0 && (short_frames > 0 || Beats == 1) && long_frames > 0, 1);
    pass;
  end

endmodule
