// fpsa_token_join behind a source of frames of any length, against the frames that have left.
module fpsa_token_join_formal #(
  parameter Tokens = 3
) (
  input wire clk_i,
  input wire rst_ni,
  input wire offer_i,
  input wire last_i,
  input wire ready_i
);

  // A source that keeps the rules: a beat waits for ready
  reg started_q = 1'b0;
  reg up_q = 1'b0;
  reg waits_q = 1'b0;
  reg last_q;

  wire valid = up_q && (offer_i || waits_q);
  wire last  = waits_q ? last_q : last_i;
  wire sample_last;

  always @(posedge clk_i) begin
    started_q <= 1'b1;
    up_q      <= rst_ni;
    waits_q   <= rst_ni && valid && !ready_i;
    last_q    <= last;
  end

  fpsa_token_join #(
    .Tokens(Tokens)
  ) u_join (
    .clk_i    (clk_i),
    .rst_ni   (rst_ni),
    .s_valid_i(valid),
    .s_ready_i(ready_i),
    .s_last_i (last),
    .m_last_o (sample_last)
  );

  axi_stream_rules #(
    .DataBits(1)
  ) u_rules (
    .clk_i  (clk_i),
    .rst_ni (rst_ni),
    .valid_i(valid),
    .ready_i(ready_i),
    .data_i (1'b0),
    .last_i (sample_last)
  );

  // Frames that are still to leave before the last of this sample
  reg [3:0] before_q;

  always @(posedge clk_i) begin
    if (valid && ready_i && last) before_q <= (before_q == 4'd0) ? Tokens - 1 : before_q - 4'd1;
    if (!rst_ni) before_q <= Tokens - 1;
  end

  always @(posedge clk_i) begin
    if (!started_q) assume (!rst_ni);
    else begin
      every_frame_counts: assert (sample_last == (last && before_q == 4'd0));
      sample_leaves:      cover (valid && ready_i && sample_last && waits_q);
    end
  end

  // What holds in every state that can be reached
  (* hierconn *) wire [(Tokens>2):0] \u_join.count_q ;

  always @(posedge clk_i) begin
    if (started_q)
      same_count: assert (before_q < Tokens && \u_join.count_q == Tokens - 1 - before_q);
  end

endmodule
