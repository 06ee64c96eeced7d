// A fabric as VPR's architecture file, so that VTR's tools place and route on the same fabric.
#pragma once

#include <string>

#include "fabric/architecture.hpp"

namespace fabric {

/// XML for VPR 8 and later: one fixed layout "fpsa" of the fabric's size, tiles "io" and "clb" with
/// pins on the sides where Graph has them, a full crossbar, unidirectional wires. Delays are
/// constants, as in Delays: no wire has a resistance or a capacitance. The channel width is no part
/// of such a file; a comment tells it. Throws what validate() throws.
std::string vpr_architecture(const Architecture& architecture);

}  // namespace fabric
