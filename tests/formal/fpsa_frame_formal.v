// fpsa_frame against one of its bits, any: it is what was written last, or 0 since a clear, and what
// a read of its word shows of it. Beyond the frame's end reads show nothing.
module fpsa_frame_formal #(
  parameter Bits = 70
) (
  input wire        clk_i,
  input wire        clear_i,
  input wire [15:0] address_i,
  input wire [15:0] frame_i,
  input wire [15:0] word_i,
  input wire        write_i,
  input wire [31:0] data_i,
  input wire [31:0] read_i,
  input wire [20:0] chosen_i
);

  wire [31:0] read;
  (* registered *) wire [Bits-1:0] bits;

  fpsa_frame #(
    .Bits(Bits)
  ) u_frame (
    .clk_i    (clk_i),
    .clear_i  (clear_i),
    .address_i(address_i),
    .frame_i  (frame_i),
    .word_i   (word_i),
    .write_i  (write_i),
    .data_i   (data_i),
    .read_i   (read_i),
    .read_o   (read),
    .bits_o   (bits)
  );

  // The bit that is looked at, and the frame's number, stay
  reg        started_q = 1'b0;
  reg [20:0] chosen_q;
  reg [15:0] address_q;
  reg        held_q;

  wire        mine  = frame_i == address_i;
  wire        here  = mine && word_i == chosen_i[20:5];
  wire        value = read[chosen_i[4:0]];
  wire        above = read_i[chosen_i[4:0]];

  always @(posedge clk_i) begin
    started_q <= 1'b1;
    chosen_q  <= chosen_i;
    address_q <= address_i;
    if (clear_i) held_q <= 1'b0;
    else if (write_i && here && chosen_i < Bits) held_q <= data_i[chosen_i[4:0]];
  end

  always @(posedge clk_i) begin
    assume (!clear_i || data_i == 32'd0);
    if (!started_q) assume (clear_i);
    else begin
      assume (chosen_i == chosen_q && address_i == address_q);
      bit_is_held:   assert (chosen_i >= Bits || bits[chosen_i] == held_q);
      none_beyond:   assert (chosen_i < Bits || !held_q);
      read_is_exact: assert (!here || value == (above || held_q));
      chain_passes:  assert (mine || read == read_i);
      written:       cover (held_q && here && !above && chosen_i == Bits - 1);
      kept:          cover (held_q && write_i && mine && !here);
    end
  end

endmodule
