// Blocks come and results leave at random: each pass reads all blocks of the vector that is due, in
// order and without a gap, and begins as soon as the vector is there and there is room.
// verilator lint_off WIDTH
module fpsa_circulant_walk_tb #(
  parameter Cols   = 3,
  parameter Passes = 2,
  parameter Lanes  = 2,
  parameter Rest   = 1,
  parameter Depth  = 4,
  parameter Seed   = 1,
  parameter Clocks = 6000
);

`include "bench.vh"

  localparam BLOCK_BITS  = $clog2(2 * Cols);
  localparam WEIGHT_BITS = (Passes * Cols > 1) ? $clog2(Passes * Cols) : 1;

  reg                    valid = 0;
  reg                    freed = 0;
  wire                   ready;
  wire                   write;
  wire [BLOCK_BITS-1:0]  write_addr;
  wire                   read;
  wire                   first;
  wire                   last;
  wire [BLOCK_BITS-1:0]  read_addr;
  wire [WEIGHT_BITS-1:0] weight_addr;

  fpsa_circulant_walk #(
    .Cols  (Cols),
    .Passes(Passes),
    .Lanes (Lanes),
    .Rest  (Rest),
    .Depth (Depth)
  ) u_dut (
    .clk_i        (clk),
    .rst_ni       (rst_n),
    .valid_i      (valid),
    .ready_o      (ready),
    .write_o      (write),
    .write_addr_o (write_addr),
    .read_o       (read),
    .first_o      (first),
    .last_o       (last),
    .read_addr_o  (read_addr),
    .weight_addr_o(weight_addr),
    .freed_i      (freed)
  );

  integer blocks;    // that came, since the reset
  integer vectors;   // of which all passes are over
  integer pass_at;   // pass that is under way or comes next
  integer col;       // block that it reads, -1 between passes
  integer reserved;  // results
  integer done;      // of them such that may leave
  integer wants;
  integer i, eager;

  initial begin
    blocks   = 0;
    vectors  = 0;
    pass_at  = 0;
    col      = -1;
    reserved = 0;
    done     = 0;
    repeat (3) @(negedge clk);
    for (i = 0; i < Clocks; i = i + 1) begin
      @(negedge clk);
      if (i % 200 == 0) eager = 10 + below(91);
      rst_n = i > 0 && !(chance(1) && chance(30));
      valid = chance(110 - eager);
      freed = rst_n && done > 0 && chance(eager);
      #1;
      if (i > 0) begin
        expect_value("ready", ready, blocks < (vectors + 2) * Cols);
        expect_value("write", write, valid && ready);
        if (write) expect_value("write addr", write_addr, blocks % (2 * Cols));
        expect_value("read", read, col >= 0);
        if (col >= 0) begin
          expect_value("first", first, col == 0);
          expect_value("read addr", read_addr, vectors % 2 * Cols + col);
          expect_value("weight addr", weight_addr, pass_at * Cols + col);
        end
        expect_value("last", last, col == Cols - 1);
      end
      if (!rst_n) begin
        blocks   = 0;
        vectors  = 0;
        pass_at  = 0;
        col      = -1;
        reserved = 0;
        done     = 0;
      end else begin
        // The pass goes on or ends, with results that may leave from now on.
        if (col == Cols - 1) begin
          done    = done + (pass_at == Passes - 1 ? Rest : Lanes);
          col     = -1;
          pass_at = pass_at + 1;
          if (pass_at == Passes) begin
            pass_at = 0;
            vectors = vectors + 1;
          end
        end else if (col >= 0) begin
          col = col + 1;
        end
        // The next one begins with what was there before this clock.
        wants = pass_at == Passes - 1 ? Rest : Lanes;
        if (col < 0 && blocks >= (vectors + 1) * Cols && reserved + wants <= Depth) begin
          col      = 0;
          reserved = reserved + wants;
        end
        if (freed) begin
          done     = done - 1;
          reserved = reserved - 1;
        end
        if (valid && ready) blocks = blocks + 1;
      end
    end
    pass;
  end

endmodule
