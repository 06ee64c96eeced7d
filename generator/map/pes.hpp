// The PEs that hold the core-ops of a program.
#pragma once

#include <string>
#include <vector>

#include "config/spec.hpp"
#include "core/program.hpp"
#include "units/unit.hpp"

namespace map {

/// Names of the core-ops' PEs, fit for files and nets: "<stem of its bus>_r<row tile>_c<column
/// tile>".
std::vector<std::string> pe_names(const core::Program& program,
                                  const std::vector<std::string>& stems);

/// Path of the memory files of PE `unit` out of `count`; see memory_path() of a design.
std::string memory_path(std::size_t unit, std::size_t count, const std::string& name);

/// A PE like `spec` for each core-op; equal ones are one unit. Offsets and thresholds of all ops
/// choose the widths of all PEs. With `preset` memories each is a unit of its own. Throws
/// kDoesNotFit and kWeightRange as map() says.
std::vector<units::UnitPtr> pe_units(const core::Program& program, const config::Pe& spec,
                                     const std::vector<std::string>& names, bool preset);

}  // namespace map
