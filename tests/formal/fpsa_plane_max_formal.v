// fpsa_plane_max: after the last plane of two numbers of 3 bits, what came out is the larger one,
// or the new one with first_i. Steps come when they like.
module fpsa_plane_max_formal (
  input wire       clk_i,
  input wire       step_i,
  input wire       first_i,
  input wire [2:0] old_i,
  input wire [2:0] new_i
);

  reg [1:0] place_q = 2'd0;
  reg [2:0] old_q;
  reg [2:0] new_q;
  reg       first_q;
  reg [2:0] out_q;

  wire       restart = place_q == 2'd0;
  wire [2:0] old_now = restart ? old_i : old_q;
  wire [2:0] new_now = restart ? new_i : new_q;
  wire       first   = restart ? first_i : first_q;
  wire       plane;
  wire [2:0] out     = {out_q[1:0], plane};
  wire [2:0] larger  = (first || new_now > old_now) ? new_now : old_now;

  fpsa_plane_max #(
    .Lanes(1)
  ) u_max (
    .clk_i    (clk_i),
    .step_i   (step_i),
    .restart_i(restart),
    .first_i  (first),
    .old_i    (old_now[2-place_q]),
    .new_i    (new_now[2-place_q]),
    .plane_o  (plane)
  );

  always @(posedge clk_i) begin
    if (step_i) begin
      place_q <= (place_q == 2'd2) ? 2'd0 : place_q + 2'd1;
      old_q   <= old_now;
      new_q   <= new_now;
      first_q <= first;
      out_q   <= out;
    end
  end

  always @(posedge clk_i) begin
    larger_so_far: assert ((out & 3'b111 >> (2 - place_q)) == larger >> (2 - place_q));
    old_wins:      cover (step_i && place_q == 2'd2 && !first && old_now == 3'd5 && new_now == 3'd4);
  end

  // What holds in every state that can be reached
  (* hierconn *) wire \u_max.new_larger_q ;
  (* hierconn *) wire \u_max.old_larger_q ;

  wire [2:0] old_seen = old_q >> (3 - place_q);
  wire [2:0] new_seen = new_q >> (3 - place_q);

  always @(posedge clk_i) begin
    place_exists: assert (place_q <= 2'd2);
    if (!restart) begin
      state_is_true: assert (\u_max.new_larger_q == (new_seen > old_seen)
                             && \u_max.old_larger_q == (old_seen > new_seen));
      out_is_prefix: assert ((out_q & 3'b111 >> (3 - place_q))
                             == (first_q || new_seen > old_seen ? new_seen : old_seen));
    end
  end

endmodule
