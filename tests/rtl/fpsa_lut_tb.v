// A LUT with random configurations and sources, and pads beside it, against a model in plain loops.
// Prints "PASS <clocks>" or "FAIL ...".
module fpsa_lut_tb;

  parameter Inputs  = 3;
  parameter Sources = 5;
  parameter Clocks  = 4000;

  localparam CHOICE_BITS = $clog2(Sources + 1);
  localparam CONFIG_BITS = 2**Inputs + Inputs * CHOICE_BITS + 2;

  reg                            clk = 0;
  reg                            active = 0;
  reg  [CONFIG_BITS-1:0]         configuration = 0;
  reg  [Sources-1:0]             source = 0;
  reg                            state;
  reg                            value;
  reg                            owed;
  reg  [31:0]                    draw;
  reg  [CONFIG_BITS+Sources-1:0] drawn;
  wire                           out;
  wire [Sources-1:0]             enters, leaves;
  integer                        i, k, s, chosen, row;
  integer                        faults = 0;

  always #5 clk = !clk;

  fpsa_lut #(
    .Inputs (Inputs),
    .Sources(Sources)
  ) u_lut (
    .clk_i   (clk),
    .active_i(active),
    .config_i(configuration),
    .source_i(source),
    .out_o   (out)
  );

  fpsa_pads #(
    .Slots(Sources)
  ) u_pads (
    .active_i(active),
    .pad_i   (source),
    .enters_o(enters),
    .leaves_i(~source),
    .pad_o   (leaves)
  );

  // What the LUT owes for what stands before it
  task model;
    begin
      row = 0;
      for (k = 0; k < Inputs; k = k + 1) begin
        chosen = 0;
        for (s = 0; s < CHOICE_BITS; s = s + 1)
          if (configuration[2**Inputs+k*CHOICE_BITS+s]) chosen = chosen + 2**s;
        if (chosen > 0 && chosen <= Sources)
          if (source[chosen-1]) row = row + 2**k;
      end
      value = configuration[row];
      owed  = active && (configuration[CONFIG_BITS-2] ? state : value);
    end
  endtask

  initial begin
    for (i = 0; i < Clocks; i = i + 1) begin
      @(negedge clk);
      for (k = 0; k < CONFIG_BITS + Sources; k = k + 1) begin
        draw     = $random;
        drawn[k] = draw[0];
      end
      source = drawn[Sources-1:0];
      if (i % 16 == 0) configuration = drawn[Sources+:CONFIG_BITS];
      active = (i % 16 != 0) && (i % 23 != 0);
      #1 model;
      if (i > 0 && out !== owed) faults = faults + 1;
      if (enters !== (active ? source : {Sources{1'b0}})) faults = faults + 1;
      if (leaves !== (active ? ~source : {Sources{1'b0}})) faults = faults + 1;
      state = active ? value : configuration[CONFIG_BITS-1];
    end
    if (faults == 0) $display("PASS %0d", Clocks);
    else $display("FAIL %0d", faults);
    $finish;
  end

endmodule
