// fpsa_neurons_exact_rate, one column: the formula for all sums, offsets and thresholds.
module fpsa_neurons_exact_rate_formal #(
  parameter ActBits   = 2,
  parameter SumBits   = 3,
  parameter AccBits   = 6,
  parameter ThetaBits = 3,
  parameter Tops      = 0,
  parameter HalfEven  = 0
) (
  input wire               clk_i,
  input wire               rst_ni,
  input wire               tick_i,
  input wire [SumBits-1:0] sum_i,
  // Loads, in reset
  input wire               load_we_i,
  input wire [21:0]        load_addr_i,
  input wire [31:0]        load_data_i
);

  localparam PERIOD = 1 << ActBits;

  wire       win;
  wire       unused_live;
  wire [3:0] position;
  wire       unused_ready;
  wire       unused_win;
  wire       spike;

  window_source #(
    .Period(PERIOD)
  ) u_windows (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .tick_i    (tick_i),
    .live_i    (1'b1),
    .win_o     (win),
    .live_o    (unused_live),
    .position_o(position)
  );

  fpsa_neurons_exact_rate #(
    .Cols     (1),
    .ActBits  (ActBits),
    .SumBits  (SumBits),
    .AccBits  (AccBits),
    .ThetaBits(ThetaBits),
    .Tops     (Tops),
    .HalfEven (HalfEven)
  ) u_neurons (
    .clk_i      (clk_i),
    .rst_ni     (rst_ni),
    .tick_i     (tick_i),
    .win_i      (win),
    .ready_o    (unused_ready),
    .sum_valid_i(1'b1),
    .sum_i      (sum_i),
    .win_o      (unused_win),
    .spike_o    (spike),
    .load_we_i  (load_we_i && !rst_ni),
    .load_addr_i(load_addr_i),
    .load_data_i(load_data_i)
  );

  // The loaded values
  (* hierconn *) wire [AccBits-1:0]   \u_neurons.offset ;
  (* hierconn *) wire [ThetaBits-1:0] \u_neurons.threshold ;
  (* hierconn *) wire [ActBits-1:0]   \u_neurons.top ;

  wire signed [AccBits-1:0] offset = \u_neurons.offset ;
  wire [ThetaBits-1:0]      theta  = \u_neurons.threshold ;
  wire [ActBits-1:0]        top    = (Tops != 0) ? \u_neurons.top : {ActBits{1'b1}};

  wire               known;
  wire               owed;
  wire signed [11:0] partial;
  wire signed [11:0] value;
  wire               summed;

  exact_neuron_model #(
    .ActBits  (ActBits),
    .SumBits  (SumBits),
    .AccBits  (AccBits),
    .ThetaBits(ThetaBits),
    .Train    (1),
    .HalfEven (HalfEven)
  ) u_model (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .tick_i    (tick_i),
    .position_i(position),
    .offset_i  (offset),
    .theta_i   (theta),
    .top_i     (top),
    .sum_i     (sum_i),
    .known_o   (known),
    .spike_o   (owed),
    .partial_o (partial),
    .value_o   (value),
    .summed_o  (summed)
  );

  reg started_q = 1'b0;

  always @(posedge clk_i) begin
    started_q <= 1'b1;
    assume (theta != 0);
    if (!started_q) assume (!rst_ni);
    else begin
      formula_holds: assert (!known || spike == owed);
      ceiling:       cover (known && summed && position == PERIOD - 1 && spike && theta == 2);
      tied:          cover (known && summed && position == 1
                            && (HalfEven == 0 || (theta == 2 && value == 2)));
    end
  end

  // What holds in every state that can be reached: the sum so far, and what y spikes have left
  (* hierconn *) wire [AccBits-1:0] \u_neurons.gen_column[0].u_neuron.sum_q ;
  (* hierconn *) wire [AccBits-2:0] \u_neurons.gen_column[0].u_neuron.rem_q ;
  (* hierconn *) wire               \u_neurons.u_tracker.full_q ;
  (* hierconn *) wire               \u_neurons.u_tracker.open_q ;
  (* hierconn *) wire [ActBits-1:0] \u_neurons.u_tracker.next_q ;

  wire [AccBits-1:0] sum_q = \u_neurons.gen_column[0].u_neuron.sum_q ;
  wire [AccBits-2:0] rem_q = \u_neurons.gen_column[0].u_neuron.rem_q ;

  reg begun_q = 1'b0;

  always @(posedge clk_i) begin
    if (!rst_ni) begun_q <= 1'b0;
    else if (tick_i) begun_q <= 1'b1;
  end

  wire [AccBits-2:0] dividend = value[11] ? {(AccBits-1){1'b0}} : value[AccBits-2:0];
  wire [AccBits-2:0] exact    = dividend / theta;
  wire [ActBits-1:0] allowed  = (position > top) ? top : position;
  wire [ActBits-1:0] spikes   = (exact > allowed) ? allowed : exact;
  wire [AccBits-1:0] so_far   = offset + partial;
  wire               fits     = $signed(value) < (1 << (AccBits - 1))
                                && $signed(value) >= -(1 << (AccBits - 1));

  always @(posedge clk_i) begin
    if (started_q) begin
      place_is_same: assert (\u_neurons.u_tracker.next_q == position && position < PERIOD);
      windows_same:  assert (\u_neurons.u_tracker.open_q == begun_q && (!summed || begun_q)
                             && (position == 0 || begun_q) && (!begun_q || summed || position != 0)
                             && (!summed || \u_neurons.u_tracker.full_q || position == 0)
                             && (summed || !\u_neurons.u_tracker.full_q ));
      sum_is_so_far: assert (!begun_q || position == 0 || sum_q == so_far);
      sum_is_whole:  assert (!summed || position != 0 || sum_q == value[AccBits-1:0]);
      rest_is_left:  assert (!summed || position == 0 || !fits
                             || rem_q == dividend - spikes * theta);
    end
  end

endmodule
