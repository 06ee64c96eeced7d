// fpsa_frame_check against the length of each frame.
module fpsa_frame_check_formal #(
  parameter Beats    = 3,
  parameter BeatBits = (Beats > 1) ? $clog2(Beats) : 1
) (
  input wire clk_i,
  input wire rst_ni,
  input wire beat_i,
  input wire last_i
);

  wire [BeatBits-1:0] index;
  wire                dropping;
  wire                complete;
  wire                error;

  fpsa_frame_check #(
    .Beats(Beats)
  ) u_frame (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .beat_i    (beat_i),
    .last_i    (last_i),
    .index_o   (index),
    .dropping_o(dropping),
    .complete_o(complete),
    .error_o   (error)
  );

  // Beats of this frame before the coming one; more than a frame's stay at Beats
  reg       started_q = 1'b0;
  reg [3:0] length_q;

  always @(posedge clk_i) begin
    started_q <= 1'b1;
    if (beat_i) length_q <= last_i ? 4'd0 : (length_q == Beats) ? Beats : length_q + 4'd1;
    if (!rst_ni) length_q <= 4'd0;
  end

  reg was_late_q = 1'b0;

  always @(posedge clk_i) begin
    if (!started_q) assume (!rst_ni);
    else begin
      complete_is_exact: assert (complete == (beat_i && last_i && length_q == Beats - 1));
      early_or_late:     assert (error == (beat_i && ((last_i && length_q < Beats - 1)
                                                      || (!last_i && length_q == Beats - 1))));
      late_is_dropped:   assert (dropping == (length_q == Beats));
      index_counts:      assert (dropping || index == length_q);
      length_is_legal:   assert (length_q <= Beats);
      good_after_late:   cover (complete && was_late_q);
    end
  end

  always @(posedge clk_i) was_late_q <= rst_ni && (was_late_q || dropping);

endmodule
