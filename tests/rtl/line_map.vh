// Firings of a window over a map, and the tokens that each needs and lets go, by coordinates. Included
// inside a bench that has the parameters of fpsa_line_amounts; firings count through a map from 0.

  localparam ROW          = (Width + Beside - 1) / Beside;
  localparam MAP          = Height * ROW;
  localparam SEEN_ROWS    = Height * RepeatRows;  // with those left out
  localparam SEEN_COLS    = Width * RepeatCols;
  localparam OUT_ROWS     = (PadTop - CropTop + SEEN_ROWS - CropBottom + PadBottom
                             - (KernelRows - 1) * DilationRows - 1) / StrideRows + 1;
  localparam OUT_COLS     = (PadLeft - CropLeft + SEEN_COLS - CropRight + PadRight
                             - (KernelCols - 1) * DilationCols - 1) / StrideCols + 1;
  localparam GROUPS       = (OUT_COLS + Neighbours - 1) / Neighbours;
  localparam FIRINGS      = OUT_ROWS * GROUPS;

  function integer clamp(input integer low, input integer number, input integer high);
    clamp = number < low ? low : number > high ? high : number;
  endfunction

  function integer least(input integer a, input integer b);
    least = a < b ? a : b;
  endfunction

  // Tokens of the map before the first that firing f looks at, or before its row of windows if the
  // firing before is of another; or before the map's last, which stays
  function integer first_of(input integer f, input integer same_row);
    integer top, left;
    begin
      top      = f / GROUPS * StrideRows - PadTop + CropTop;
      left     = same_row ? f % GROUPS * Neighbours * StrideCols - PadLeft + CropLeft : 0;
      first_of = top >= SEEN_ROWS ? MAP : clamp(0, top, SEEN_ROWS) / RepeatRows * ROW
                 + clamp(0, left, ROW * Beside * RepeatCols) / RepeatCols / Beside;
      first_of = least(first_of, MAP - 1);
    end
  endfunction

  // Tokens of the map that no firing after f looks at
  function integer freed_of(input integer f);
    integer g;
    begin
      freed_of = MAP;
      for (g = f + 1; g < FIRINGS; g = g + 1) freed_of = least(freed_of, first_of(g, g / GROUPS == f / GROUPS));
    end
  endfunction

  // Tokens of the map that must have been written: one that is still there at least, unless firings
  // beside the map run ahead of it
  function integer need_of(input integer f);
    integer bottom, right;
    begin
      bottom  = f / GROUPS * StrideRows - PadTop + CropTop + (KernelRows - 1) * DilationRows;
      right   = (least((f % GROUPS + 1) * Neighbours, OUT_COLS) - 1) * StrideCols - PadLeft + CropLeft
                + (KernelCols - 1) * DilationCols;
      need_of = bottom < 0 ? 0 : least(bottom, SEEN_ROWS - 1) / RepeatRows * ROW
                + ((clamp(0, right + 1, SEEN_COLS) + RepeatCols - 1) / RepeatCols + Beside - 1) / Beside;
      if (need_of < freed_of(f)) need_of = freed_of(f);
      if (f == 0 && need_of == 0 && !Ahead) need_of = 1;
      if (f > 0 && need_of == freed_of(f - 1) && !Ahead) need_of = need_of + 1;
    end
  endfunction
