// `pnr` of a compiled network: what its RTL has beside PEs and memories becomes LUTs, and all of it
// a circuit on a fabric.
#pragma once

#include <filesystem>

#include "app/pipeline.hpp"
#include "app/pnr_job.hpp"

namespace app {

inline constexpr int kNetworkPnrStages = 9;

/// Folder of the whole fabric in a run directory of place_network().
inline constexpr const char* kFabricFolder = "fabric";

/// Puts the network of the run directory `options.directory` on a fabric, and makes of `out` a run
/// directory of the same network in which rtl/ has the circuit that the bitstream's bits alone make
/// of the fabric (emit/circuit.hpp), behind the network's ports. fabric/ has the whole fabric,
/// which level "fabric" of `simulate` configures through its port; the other files are those of
/// place_and_route(). Throws what map_to_luts(), implement() and restore() throw, and kUsage for a
/// network whose memories are preset or whose reset is asynchronous.
void place_network(const PnrOptions& options, base::StagedDirectory& out, base::Progress& progress);

/// The design that `directory`'s RTL holds: `mapped`'s, or, on a fabric whose spec gives its PE
/// tiles a size, that with such PEs (map::uniform()).
map::Design hardware_of(const Mapped& mapped, const std::filesystem::path& directory);

/// Sources of level "fabric" in such a directory, from it; empty: it is none.
std::vector<std::filesystem::path> fabric_sources(const std::filesystem::path& directory);

/// Throws kUsage for a directory that place_network() made: `what` it is asked for in vain and why,
/// and the `cure`.
void refuse_fabric(const std::filesystem::path& directory, const std::string& what,
                   const std::string& cure);

}  // namespace app
