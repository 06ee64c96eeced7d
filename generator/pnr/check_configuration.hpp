// Checks a configuration against the circuit that it is to be.
#pragma once

#include "base/error.hpp"
#include "pnr/extract.hpp"
#include "pnr/implement.hpp"

namespace pnr {

/// Adds a kRoutingInvalid for each fault: those of extract(), and each LUT, flip-flop and pad that
/// is not, at its place, what the circuit has there: a LUT that reads something else or computes
/// another function of it, a flip-flop that is missing, too many or begins otherwise, a pad that
/// shows another signal.
void check_configuration(const Implementation& done, const Extracted& extracted,
                         base::Diagnostics& diagnostics);

}  // namespace pnr
