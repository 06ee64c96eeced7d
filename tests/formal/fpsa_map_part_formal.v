// fpsa_map_part before a channel and behind a source of windows, against counts of all tokens.
module fpsa_map_part_formal #(
  parameter Height = 3,
  parameter Width  = 3,
  parameter Rows   = 2,
  parameter Cols   = 2
) (
  input wire clk_i,
  input wire rst_ni,
  // Free
  input wire fire_i,
  input wire room_i,
  input wire tick_i,
  input wire live_i
);

  localparam [3:0] LAST = Height * Width - 1;

  reg       started_q = 1'b0;
  reg [3:0] fire_q;   // the coming token of a map
  reg [3:0] live_q;
  reg       taken_q;  // of the window under way

  wire win, live, room, fire_out, live_out;

  window_source #(
    .Period(2)
  ) u_windows (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .tick_i(tick_i),
    .live_i(live_i),
    .win_o (win),
    .live_o(live),
    .position_o()
  );

  wire fire = fire_i && room;

  fpsa_map_part #(
    .Height(Height),
    .Width (Width),
    .Rows  (Rows),
    .Cols  (Cols)
  ) u_part (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .fire_i(fire),
    .fire_o(fire_out),
    .room_i(room_i),
    .room_o(room),
    .tick_i(tick_i),
    .win_i (win),
    .live_i(live),
    .live_o(live_out)
  );

  function taken(input [3:0] token);
    taken = token / Width < Rows && token % Width < Cols;
  endfunction

  wire live_taken = win ? taken(live_q) : taken_q;

  always @(posedge clk_i) begin
    started_q <= 1'b1;
    if (fire) fire_q <= (fire_q == LAST) ? 4'd0 : fire_q + 4'd1;
    if (tick_i && win && live) begin
      live_q  <= (live_q == LAST) ? 4'd0 : live_q + 4'd1;
      taken_q <= taken(live_q);
    end
    if (!rst_ni) begin
      fire_q  <= 4'd0;
      live_q  <= 4'd0;
      taken_q <= 1'b0;
    end
  end

  always @(posedge clk_i) begin
    if (!started_q) assume (!rst_ni);
    else begin
      takes_its_part:  assert (fire_out == (fire && taken(fire_q)));
      room_is_true:    assert (room == (room_i || !taken(fire_q)));
      writes_its_part: assert (live_out == (live && live_taken));
      map_ends:        cover (live_out && live_q == 4'd0 && fire_q == 4'd1);
    end
  end

  // What holds in every state that can be reached
  (* hierconn *) wire [1:0] \u_part.fire_row_q ;
  (* hierconn *) wire [1:0] \u_part.fire_col_q ;
  (* hierconn *) wire [1:0] \u_part.live_row_q ;
  (* hierconn *) wire [1:0] \u_part.live_col_q ;
  (* hierconn *) wire       \u_part.taken_q ;

  always @(posedge clk_i) begin
    if (started_q) begin
      same_fire:  assert (fire_q <= LAST && \u_part.fire_row_q == fire_q / Width
                          && \u_part.fire_col_q == fire_q % Width);
      same_live:  assert (live_q <= LAST && \u_part.live_row_q == live_q / Width
                          && \u_part.live_col_q == live_q % Width);
      same_taken: assert (\u_part.taken_q == taken_q);
    end
  end

endmodule
