// The lanes of one stream beat in an encoder: their buffered samples and their trains. Equal beats
// are one module, so that synthesis maps it once.
//
// Latency     one cycle to write a slot; one tick from win_i to the first spikes.
// Handshake   write_i fills slot write_slot_i. At tick_i && win_i the values of slot read_slot_i
//             are taken, or silence without live_i.
// Limits      Lanes, ActBits, Depth >= 1; SlotBits, derived: leave it alone.
module fpsa_encoder_beat #(
  parameter Lanes    = 4,
  parameter ActBits  = 6,
  parameter Train    = 0,
  parameter Depth    = 1,
  parameter SlotBits = (Depth > 1) ? $clog2(Depth) : 1
) (
  // Clock
  input  wire                     clk_i,
  input  wire                     rst_ni,
  // Slots
  input  wire                     write_i,
  input  wire [SlotBits-1:0]      write_slot_i,
  input  wire [Lanes*ActBits-1:0] values_i,
  input  wire [SlotBits-1:0]      read_slot_i,
  // Tick
  input  wire                     tick_i,
  input  wire                     win_i,
  input  wire                     live_i,
  // Spikes
  output wire [Lanes-1:0]         spike_o
);

  reg  [Lanes*ActBits-1:0] slot_q [0:Depth-1];
  wire [Lanes*ActBits-1:0] values = slot_q[read_slot_i] & {(Lanes*ActBits){live_i}};

  always @(posedge clk_i) begin
    if (write_i) slot_q[write_slot_i] <= values_i;
  end

  fpsa_train_encoder #(
    .Lanes  (Lanes),
    .ActBits(ActBits),
    .Train  (Train)
  ) u_train (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .tick_i  (tick_i),
    .win_i   (win_i),
    .values_i(values),
    .spike_o (spike_o)
  );

  generate
    if (Lanes < 1 || ActBits < 1 || Depth < 1) begin : gen_limits
      fpsa_encoder_beat_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
