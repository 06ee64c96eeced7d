// One axis of a window's walk over a map whose lines lie in banks: where the window stands, which of
// its taps lie in the map, in which banks, and where in them.
//
// Line x of the axis lies in bank x mod Banks, slot floor(x / Banks) mod Slots; a slot has Words
// words. Windows see each line Repeat times, phase after phase, all but the first CropBegin and the
// last CropEnd of these lines. Banks are such that taps on different lines of the map meet in none.
// Windows stand at Stride * f - PadBegin; Neighbours of them are shown at once, of which the last ones
// may not exist.
// Taps        t = neighbour * Kernel + k lies Stride * neighbour + Dilation * k behind the first.
// Ring        0: the walk comes back to the same lines. 1: the next map's lines follow in memory.
// Outputs     last_o: the coming step begins anew. select_o: bit t * Banks + b, tap t lies in the
//             map and in bank b; with Phases = Repeat, bit (t * Banks + b) * Repeat + p, and there in
//             phase p. base_o: by bank, the first word of its line.
// Latency     one cycle from step_i; none else. First window after reset.
// Limits      Banks * Slots >= Size with Ring 0; pads and crops >= 0, all else >= 1; Phases 1 or
//             Repeat; a line and a window at least.
module fpsa_line_axis #(
  parameter Size       = 5,
  parameter Kernel     = 3,
  parameter Stride     = 1,
  parameter Dilation   = 1,
  parameter PadBegin   = 1,
  parameter PadEnd     = 1,
  parameter Repeat     = 1,
  parameter CropBegin  = 0,
  parameter CropEnd    = 0,
  parameter Phases     = 1,
  parameter Neighbours = 1,
  parameter Ring       = 0,
  parameter Banks      = 3,
  parameter Slots      = 2,
  parameter Words      = 1,
  parameter AddrBits   = 4
) (
  // Clock
  input  wire                                      clk_i,
  input  wire                                      rst_ni,
  // Walk
  input  wire                                      step_i,
  output wire                                      last_o,
  // Taps
  output wire [Kernel*Neighbours*Banks*Phases-1:0] select_o,
  output wire [Banks*AddrBits-1:0]                 base_o
);

  localparam TAPS   = Kernel * Neighbours;
  localparam EXTENT = (Kernel - 1) * Dilation;
  localparam LINES  = Size * Repeat;
  localparam SHOWN  = LINES - CropBegin - CropEnd;
  localparam COUNT  = (PadBegin + SHOWN + PadEnd - EXTENT - 1) / Stride + 1;
  localparam STEPS  = (COUNT + Neighbours - 1) / Neighbours;
  localparam REST   = COUNT - (STEPS - 1) * Neighbours;
  localparam STEP   = Neighbours * Stride;

  // Places in lines, in two's complement
  localparam        BITS  = $clog2(PadBegin + LINES + PadEnd + STEP + EXTENT + 1) + 1;
  localparam [31:0] BEGIN = PadBegin;
  localparam [31:0] NEXT  = STEP;
  localparam [31:0] LAST  = (STEPS - 1) * STEP;

  reg  [BITS-1:0] at_q;  // of the window, counted from the first one
  wire [BITS-1:0] place = at_q - BEGIN[BITS-1:0];  // from the first line that is shown

  assign last_o = at_q == LAST[BITS-1:0];

  always @(posedge clk_i) begin
    if (!rst_ni) at_q <= {BITS{1'b0}};
    else if (step_i) at_q <= last_o ? {BITS{1'b0}} : at_q + NEXT[BITS-1:0];
  end

  // Bank and phase, one-hot, and slot of the first tap's line; in the map or not, it has them
  localparam SEEN       = Banks * Repeat;  // lines that have different ones
  localparam RING       = SEEN * Slots;
  localparam JUMP       = (Ring ? LINES : 0) - (STEPS - 1) * STEP;
  localparam START_AT   = ((CropBegin - PadBegin) % RING + RING) % RING;
  localparam STEP_AT    = STEP % RING;
  localparam JUMP_AT    = (JUMP % RING + RING) % RING;
  localparam STEP_BANKS = STEP_AT % SEEN;
  localparam JUMP_BANKS = JUMP_AT % SEEN;

  localparam [31:0]     WORDS      = Slots * Words;
  localparam [31:0]     START_SLOT = START_AT / SEEN * Words;
  localparam [31:0]     STEP_SLOT  = STEP_AT / SEEN * Words;
  localparam [31:0]     JUMP_SLOT  = JUMP_AT / SEEN * Words;
  localparam [31:0]     NEXT_SLOT  = Words;
  localparam [SEEN-1:0] ONE        = 1;
  localparam [SEEN-1:0] START_BANK = ONE << START_AT % SEEN;
  localparam [SEEN-1:0] STEP_OVER  = {SEEN{1'b1}} << (SEEN - STEP_BANKS);
  localparam [SEEN-1:0] JUMP_OVER  = {SEEN{1'b1}} << (SEEN - JUMP_BANKS);

  reg  [SEEN-1:0]     bank_q;
  reg  [AddrBits-1:0] slot_q;
  wire [SEEN-1:0]     bank;
  wire                over = |(bank_q & (last_o ? JUMP_OVER : STEP_OVER));
  wire [AddrBits:0]   far  = last_o ? JUMP_SLOT[AddrBits:0] : STEP_SLOT[AddrBits:0];
  wire [AddrBits:0]   more = over ? NEXT_SLOT[AddrBits:0] : {(AddrBits + 1){1'b0}};

  function [AddrBits-1:0] wrapped(input [AddrBits:0] words);
    wrapped = words[AddrBits-1:0] - ((words < WORDS[AddrBits:0]) ? {AddrBits{1'b0}} : WORDS[AddrBits-1:0]);
  endfunction

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      bank_q <= START_BANK;
      slot_q <= START_SLOT[AddrBits-1:0];
    end else if (step_i) begin
      bank_q <= bank;
      slot_q <= wrapped({1'b0, slot_q} + far + more);
    end
  end

  wire [TAPS-1:0] mapped;  // taps in the map, of neighbours that exist

  genvar b, p, t;
  generate
    for (b = 0; b < Banks; b = b + 1) begin : gen_bank
      wire [TAPS*Repeat-1:0]          here;   // taps whose line lies here, by phase
      wire [TAPS*Repeat*AddrBits-1:0] ahead;  // how far it is ahead of the slot, in words
      reg  [AddrBits-1:0]             offset;
      integer                         i;

      for (p = 0; p < Repeat; p = p + 1) begin : gen_phase
        localparam LINE = b * Repeat + p;

        assign bank[LINE] = last_o ? bank_q[(LINE + SEEN - JUMP_BANKS) % SEEN]
                                   : bank_q[(LINE + SEEN - STEP_BANKS) % SEEN];

        for (t = 0; t < TAPS; t = t + 1) begin : gen_tap
          localparam        BEHIND = t / Kernel * Stride + t % Kernel * Dilation;
          localparam        FROM   = (LINE + BEHIND * (SEEN - 1)) % SEEN;
          localparam [31:0] AHEAD  = (FROM + BEHIND) / SEEN % Slots * Words;

          assign here[t*Repeat+p] = bank_q[FROM];
          assign ahead[(t*Repeat+p)*AddrBits +: AddrBits] = AHEAD[AddrBits-1:0] & {AddrBits{bank_q[FROM]}};
        end
      end

      for (t = 0; t < TAPS; t = t + 1) begin : gen_select
        if (Phases == Repeat) begin : gen_phases
          assign select_o[(t*Banks+b)*Phases +: Phases] = here[t*Repeat +: Repeat] & {Phases{mapped[t]}};
        end else begin : gen_any
          assign select_o[t*Banks+b] = |here[t*Repeat +: Repeat] && mapped[t];
        end
      end

      always @* begin
        offset = {AddrBits{1'b0}};
        for (i = 0; i < TAPS * Repeat; i = i + 1) offset = offset | ahead[i*AddrBits +: AddrBits];
      end

      assign base_o[b*AddrBits +: AddrBits] = wrapped({1'b0, slot_q} + {1'b0, offset});
    end

    for (t = 0; t < TAPS; t = t + 1) begin : gen_mapped
      localparam        BEHIND = t / Kernel * Stride + t % Kernel * Dilation;
      localparam [31:0] BELOW  = BEHIND;
      localparam [31:0] ABOVE  = BEHIND - SHOWN;

      wire [BITS-1:0] below = place + BELOW[BITS-1:0];
      wire [BITS-1:0] above = place + ABOVE[BITS-1:0];
      wire            alone = last_o && t / Kernel >= REST;
      wire            unused_place = &{1'b0, below, above};

      assign mapped[t] = !below[BITS-1] && above[BITS-1] && !alone;
    end
  endgenerate

  generate
    if (Size < 1 || Kernel < 1 || Stride < 1 || Dilation < 1 || PadBegin < 0 || PadEnd < 0
        || Repeat < 1 || CropBegin < 0 || CropEnd < 0 || SHOWN < 1
        || (Phases != 1 && Phases != Repeat) || Neighbours < 1 || Banks < 1 || Slots < 1 || Words < 1
        || PadBegin + SHOWN + PadEnd <= EXTENT || (Ring == 0 && RING < LINES)) begin : gen_limits
      fpsa_line_axis_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
