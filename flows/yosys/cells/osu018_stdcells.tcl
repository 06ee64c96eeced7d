# Facts of the library osu018_stdcells that its Liberty file does not tell the flow.
set driving_cell BUFX2       ;# drives an input of a block of logic
set output_load  60          ;# fF, an input of a full adder
set buffers {{BUFX2 A Y} {BUFX4 A Y}} ;# cell, input, output: small to large
