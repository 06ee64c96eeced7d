// Windows written to and read from random addresses, in phases of their own; strobes that must not
// count between a window's last ticks. The model is a table of values.
// verilator lint_off WIDTH
module fpsa_smb_tb #(
  parameter Lanes   = 3,
  parameter Depth   = 3,
  parameter ActBits = 3,
  parameter Train   = 0,
  parameter Mode    = 0,
  parameter Seed    = 1,
  parameter Clocks  = 5000
);

`include "bench.vh"

  localparam PERIOD    = (Train == 0) ? ActBits : 1 << ActBits;
  localparam CEILING   = (1 << ActBits) - 1;
  localparam ADDR_BITS = (Depth > 1) ? $clog2(Depth) : 1;

  reg                  tick = 0;
  reg                  win = 0;
  reg  [Lanes-1:0]     spikes = 0;
  reg                  write = 0;
  reg                  write_first = 0;
  reg  [ADDR_BITS-1:0] write_addr = 0;
  reg                  read_win = 0;
  reg                  read = 0;
  reg  [ADDR_BITS-1:0] read_addr = 0;
  wire                 win_out;
  wire [Lanes-1:0]     played;

  fpsa_smb #(
    .Lanes  (Lanes),
    .Depth  (Depth),
    .ActBits(ActBits),
    .Train  (Train),
    .Mode   (Mode)
  ) u_dut (
    .clk_i        (clk),
    .rst_ni       (rst_n),
    .tick_i       (tick),
    .win_i        (win),
    .spike_i      (spikes),
    .write_i      (write),
    .write_first_i(write_first),
    .write_addr_i (write_addr),
    .read_win_i   (read_win),
    .read_i       (read),
    .read_addr_i  (read_addr),
    .win_o        (win_out),
    .spike_o      (played)
  );

  integer memory  [0:Depth*Lanes-1];
  integer value   [0:Lanes-1];  // of the window being written
  integer playing [0:Lanes-1];
  reg     known   [0:Depth-1];
  integer position;       // of the coming tick in the window being written
  integer read_position;  // in the one being read
  integer time_played;    // ticks of it on the outputs, -1: none yet
  reg     played_win;
  integer i, l, dense, place;

  // The train rule, for a value at a tick of its window
  function rule(input integer number, input integer at);
    integer b, reversed;
    begin
      reversed = 0;
      for (b = 0; b < ActBits; b = b + 1) reversed = 2 * reversed + ((at >> b) & 1);
      rule = Train == 0 ? (number >> (ActBits - 1 - at)) & 1 : reversed < number;
    end
  endfunction

  function integer merged(input integer old, input integer now);
    case (write_first ? 0 : Mode)
      1: merged = now > old ? now : old;
      2: merged = old + now > CEILING ? CEILING : old + now;
      default: merged = now;
    endcase
  endfunction

  task drive;
    begin
      tick        = chance(80);
      win         = position == 0;
      read_win    = read_position == 0;
      spikes      = random(0);
      for (l = 0; l < Lanes; l = l + 1) if (chance(dense)) spikes[l] = dense > 50;
      write       = chance(60);
      write_addr  = below(Depth);
      write_first = chance(30) || !known[write_addr];
      read_addr   = chance(50) ? write_addr : below(Depth);
      read        = known[read_addr] && chance(80);
    end
  endtask

  task check;
    begin
      expect_value("win", win_out, played_win);
      for (l = 0; l < Lanes; l = l + 1)
        expect_value("spike", played[l], time_played >= 0 && rule(playing[l], time_played));
    end
  endtask

  // Reads before it writes: a read at the tick of a write gives the old value.
  task move;
    if (tick) begin
      if (read_win)
        for (l = 0; l < Lanes; l = l + 1) playing[l] = read ? memory[read_addr*Lanes+l] : 0;
      if (read_win) time_played = 0;
      else if (time_played >= 0) time_played = time_played + 1;
      played_win = read_win;
      for (l = 0; l < Lanes; l = l + 1) begin
        if (win) value[l] = 0;
        if (Train == 0) value[l] = 2 * value[l] + spikes[l];
        else if (value[l] < CEILING) value[l] = value[l] + spikes[l];
        place = write_addr * Lanes + l;
        if (write && position == PERIOD - 1) memory[place] = merged(memory[place], value[l]);
      end
      if (write && position == PERIOD - 1) known[write_addr] = 1;
      position      = (position + 1) % PERIOD;
      read_position = (read_position + 1) % PERIOD;
    end
  endtask

  task clear;
    begin
      position      = 0;
      read_position = below(PERIOD);
      time_played   = -1;
      played_win    = 0;
    end
  endtask

  initial begin
    for (l = 0; l < Depth; l = l + 1) known[l] = 0;
    clear;
    repeat (3) @(negedge clk);
    for (i = 0; i < Clocks; i = i + 1) begin
      @(negedge clk);
      if (i % 40 == 0) dense = below(101);
      rst_n = i > 0 && (i % 1000 != 999);
      drive;
      #1;
      if (i > 0) check;
      if (rst_n) move;
      else begin
        tick = 0;
        clear;
      end
    end
    pass;
  end

endmodule
