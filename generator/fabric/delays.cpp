#include "fabric/delays.hpp"

#include <algorithm>
#include <cmath>

namespace fabric {

int wire_delay(const Delays& delays, int tiles, std::size_t wires, std::size_t inputs) {
  constexpr double kPicoseconds = 1e-3;  // of an ohm and a femtofarad
  const double load = delays.wire_capacitance * tiles +
                      delays.multiplexer_capacitance * static_cast<double>(wires) +
                      delays.connection_capacitance * static_cast<double>(inputs);
  const double charging = delays.driver_resistance * (delays.driver_capacitance + load) +
                          delays.wire_resistance * tiles * load / 2;
  return std::max(1, delays.multiplexer + static_cast<int>(std::lround(kPicoseconds * charging)));
}

}  // namespace fabric
