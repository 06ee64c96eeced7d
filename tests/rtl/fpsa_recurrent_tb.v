// Frames of streams come at random and sequences end at random; answers come back and go out at
// random. Every block that leaves the join is the one that is due, or zero, and nothing waits
// without a reason.
// verilator lint_off WIDTH
module fpsa_recurrent_tb #(
  parameter Width      = 5,
  parameter InBlocks   = 2,
  parameter BackBlocks = 3,
  parameter Streams    = 2,
  parameter Seed       = 1,
  parameter Clocks     = 6000
);

`include "bench.vh"

  localparam BLOCKS = InBlocks + BackBlocks;

  // Join
  reg              in_valid = 0;
  wire             in_ready;
  reg              in_last = 0;
  reg  [Width-1:0] in = 0;
  reg              back_valid = 0;
  wire             back_ready;
  reg  [Width-1:0] back = 0;
  wire             out_valid;
  reg              out_ready = 0;
  wire [Width-1:0] out;
  wire             tag_push;
  wire             tag_fresh;
  wire             tag_last;
  // Fork
  reg              answer_valid = 0;
  wire             answer_ready;
  wire             gone_valid;
  reg              gone_ready = 0;
  wire             gone_last;
  wire             back_push;
  reg              tag_valid = 0;
  reg              tag_end = 0;
  wire             tag_pop;
  // Fetch
  reg              step_valid = 0;
  wire             step_ready;
  reg              fresh = 0;
  wire             fresh_pop;
  wire             read;
  wire [(BackBlocks > 1 ? $clog2(BackBlocks) : 1)-1:0] addr;
  wire             fetched_valid;
  reg              fetched_ready = 0;
  wire             fetched_fresh;

  fpsa_recurrent_join #(
    .Width     (Width),
    .InBlocks  (InBlocks),
    .BackBlocks(BackBlocks),
    .Streams   (Streams)
  ) u_join (
    .clk_i       (clk),
    .rst_ni      (rst_n),
    .valid_i     (in_valid),
    .ready_o     (in_ready),
    .last_i      (in_last),
    .data_i      (in),
    .back_valid_i(back_valid),
    .back_ready_o(back_ready),
    .back_data_i (back),
    .valid_o     (out_valid),
    .ready_i     (out_ready),
    .data_o      (out),
    .tag_push_o  (tag_push),
    .tag_fresh_o (tag_fresh),
    .tag_last_o  (tag_last)
  );

  fpsa_recurrent_fork #(
    .Blocks(BackBlocks)
  ) u_fork (
    .clk_i      (clk),
    .rst_ni     (rst_n),
    .valid_i    (answer_valid),
    .ready_o    (answer_ready),
    .valid_o    (gone_valid),
    .ready_i    (gone_ready),
    .last_o     (gone_last),
    .back_push_o(back_push),
    .tag_valid_i(tag_valid),
    .tag_last_i (tag_end),
    .tag_pop_o  (tag_pop)
  );

  fpsa_cell_fetch #(
    .Steps(BackBlocks)
  ) u_fetch (
    .clk_i      (clk),
    .rst_ni     (rst_n),
    .valid_i    (step_valid),
    .ready_o    (step_ready),
    .tag_valid_i(tag_valid),
    .tag_fresh_i(fresh),
    .tag_pop_o  (fresh_pop),
    .read_o     (read),
    .addr_o     (addr),
    .valid_o    (fetched_valid),
    .ready_i    (fetched_ready),
    .fresh_o    (fetched_fresh)
  );

  integer              moved;       // blocks that left the join since the reset
  integer              frame, at;   // of them the frame, and the block in it
  reg    [Streams-1:0] begins;      // of each stream whether its frame begins at zero
  reg                  last_now;    // whether the frame under way is its sequence's last
  integer              went;        // blocks that left the fork
  integer              stepped;     // steps that were fetched
  reg                  held, held_fresh;
  reg                  is_in, waits, early;
  integer              i, stream;

  task forget;
    begin
      moved   = 0;
      begins  = {Streams{1'b1}};
      went    = 0;
      stepped = 0;
      held    = 0;
    end
  endtask

  initial begin
    forget;
    repeat (3) @(negedge clk);
    for (i = 0; i < Clocks; i = i + 1) begin
      @(negedge clk);
      rst_n         = i > 0 && !(chance(1) && chance(30));
      in_valid      = chance(60);
      in_last       = chance(40);
      in            = random(1'b0);
      back_valid    = chance(60);
      back          = random(1'b0);
      out_ready     = chance(70);
      answer_valid  = chance(70);
      gone_ready    = chance(70);
      tag_valid     = chance(80);
      tag_end       = chance(50);
      step_valid    = chance(70);
      fresh         = chance(50);
      fetched_ready = chance(70);
      #1;
      frame  = moved / BLOCKS;
      at     = moved % BLOCKS;
      stream = frame % Streams;
      is_in  = at < InBlocks;
      early  = frame < Streams;
      waits  = is_in ? !in_valid : !early && !back_valid;
      if (i > 0) begin
        expect_value("out valid", out_valid, !waits);
        expect_value("in ready", in_ready, is_in && out_ready);
        expect_value("back ready", back_ready, !is_in && !early && out_ready);
        if (!waits) expect_value("out", out, is_in ? in : begins[stream] ? 0 : back);
        expect_value("tag push", tag_push, !waits && out_ready && at == BLOCKS - 1);
        if (tag_push) expect_value("tag fresh", tag_fresh, begins[stream]);
        if (tag_push) expect_value("tag last", tag_last, last_now);

        expect_value("gone valid", gone_valid, answer_valid && tag_valid);
        expect_value("answer ready", answer_ready, gone_ready && tag_valid);
        expect_value("back push", back_push, answer_valid && gone_ready && tag_valid);
        expect_value("gone last", gone_last, tag_end && went % BackBlocks == BackBlocks - 1);
        expect_value("tag pop", tag_pop, back_push && went % BackBlocks == BackBlocks - 1);

        expect_value("step ready", step_ready, tag_valid && (!held || fetched_ready));
        expect_value("read", read, step_valid && step_ready);
        expect_value("addr", addr, stepped % BackBlocks);
        expect_value("fresh pop", fresh_pop, read && stepped % BackBlocks == BackBlocks - 1);
        expect_value("fetched", fetched_valid, held);
        if (held) expect_value("fetched fresh", fetched_fresh, held_fresh);
      end
      if (!rst_n) begin
        forget;
      end else begin
        if (!waits && out_ready) begin
          if (at == InBlocks - 1) last_now = in_last;
          if (at == BLOCKS - 1) begins[stream] = last_now;
          moved = moved + 1;
        end
        if (answer_valid && gone_ready && tag_valid) went = went + 1;
        if (!held || fetched_ready) begin
          held = step_valid && tag_valid;
          if (held) begin
            held_fresh = fresh;
            stepped    = stepped + 1;
          end
        end
      end
    end
    pass;
  end

endmodule
