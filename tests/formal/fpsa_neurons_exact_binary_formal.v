// fpsa_neurons_exact_binary, one column: the formula for all sums, offsets and thresholds.
module fpsa_neurons_exact_binary_formal #(
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

  wire       win;
  wire       unused_live;
  wire [3:0] position;
  wire       ready;
  wire       win_o;
  wire       spike;

  window_source #(
    .Period(ActBits)
  ) u_windows (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .tick_i    (tick_i),
    .live_i    (1'b1),
    .win_o     (win),
    .live_o    (unused_live),
    .position_o(position)
  );

  fpsa_neurons_exact_binary #(
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
    .ready_o    (ready),
    .sum_valid_i(1'b1),
    .sum_i      (sum_i),
    .win_o      (win_o),
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
    .Train    (0),
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

  reg         started_q = 1'b0;
  reg [2:0]   train_q;

  always @(posedge clk_i) begin
    started_q <= 1'b1;
    if (tick_i) train_q <= {train_q, spike};
  end

  always @(posedge clk_i) begin
    assume (theta != 0);
    if (!started_q) assume (!rst_ni);
    else begin
      formula_holds: assert (!known || spike == owed);
      ceiling:       cover (known && summed && position == 0 && train_q[0] && spike && theta == 2);
      clipped:       cover (known && summed && spike && theta == 1 && value > 1 << ActBits);
      limited:       cover (known && summed && spike
                            && (Tops == 0 || (top == 1 && theta == 1 && value > 1 << ActBits)));
      tied:          cover (known && summed && position == 0
                            && (HalfEven == 0 || (theta == 2 && value == 2)));
    end
  end

  // What holds in every state that can be reached: Horner's scheme, and what division has left of
  // the value, doubled a tick, unless that has left the register
  localparam REM_BITS = (AccBits > ThetaBits + 1 + ActBits) ? AccBits : ThetaBits + 1 + ActBits;

  (* hierconn *) wire [AccBits-1:0]  \u_neurons.gen_column[0].u_neuron.sum_q ;
  (* hierconn *) wire [REM_BITS-1:0] \u_neurons.gen_column[0].u_neuron.rem_q ;
  (* hierconn *) wire                \u_neurons.gen_column[0].u_neuron.below_q ;
  (* hierconn *) wire \u_neurons.u_tracker.full_q ;
  (* hierconn *) wire \u_neurons.u_tracker.open_q ;
  (* hierconn *) wire [$clog2(ActBits)-1:0] \u_neurons.u_tracker.next_q ;

  wire [AccBits-1:0]  sum_q = \u_neurons.gen_column[0].u_neuron.sum_q ;
  wire [REM_BITS-1:0] rem_q = \u_neurons.gen_column[0].u_neuron.rem_q ;
  wire                below = \u_neurons.gen_column[0].u_neuron.below_q ;

  reg begun_q = 1'b0;

  always @(posedge clk_i) begin
    if (!rst_ni) begun_q <= 1'b0;
    else if (tick_i) begun_q <= 1'b1;
  end

  wire [AccBits-1:0] horner   = (offset >>> (ActBits - position)) + partial;
  wire [AccBits-2:0] dividend = value[11] ? {(AccBits-1){1'b0}} : value[AccBits-2:0];
  wire [ActBits-1:0] most     = (1 << position) - 1;
  wire [AccBits-2:0] exact    = (dividend >> (ActBits - position)) / theta;
  wire [ActBits-1:0] prefix   = (exact > most) ? most : exact;
  wire [11:0]        taken    = (prefix * theta) << (ActBits - position);
  wire [11:0]        left     = (dividend - taken) << position;
  wire [ActBits-1:0] limit    = top >> (ActBits - position);
  wire               beyond   = prefix > limit;
  wire               fits     = $signed(value) < (1 << (AccBits - 1))
                                && $signed(value) >= -(1 << (AccBits - 1));

  always @(posedge clk_i) begin
    if (started_q) begin
      place_is_same: assert (\u_neurons.u_tracker.next_q == position && position < ActBits);
      windows_same:  assert (\u_neurons.u_tracker.open_q == begun_q && (!summed || begun_q)
                             && (position == 0 || begun_q) && (!begun_q || summed || position != 0)
                             && (!summed || \u_neurons.u_tracker.full_q || position == 0)
                             && (summed || !\u_neurons.u_tracker.full_q ));
      sum_is_horner: assert (!begun_q || position == 0 || sum_q == horner);
      sum_is_whole:  assert (!summed || position != 0 || sum_q == value[AccBits-1:0]);
      rest_is_left:  assert (!summed || position == 0 || !fits
                             || (left[11:REM_BITS-1] == 0 && !beyond ? rem_q == left
                                                                     : rem_q[REM_BITS-1]));
      below_is_known: assert (!summed || position == 0 || !fits || Tops == 0
                              || below == (prefix < limit));
    end
  end

endmodule
