// Units of a Liberty library.
#pragma once

#include "flow/liberty.hpp"

namespace flow {

/// Brings a library to ns, pF, V and nW: its unit attributes, and every figure that the tools read
/// (delays, transitions, loads, energies, leakage, voltages, and the axes of tables by the
/// variables of their templates). Figures keep their digits: 12.5 ps is 12.5e-3 ns. Throws
/// kBadLibrary for a unit that it does not know.
void use_common_units(LibertyGroup& library, const std::string& source);

}  // namespace flow
