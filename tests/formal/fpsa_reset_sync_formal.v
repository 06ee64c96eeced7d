// fpsa_reset_sync: the reset falls with rst_ni and is up from the second clock that finds it high.
module fpsa_reset_sync_formal (
  input wire clk_i,
  input wire rst_ni
);

  wire rst_n;

  fpsa_reset_sync u_reset (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .rst_no(rst_n)
  );

  reg       started_q = 1'b0;
  reg [1:0] high_q;  // clocks that found rst_ni high, up to 2

  always @(posedge clk_i) begin
    started_q <= 1'b1;
    high_q    <= !rst_ni ? 2'd0 : (high_q == 2'd2) ? 2'd2 : high_q + 2'd1;
  end

  always @(posedge clk_i) begin
    if (!started_q) assume (!rst_ni);
    else begin
      falls_at_once:   assert (rst_ni || !rst_n);
      two_clocks_late: assert (!rst_ni || rst_n == (high_q == 2'd2));
      goes_up:         cover (rst_n);
    end
  end

  // What holds in every state that can be reached
  (* hierconn *) wire [1:0] \u_reset.up_q ;

  always @(posedge clk_i) begin
    if (started_q) same_count: assert (!rst_ni || \u_reset.up_q == {high_q == 2'd2, high_q != 2'd0});
  end

endmodule
