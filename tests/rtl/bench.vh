// What every bench of a leaf has: clock, reset, random numbers, checks and the verdict. Included
// inside the bench's module, which has a parameter Seed.
//
// A bench drives on the falling edge, looks a moment later at what the coming rising edge will
// see, and moves its model on. It ends with "PASS checks=...", or at the first difference with a
// MISMATCH line and a non-zero exit status.

  reg     clk    = 1'b0;
  reg     rst_n  = 1'b0;
  integer checks = 0;

  always #5 clk = !clk;

  // Random numbers: xorshift, the same in every simulator
  reg [31:0] random_state = Seed * 32'h9e3779b1 ^ 32'h1234567;

  function [31:0] random(input unused);
    begin
      random_state = random_state ^ (random_state << 13);
      random_state = random_state ^ (random_state >> 17);
      random_state = random_state ^ (random_state << 5);
      random       = random_state;
    end
  endfunction

  function [31:0] below(input [31:0] limit);
    below = random(1'b0) % limit;
  endfunction

  function chance(input [31:0] percent);
    chance = random(1'b0) % 32'd100 < percent;
  endfunction

  task expect_value(input [16*8-1:0] name, input [63:0] actual, input [63:0] expected);
    begin
      checks = checks + 1;
      if (actual !== expected) begin
        $display("MISMATCH time=%0t %0s expected=%h actual=%h", $time, name, expected, actual);
        $fatal(1, "outputs differ");
      end
    end
  endtask

  task pass;
    begin
      $display("PASS checks=%0d", checks);
      $finish;
    end
  endtask
