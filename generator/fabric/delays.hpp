// How long signals take through a fabric: what logic takes, and what makes wires slow.
#pragma once

#include <cstddef>

namespace fabric {

/// Picoseconds, and of wires resistances and capacitances. The values here are those of VTR's
/// k6_N10_40nm.xml; technology files have them for all who route (`flow::Technology`).
struct Delays {
  int lut = 261;         ///< through a LUT
  int setup = 66;        ///< of a flip-flop
  int clock_to_q = 124;  ///< of a flip-flop
  int local_in = 95;     ///< from a CLB's input to a LUT's, through the local crossbar
  int local_back = 75;   ///< from a LUT's output to a LUT's input of the same CLB
  int output = 45;       ///< from a LUT or a flip-flop to a CLB's output
  int input_pad = 42;
  int output_pad = 14;
  int connection = 72;   ///< from a wire to an input of a tile
  int multiplexer = 58;  ///< before a wire, with a driver that nothing loads

  double driver_resistance = 551;         ///< of a wire's driver, ohm
  double driver_capacitance = 4;          ///< at its output, fF
  double wire_resistance = 101;           ///< of a wire, ohm a tile
  double wire_capacitance = 22.5;         ///< of a wire, fF a tile
  double multiplexer_capacitance = 0.77;  ///< of an input of a multiplexer before a wire, fF
  double connection_capacitance = 1.47;   ///< of one before an input of a tile, fF
};

/// Picoseconds through the multiplexer before a wire of `tiles` and the wire itself, by Elmore's
/// formula: the wire's driver charges all that hangs on it, evenly along its length. `wires`
/// multiplexers before wires and `inputs` before inputs of tiles can read it, whether they do or
/// not. At least 1.
int wire_delay(const Delays& delays, int tiles, std::size_t wires, std::size_t inputs);

}  // namespace fabric
