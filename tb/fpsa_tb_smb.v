// Bench of one memory between two islands: plays its writer's windows and takes its tokens, each side
// with random pauses of its own. Compares every tick of the windows that it reads, and in every clock
// whether it has room and whether the reader may begin.
//
// Run in the run directory. tb/tb_params.vh defines DUT WRITE_WIDTH READ_WIDTH READ_PERIOD
// WRITE_TICKS READ_TICKS DEPTH (tokens), LATE (1: a token is in memory a clock after its last tick),
// EARLY (1: a window frees its tokens with its first tick, 0: with its last), MERGES if several windows may make a token, WRITES_WORDS and READS_WORDS
// if a side's bus carries words. tb/vectors holds, in hexadecimal,
//   write.mem   WRITE_TICKS lines {win, live, first, done, bus}
//   read.mem    READ_TICKS lines: the bus, tick by tick, in the live windows of the reader
//   amounts.mem a line each of these windows: {tokens that it needs, tokens that it frees}
// Macros: IDLE percent of idle clocks, SEED, TIMEOUT clocks without a tick of either side.
// Plusargs: +trace. Ends as fpsa_tb_pe does.
`include "tb/tb_params.vh"

`ifndef IDLE
`define IDLE 25
`endif
`ifndef SEED
`define SEED 1
`endif
`ifndef TIMEOUT
`define TIMEOUT 100000
`endif

module fpsa_tb_smb;

  localparam FIRINGS = `READ_TICKS / `READ_PERIOD;

  reg [`WRITE_WIDTH+3:0] write_mem   [0:`WRITE_TICKS-1];
  reg [`READ_WIDTH-1:0]  read_mem    [0:`READ_TICKS-1];
  reg [63:0]             amounts_mem [0:FIRINGS-1];

  // Device
  reg                     clk = 1'b0;
  reg                     rst_n = 1'b0;
  reg                     fire = 1'b0;
  reg                     write_tick = 1'b0;
  reg  [`WRITE_WIDTH+3:0] stimulus = {(`WRITE_WIDTH + 4){1'b0}};
  reg                     read_tick = 1'b0;
  reg                     read_win = 1'b0;
  reg                     read_live = 1'b0;
  wire                    write_win;
  wire                    write_live;
  wire                    first;
  wire                    done;
  wire [`WRITE_WIDTH-1:0] bus;
  wire                    room;
  wire                    valid;
  wire                    win;
  wire                    live;
  wire [`READ_WIDTH-1:0]  actual;

  assign {write_win, write_live, first, done, bus} = stimulus;

  always #5 clk = ~clk;

  `DUT u_dut (
    .clk_i        (clk),
    .rst_ni       (rst_n),
    .write_room_o (room),
    .write_fire_i (fire),
    .write_tick_i (write_tick),
    .write_win_i  (write_win),
    .write_live_i (write_live),
`ifdef MERGES
    .write_first_i(first),
    .write_done_i (done),
`endif
    .write_spike_i(bus),
    .read_valid_o (valid),
    .read_tick_i  (read_tick),
    .read_win_i   (read_win),
    .read_live_i  (read_live),
    .read_win_o   (win),
    .read_live_o  (live),
    .read_spike_o (actual)
  );

  // Random numbers: xorshift, the same in every simulator
  reg [31:0] random = `SEED * 32'h9e3779b1 ^ 32'h1234567;
  reg        chance;

  task step_random(input [31:0] percent);
    begin
      random = random ^ (random << 13);
      random = random ^ (random >> 17);
      random = random ^ (random << 5);
      chance = random % 32'd100 < percent;
    end
  endtask

  // The writer: a token's first window comes after its reservation
  integer written = 0;   // ticks played
  integer reserved = 0;  // tokens that have not begun
  reg     open = 1'b0;   // a token waits for windows
  reg     ticked = 1'b0;
  integer used = 0;      // tokens reserved and not yet freed
  integer held = 0;      // tokens written and not yet freed
  reg     whole = 1'b0;  // a token gets into memory in the coming clock

  task drive_write;
    begin
      step_random(32'd50);
      fire = room && chance;
      stimulus = write_mem[written < `WRITE_TICKS ? written : 0];
      #1;
      step_random(32'd100 - `IDLE);
      write_tick = chance && written < `WRITE_TICKS
                   && !(write_win && write_live && !open && reserved == 0);
`ifdef MERGES
`ifdef WRITES_WORDS
      // Words that merge have a clock between them.
      if (ticked) write_tick = 1'b0;
`endif
`endif
      ticked = write_tick;
      if (whole) held = held + 1;
      whole = 1'b0;
      if (write_tick) begin
        if (write_win && write_live && !open) begin
          reserved = reserved - 1;
          open     = 1'b1;
        end
        written = written + 1;
        if (write_live && (written == `WRITE_TICKS || write_mem[written][`WRITE_WIDTH+3]) && done)
        begin
          open = 1'b0;
          if (`LATE) whole = 1'b1;
          else held = held + 1;
        end
      end
      if (fire) begin
        reserved = reserved + 1;
        used     = used + 1;
      end
    end
  endtask

  // The reader: takes what waits, now and then a silent window
  integer read = 0;           // ticks of live windows played
  integer position = 0;       // of the coming tick
  reg     shown_win = 1'b0;   // what the outputs have to show
  reg     shown_live = 1'b0;
  integer shown = 0;          // line of read.mem
  integer compared = 0;
  wire [31:0] need;           // tokens, of the window at hand; after the last one they begin anew
  wire [31:0] frees;

  assign {need, frees} = amounts_mem[read < `READ_TICKS ? read / `READ_PERIOD : 0];

  task drive_read;
    begin
      read_win = position == 0;
      step_random(32'd80);
      if (read_win) read_live = valid && chance && read < `READ_TICKS;
      step_random(32'd100 - `IDLE);
      read_tick = chance;
    end
  endtask

  task expect_outputs;
    begin
      compared = compared + 1;
      if (room !== (used < `DEPTH)) begin
        $display("MISMATCH room expected=%b actual=%b used=%0d", used < `DEPTH, room, used);
        $fatal(1, "room differs");
      end
      if (position == 0 && valid !== (held >= need)) begin
        $display("MISMATCH token=%0d valid expected=%b actual=%b held=%0d needed=%0d",
                 read / `READ_PERIOD, held >= need, valid, held, need);
        $fatal(1, "valid differs");
      end
      if (win !== shown_win || live !== shown_live) begin
        $display("MISMATCH token=%0d win_o expected=%b actual=%b live_o expected=%b actual=%b",
                 shown / `READ_PERIOD, shown_win, win, shown_live, live);
        $fatal(1, "marks differ");
      end
      if (shown_live && actual !== read_mem[shown]) begin
        $display("MISMATCH token=%0d tick=%0d expected=%h actual=%h", shown / `READ_PERIOD,
                 shown % `READ_PERIOD, read_mem[shown], actual);
        $fatal(1, "outputs differ");
      end
`ifndef READS_WORDS
      if (!shown_live && actual !== {`READ_WIDTH{1'b0}}) begin
        $display("MISMATCH after token=%0d spikes=%h in a silent window", shown / `READ_PERIOD, actual);
        $fatal(1, "outputs differ");
      end
`endif
    end
  endtask

  task move_read;
    if (read_tick) begin
      if (read_live && position == (`EARLY ? 0 : `READ_PERIOD - 1)) begin
        held = held - frees;
        used = used - frees;
      end
      shown_win  = read_win;
      shown_live = read_live;
      if (read_live) begin
        shown = read;
        read  = read + 1;
      end
      position = (position + 1) % `READ_PERIOD;
    end
  endtask

  integer waited = 0;
  integer extra = 0;  // clocks after all is read, in which nothing may come

  initial begin
    if ($test$plusargs("trace")) begin
      $dumpfile("trace.vcd");
      $dumpvars(0, fpsa_tb_smb);
    end
    $readmemh("tb/vectors/write.mem", write_mem);
    $readmemh("tb/vectors/read.mem", read_mem);
    $readmemh("tb/vectors/amounts.mem", amounts_mem);
    repeat (4) @(negedge clk);
    rst_n = 1'b1;
    while (extra < 100) begin
      @(negedge clk);
      expect_outputs;
      drive_write;
      drive_read;
      waited = (write_tick || read_live) ? 0 : waited + 1;
      if (waited > `TIMEOUT) begin
        $display("TIMEOUT written=%0d read=%0d room=%b valid=%b", written, read, room, valid);
        $fatal(1, "nothing moves");
      end
      move_read;
      if (read == `READ_TICKS && written == `WRITE_TICKS) extra = extra + 1;
    end
    $display("PASS ticks=%0d compared=%0d", `READ_TICKS, compared);
    $finish;
  end

endmodule
