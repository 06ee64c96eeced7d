// A bus delayed by whole ticks.
//
// Latency     Ticks ticks; 0 wires through.
// Handshake   state changes only at tick_i; zero after reset.
// Limits      Width >= 1, Ticks >= 0.
module fpsa_tick_delay #(
  parameter Width = 1,
  parameter Ticks = 1
) (
  // Tick
  input  wire             clk_i,
  input  wire             rst_ni,
  input  wire             tick_i,
  // Bus
  input  wire [Width-1:0] data_i,
  output wire [Width-1:0] data_o
);

  generate
    if (Ticks == 0) begin : gen_wire
      wire unused_tick = &{1'b0, clk_i, rst_ni, tick_i};
      assign data_o = data_i;
    end else begin : gen_line
      reg  [Ticks*Width-1:0] line_q;
      wire [Width-1:0]       unused_oldest;
      wire [Ticks*Width-1:0] line;

      assign {unused_oldest, line} = {line_q, data_i};
      assign data_o = line_q[(Ticks-1)*Width +: Width];

      always @(posedge clk_i) begin
        if (!rst_ni) line_q <= {(Ticks*Width){1'b0}};
        else if (tick_i) line_q <= line;
      end
    end
  endgenerate

  generate
    if (Width < 1 || Ticks < 0) begin : gen_limits
      fpsa_tick_delay_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
