// Counts the beats of AXI4-Stream frames and tells good frames from bad ones.
//
// A frame that ends early or late is an error and is to be dropped whole; after a late one,
// everything up to and including the next last beat is dropped.
//
// Latency     none: the outputs describe the beat that is being taken.
// Handshake   beat_i: a beat is taken at this clock edge.
// Widths      BeatBits = max(1, clog2(Beats)), derived: leave it alone.
// Limits      Beats >= 1.
module fpsa_frame_check #(
  parameter Beats    = 1,
  parameter BeatBits = (Beats > 1) ? $clog2(Beats) : 1
) (
  // Clock
  input  wire                clk_i,
  input  wire                rst_ni,
  // Beats
  input  wire                beat_i,
  input  wire                last_i,
  output wire [BeatBits-1:0] index_o,
  // Verdict
  output wire                dropping_o,
  output wire                complete_o,
  output wire                error_o
);

  localparam [31:0]         LAST  = Beats - 1;
  localparam [BeatBits-1:0] FIRST = {BeatBits{1'b0}};
  localparam [BeatBits-1:0] ONE   = 1;

  reg [BeatBits-1:0] index_q;
  reg                dropping_q;

  wire due = index_q == LAST[BeatBits-1:0];

  assign index_o    = index_q;
  assign dropping_o = dropping_q;
  assign complete_o = beat_i && !dropping_q && last_i && due;
  assign error_o    = beat_i && !dropping_q && last_i != due;

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      index_q    <= FIRST;
      dropping_q <= 1'b0;
    end else if (beat_i) begin
      index_q    <= (dropping_q || last_i || due) ? FIRST : index_q + ONE;
      dropping_q <= !last_i && (dropping_q || due);
    end
  end

  generate
    if (Beats < 1) begin : gen_limits
      fpsa_frame_check_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
