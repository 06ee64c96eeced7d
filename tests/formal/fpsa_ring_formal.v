// fpsa_ring with the slots that it leaves to its user, against a queue that shifts.
module fpsa_ring_formal #(
  parameter Depth = 2
) (
  input wire       clk_i,
  input wire       rst_ni,
  input wire       push_i,
  input wire       pop_i,
  input wire [1:0] data_i
);

  localparam SLOT_BITS = (Depth > 1) ? $clog2(Depth) : 1;

  wire                 full;
  wire                 valid;
  wire [SLOT_BITS-1:0] write_slot;
  wire [SLOT_BITS-1:0] read_slot;
  wire                 push = push_i && !full;
  wire                 pop  = pop_i && valid;

  fpsa_ring #(
    .Depth(Depth)
  ) u_ring (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .push_i      (push),
    .full_o      (full),
    .write_slot_o(write_slot),
    .pop_i       (pop),
    .valid_o     (valid),
    .read_slot_o (read_slot)
  );

  // The queue: its oldest entry lowest
  reg [1:0] slot_q [0:Depth-1];
  (* mem2reg *)
  reg [1:0] queue_q [0:Depth-1];
  reg [3:0] count_q;
  integer   i;

  always @(posedge clk_i) begin
    if (push) slot_q[write_slot] <= data_i;
    for (i = 0; i < Depth; i = i + 1) begin
      if (pop && i + 1 < Depth) queue_q[i] <= queue_q[i+1];
      if (push && i == count_q - pop) queue_q[i] <= data_i;
    end
    count_q <= rst_ni ? count_q + push - pop : 4'd0;
  end

  // Rules
  reg started_q = 1'b0;
  reg filled_q = 1'b0;

  always @(posedge clk_i) begin
    started_q <= 1'b1;
    filled_q  <= rst_ni && (filled_q || full);
    if (!started_q) assume (!rst_ni);
    else begin
      full_at_depth:     assert (full == (count_q == Depth));
      valid_unless_empty: assert (valid == (count_q != 0));
      slots_exist:       assert (write_slot < Depth && read_slot < Depth);
      if (valid) order_kept: assert (slot_q[read_slot] == queue_q[0]);
      emptied_after_full: cover (filled_q && !valid && write_slot == 0);
    end
  end

  // What holds in every state that can be reached
  (* hierconn *) wire [$clog2(Depth+1)-1:0] \u_ring.count_q ;

  function [3:0] wrap(input [3:0] slot);
    wrap = (slot < Depth) ? slot : slot - Depth;
  endfunction

  reg same;

  always @* begin
    same = 1'b1;
    for (i = 0; i < Depth; i = i + 1)
      if (i < count_q && slot_q[wrap(read_slot+i)] != queue_q[i]) same = 1'b0;
  end

  always @(posedge clk_i) begin
    if (started_q) begin
      count_is_kept: assert (\u_ring.count_q == count_q && count_q <= Depth);
      write_follows: assert (write_slot == wrap(read_slot + count_q));
      slots_are_queue: assert (same);
    end
  end

endmodule
