// A bench with a parameter that decides its verdict and a plusarg that it prints.
module tiny_tb;
  parameter Good = 1;
  integer n;

  initial begin
    #1;
    if (!$value$plusargs("n=%d", n)) n = 0;
    if (Good == 1) $display("PASS %0d", n);
    else $display("MISMATCH Good is %0d", Good);
    $finish;
  end
endmodule
