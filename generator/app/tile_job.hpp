// `generate` of a fabric's tiles, one by one, and what each takes in area and bits.
#pragma once

#include <string>
#include <vector>

#include "app/run_directory.hpp"
#include "flow/area.hpp"

namespace app {

enum class TileContent { kLogic, kPads, kPe, kMemory };

/// A tile as a unit of `generate`.
struct TileUnit {
  std::string name;  ///< for `generate`, and Manifest::kind
  std::string doc;
  TileContent content;
};

/// tile, io_tile, pe_tile, memory_tile.
const std::vector<TileUnit>& tile_units();

/// That of the name; null: it is no tile.
const TileUnit* find_tile(const std::string& name);

/// The RTL of a tile with the wires that begin beside it, as it is far from a fabric's edges, or,
/// of pads, in the middle of its lower edge; columns and rows do not count. A PE has
/// fabric.pe_rows x fabric.pe_cols weights, as many as [pe] says where they are 0, and a tile above
/// it. Throws what fabric::validate() and units::with_widths() throw.
void generate_tile(const TileUnit& unit, config::Spec spec, base::StagedDirectory& out);

/// What the tile of a run directory offers and takes: LUTs, in LUTs of 4 inputs (2^K / 16 each) as
/// well, configuration bits, multiplexers before its wires and inputs. With what synthesis made of
/// it also the share of routing in its area, or in its cells where they have no area. Throws
/// kToolOutput if `area` lacks a module of it.
nlohmann::json tile_cost(const Manifest& manifest, const flow::AreaReport* area = nullptr);

/// LUTs as tile_cost() has them, and `bits` of configuration for each; empty for 0 LUTs.
nlohmann::json lut_cost(const config::Fabric& fabric, long luts, long bits, double area_um2);

}  // namespace app
