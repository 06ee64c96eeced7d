// fpsa_bench_pe behind a bus registered by the tick, as between the units of a design.
module fpsa_speed_pe #(
  parameter Xbar = 1,
  parameter Rate = 0,
  parameter Rows = 256,
  parameter Cols = 256
) (
  // Clock
  input  wire            clk_i,
  input  wire            rst_ni,
  // Tick
  input  wire            tick_i,
  input  wire            win_i,
  output wire            ready_o,
  // Spikes
  input  wire [Rows-1:0] spike_i,
  output wire            win_o,
  output wire [Cols-1:0] spike_o,
  // Load bus
  input  wire            load_we_i,
  input  wire [21:0]     load_addr_i,
  input  wire [31:0]     load_data_i
);

  reg            win_q;
  reg [Rows-1:0] spike_q;

  always @(posedge clk_i) begin
    if (tick_i) begin
      win_q   <= win_i;
      spike_q <= spike_i;
    end
  end

  fpsa_bench_pe #(
    .Xbar(Xbar),
    .Rate(Rate),
    .Rows(Rows),
    .Cols(Cols)
  ) u_pe (
    .clk_i      (clk_i),
    .rst_ni     (rst_ni),
    .tick_i     (tick_i),
    .win_i      (win_q),
    .ready_o    (ready_o),
    .spike_i    (spike_q),
    .win_o      (win_o),
    .spike_o    (spike_o),
    .load_we_i  (load_we_i),
    .load_addr_i(load_addr_i),
    .load_data_i(load_data_i)
  );

endmodule
