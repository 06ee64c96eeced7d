// fpsa_channel for all amounts that its sides may ask for, against the three counts themselves.
module fpsa_channel_formal #(
  parameter Depth = 3,
  parameter Most  = 2
) (
  input wire       clk_i,
  input wire       rst_ni,
  input wire [1:0] reserve_i,
  input wire       fire_i,
  input wire [1:0] write_i,
  input wire [1:0] need_i,
  input wire [1:0] free_i
);

  localparam AMOUNT_BITS = $clog2(Most + 1);

  // Counts since the reset. They wrap, and their differences are exact all the same.
  reg [4:0] reserved_q;
  reg [4:0] written_q;
  reg [4:0] freed_q;
  reg       started_q = 1'b0;

  wire [4:0] used = reserved_q - freed_q;
  wire [4:0] open = reserved_q - written_q;
  wire [4:0] held = written_q - freed_q;

  function [1:0] least(input [1:0] amount, input [4:0] limit);
    least = (amount > Most || amount > limit) ? 2'd0 : amount;
  endfunction

  wire [1:0] reserve = least(reserve_i, Most);
  wire [1:0] need    = least(need_i, Most);
  wire [1:0] write   = least(write_i, open);
  wire [1:0] free    = least(free_i, held);
  wire       room;
  wire       valid;
  wire       fire = fire_i && room;

  fpsa_channel #(
    .Depth(Depth),
    .Most (Most)
  ) u_channel (
    .clk_i    (clk_i),
    .rst_ni   (rst_ni),
    .reserve_i(reserve[AMOUNT_BITS-1:0]),
    .room_o   (room),
    .fire_i   (fire),
    .write_i  (write[AMOUNT_BITS-1:0]),
    .need_i   (need[AMOUNT_BITS-1:0]),
    .valid_o  (valid),
    .free_i   (free[AMOUNT_BITS-1:0])
  );

  always @(posedge clk_i) begin
    started_q  <= 1'b1;
    reserved_q <= rst_ni ? reserved_q + (fire ? reserve : 2'd0) : 5'd0;
    written_q  <= rst_ni ? written_q + write : 5'd0;
    freed_q    <= rst_ni ? freed_q + free : 5'd0;
  end

  always @(posedge clk_i) begin
    if (!started_q) assume (!rst_ni);
    else begin
      never_past_depth: assert (used <= Depth);
      written_in_order: assert (open <= used && held <= used);
      room_is_exact:    assert (room == (used + reserve <= Depth));
      valid_is_exact:   assert (valid == (held >= need));
      drains:           cover (written_q > Depth && used == 0);
    end
  end

  // What holds in every state that can be reached
  (* hierconn *) wire [$clog2(Depth+Most+1)-1:0] \u_channel.used_q ;
  (* hierconn *) wire [$clog2(Depth+Most+1)-1:0] \u_channel.held_q ;

  always @(posedge clk_i) begin
    if (started_q) differences: assert (\u_channel.used_q == used && \u_channel.held_q == held);
  end

endmodule
