// Firings of a window over a map, and the tokens that each needs and lets go, by coordinates. Included
// inside a bench that has the parameters of fpsa_line_amounts; firings count through a map from 0.

  localparam ROW          = (Width + Beside - 1) / Beside;
  localparam MAP          = Height * ROW;
  localparam OUT_ROWS     =
      (PadTop + Height + PadBottom - (KernelRows - 1) * DilationRows - 1) / StrideRows + 1;
  localparam OUT_COLS     =
      (PadLeft + Width + PadRight - (KernelCols - 1) * DilationCols - 1) / StrideCols + 1;
  localparam GROUPS       = (OUT_COLS + Neighbours - 1) / Neighbours;
  localparam FIRINGS      = OUT_ROWS * GROUPS;

  function integer clamp(input integer low, input integer number, input integer high);
    clamp = number < low ? low : number > high ? high : number;
  endfunction

  function integer least(input integer a, input integer b);
    least = a < b ? a : b;
  endfunction

  // Tokens of the map before the first that firing f looks at, or before its last, which stays
  function integer first_of(input integer f);
    integer top, left;
    begin
      top      = f / GROUPS * StrideRows - PadTop;
      left     = f % GROUPS * Neighbours * StrideCols - PadLeft;
      first_of = top >= Height ? MAP : clamp(0, top, Height) * ROW + clamp(0, left, ROW * Beside) / Beside;
      first_of = least(first_of, MAP - 1);
    end
  endfunction

  // Tokens of the map that no firing after f looks at
  function integer freed_of(input integer f);
    integer g;
    begin
      freed_of = MAP;
      for (g = f + 1; g < FIRINGS; g = g + 1) freed_of = least(freed_of, first_of(g));
    end
  endfunction

  // Tokens of the map that must have been written: one that is still there at least
  function integer need_of(input integer f);
    integer bottom, right;
    begin
      bottom  = f / GROUPS * StrideRows - PadTop + (KernelRows - 1) * DilationRows;
      right   = (least((f % GROUPS + 1) * Neighbours, OUT_COLS) - 1) * StrideCols - PadLeft
                + (KernelCols - 1) * DilationCols;
      need_of = bottom < 0 ? 0 : least(bottom, Height - 1) * ROW
                               + (clamp(0, right + 1, Width) + Beside - 1) / Beside;
      if (need_of < freed_of(f)) need_of = freed_of(f);
      if (f == 0 && need_of == 0) need_of = 1;
      if (f > 0 && need_of == freed_of(f - 1)) need_of = need_of + 1;
    end
  endfunction
