// What a routed circuit configures its fabric with.
#pragma once

#include "fabric/configuration.hpp"
#include "pnr/implement.hpp"

namespace pnr {

/// Throws kDoesNotFit if the circuit's flip-flops have more than one clock or edge: a fabric has
/// one clock, whose rising edge counts; a falling one is taken for it.
fabric::Configuration configure(const Implementation& done, const fabric::Graph& graph,
                                const fabric::Layout& layout);

}  // namespace pnr
