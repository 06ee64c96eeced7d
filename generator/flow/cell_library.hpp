// The cell library of the ASIC flow, as all of its tools are given it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "flow/area.hpp"
#include "flow/cell_roles.hpp"

namespace flow {

struct CellLibrary {
  std::string name{};                   ///< names of the library groups, "a + b"
  std::string text{};                   ///< Liberty: ns, pF, V, nW; only cells that may be used
  std::vector<CellRole> roles{};        ///< which cells do what
  CellAreas areas{};                    ///< um^2
  std::size_t cells = 0;                ///< in the text
  std::size_t left_out = 0;             ///< scan and clock-gate cells, fillers, dont_use...
  std::vector<std::string> warnings{};  ///< patterns that match no cell
};

/// Reads the Liberty files (.gz too), which together are one library. Left out are cells that the
/// library marks dont_use or a pattern of `dont_use` matches (shell wildcards: "*_X1", "DF[FX]*"),
/// and cells that are neither gates nor fill a role. Loads of wires (wire_load) are left out as
/// well. Areas come from the LEF file beside a Liberty file, where it has the cell. Throws
/// kFileUnreadable, or kBadLibrary: not Liberty, a cell twice, files of gates that differ in
/// voltage or in how they measure, or cells too few to map to.
CellLibrary read_library(const std::vector<std::filesystem::path>& files,
                         const std::vector<std::string>& dont_use);

}  // namespace flow
