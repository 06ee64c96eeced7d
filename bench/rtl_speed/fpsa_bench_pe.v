// A processing element to measure: a crossbar (Xbar 0 loop, 1 parallel, 2 serial, 3 macro) and an
// exact neuron array (Rate 0 binary, 1 rate). Ports as those of the two parts. ThetaBits holds the
// largest threshold with which a sum of AccBits still reaches the largest value.
module fpsa_bench_pe #(
  parameter Xbar       = 1,
  parameter Rate       = 0,
  parameter Rows       = 256,
  parameter Cols       = 256,
  parameter WeightBits = 8,
  parameter ActBits    = 6,
  parameter SumBits    = WeightBits + $clog2(Rows),
  parameter AccBits    = SumBits + ActBits + 1,
  parameter ThetaBits  = AccBits - 1 - ActBits
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

  wire                    sum_valid;
  wire [Cols*SumBits-1:0] sum;

  generate
    if (Xbar == 0) begin : gen_loop
      fpsa_xbar_loop #(
        .Rows      (Rows),
        .Cols      (Cols),
        .WeightBits(WeightBits)
      ) u_xbar (
        .clk_i      (clk_i),
        .rst_ni     (rst_ni),
        .tick_i     (tick_i),
        .spike_i    (spike_i),
        .ready_o    (sum_valid),
        .sum_o      (sum),
        .load_we_i  (load_we_i),
        .load_addr_i(load_addr_i),
        .load_data_i(load_data_i)
      );
    end else if (Xbar == 1) begin : gen_parallel
      fpsa_xbar_parallel #(
        .Rows      (Rows),
        .Cols      (Cols),
        .WeightBits(WeightBits)
      ) u_xbar (
        .clk_i      (clk_i),
        .rst_ni     (rst_ni),
        .tick_i     (tick_i),
        .spike_i    (spike_i),
        .ready_o    (sum_valid),
        .sum_o      (sum),
        .load_we_i  (load_we_i),
        .load_addr_i(load_addr_i),
        .load_data_i(load_data_i)
      );
    end else if (Xbar == 2) begin : gen_serial
      fpsa_xbar_serial #(
        .Rows      (Rows),
        .Cols      (Cols),
        .WeightBits(WeightBits)
      ) u_xbar (
        .clk_i      (clk_i),
        .rst_ni     (rst_ni),
        .tick_i     (tick_i),
        .spike_i    (spike_i),
        .ready_o    (sum_valid),
        .sum_o      (sum),
        .load_we_i  (load_we_i),
        .load_addr_i(load_addr_i),
        .load_data_i(load_data_i)
      );
    end else begin : gen_macro
      fpsa_xbar_macro #(
        .Rows      (Rows),
        .Cols      (Cols),
        .WeightBits(WeightBits)
      ) u_xbar (
        .clk_i      (clk_i),
        .rst_ni     (rst_ni),
        .tick_i     (tick_i),
        .spike_i    (spike_i),
        .ready_o    (sum_valid),
        .sum_o      (sum),
        .load_we_i  (load_we_i),
        .load_addr_i(load_addr_i),
        .load_data_i(load_data_i)
      );
    end

    if (Rate == 0) begin : gen_binary
      fpsa_neurons_exact_binary #(
        .Cols     (Cols),
        .ActBits  (ActBits),
        .SumBits  (SumBits),
        .AccBits  (AccBits),
        .ThetaBits(ThetaBits)
      ) u_neurons (
        .clk_i      (clk_i),
        .rst_ni     (rst_ni),
        .tick_i     (tick_i),
        .win_i      (win_i),
        .ready_o    (ready_o),
        .sum_valid_i(sum_valid),
        .sum_i      (sum),
        .win_o      (win_o),
        .spike_o    (spike_o),
        .load_we_i  (load_we_i),
        .load_addr_i(load_addr_i),
        .load_data_i(load_data_i)
      );
    end else begin : gen_rate
      fpsa_neurons_exact_rate #(
        .Cols     (Cols),
        .ActBits  (ActBits),
        .SumBits  (SumBits),
        .AccBits  (AccBits),
        .ThetaBits(ThetaBits)
      ) u_neurons (
        .clk_i      (clk_i),
        .rst_ni     (rst_ni),
        .tick_i     (tick_i),
        .win_i      (win_i),
        .ready_o    (ready_o),
        .sum_valid_i(sum_valid),
        .sum_i      (sum),
        .win_o      (win_o),
        .spike_o    (spike_o),
        .load_we_i  (load_we_i),
        .load_addr_i(load_addr_i),
        .load_data_i(load_data_i)
      );
    end
  endgenerate

endmodule
