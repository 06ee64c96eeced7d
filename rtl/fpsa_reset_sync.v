// Reset synchroniser: a reset that comes and goes at any time becomes one that goes with the clock.
//
// Latency     rst_no falls with rst_ni, clock or not; it rises with the second rising edge of the
//             clock that finds rst_ni high, so even the shortest reset lasts through two edges.
// Handshake   none. What runs on rst_no is up two clocks later than what runs on rst_ni.
// Timing      the recovery and removal times of the two flip-flops bind nothing: the first settles
//             in the clock before the second takes it. Timing tools need a false path from rst_ni.
module fpsa_reset_sync (
  input  wire clk_i,
  input  wire rst_ni,
  output wire rst_no
);

  (* ASYNC_REG = "TRUE" *) reg [1:0] up_q;

  assign rst_no = up_q[1];

  always @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) up_q <= 2'b00;
    else up_q <= {up_q[0], 1'b1};
  end

endmodule
