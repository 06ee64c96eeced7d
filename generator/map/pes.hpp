// The PEs that hold the core-ops of a program.
#pragma once

#include <string>
#include <vector>

#include "config/spec.hpp"
#include "core/program.hpp"
#include "map/cut.hpp"
#include "units/unit.hpp"

namespace map {

/// Names of the core-ops' PEs, fit for files and nets: "<stem of its bus>_<core::op_name()>".
std::vector<std::string> pe_names(const core::Program& program,
                                  const std::vector<std::string>& stems);

/// Path of the memory files of PE `unit` out of `count`; see memory_path() of a design.
std::string memory_path(std::size_t unit, std::size_t count, const std::string& name);

/// A PE like `spec` for each core-op, with its island's windows; equal ones are one unit. Offsets
/// and thresholds of all ops with equal windows choose the widths of their PEs. With `preset`
/// memories each is a unit of its own. Throws kDoesNotFit and kWeightRange as map() says.
std::vector<units::UnitPtr> pe_units(const core::Program& program, const Cut& cut,
                                     const config::Pe& spec, const std::vector<std::string>& names,
                                     bool preset);

}  // namespace map
