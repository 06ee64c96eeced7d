// A bus delayed by whole ticks, as fpsa_tick_delay, in memory: block RAM on an FPGA.
//
// A tick writes one word and reads the one that is due; the words make a ring of Ticks.
//
// Latency     Ticks ticks. Zero until what came in after the reset comes out.
// Handshake   state changes only at tick_i.
// Limits      Width >= 1, Ticks >= 2.
module fpsa_memory_delay #(
  parameter Width = 1,
  parameter Ticks = 2
) (
  // Tick
  input  wire             clk_i,
  input  wire             rst_ni,
  input  wire             tick_i,
  // Bus
  input  wire [Width-1:0] data_i,
  output wire [Width-1:0] data_o
);

  localparam                 ADDR_BITS = $clog2(Ticks);
  localparam [31:0]          LAST      = Ticks - 1;
  localparam [ADDR_BITS-1:0] ONE       = 1;

  reg  [ADDR_BITS-1:0] write_q;
  reg                  full_q;  // all words are of after the reset
  wire                 last = write_q == LAST[ADDR_BITS-1:0];
  wire [ADDR_BITS-1:0] next = last ? {ADDR_BITS{1'b0}} : write_q + ONE;
  wire [Width-1:0]     word;

  assign data_o = word & {Width{full_q}};

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      write_q <= {ADDR_BITS{1'b0}};
      full_q  <= 1'b0;
    end else if (tick_i) begin
      write_q <= next;
      full_q  <= full_q || last;
    end
  end

  // The word that is due was written Ticks - 1 ticks before this one.
  fpsa_smb_memory #(
    .Width(Width),
    .Words(Ticks)
  ) u_memory (
    .clk_i       (clk_i),
    .write_i     (tick_i),
    .write_addr_i(write_q),
    .value_i     (data_i),
    .read_i      (tick_i),
    .read_addr_i (next),
    .value_o     (word)
  );

  generate
    if (Width < 1 || Ticks < 2) begin : gen_limits
      fpsa_memory_delay_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
