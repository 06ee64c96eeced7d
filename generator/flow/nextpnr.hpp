// Place and route on a Lattice iCE40 with nextpnr.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace flow {

struct PnrRequest {
  std::filesystem::path directory{};  ///< a run directory, synthesised for the ice40 flow
  std::filesystem::path netlist{};    ///< from Yosys; empty: DIR/build/ice40/netlist.json
  std::string device = "hx8k";        ///< nextpnr's flag without the dashes: hx8k, up5k...
  std::string package = "ct256";
  std::filesystem::path pcf{};  ///< pins; empty: nextpnr chooses
  double clock_ns = 20.0;
  std::uint64_t seed = 1;  ///< the first that is tried
  /// How long its log may stand still. An iteration of the placer takes seconds on the largest
  /// iCE40.
  std::chrono::seconds silence{60};
};

struct Utilisation {
  std::uint64_t used = 0;
  std::uint64_t available = 0;

  bool operator==(const Utilisation&) const = default;
};

struct PnrResult {
  std::string device{};
  std::uint64_t seed = 0;  ///< that it was placed with
  double fmax_mhz = 0.0;   ///< of the slowest clock
  std::map<std::string, Utilisation>
      utilisation;  ///< ICESTORM_LC: logic cells; ICESTORM_RAM; SB_IO...
};

/// Places and routes a netlist; log in reports/nextpnr.log, nextpnr's own report
/// in reports/nextpnr.json. The default placer never ends for some seeds when a device is nearly
/// full, so one that stands still is started again with the next seed, kSeeds times in all. Throws
/// kToolMissing, kDoesNotFit (more cells, memories or pins than the device has), kToolFailed,
/// kToolOutput, kToolTimeout (it stood still with every seed).
inline constexpr int kSeeds = 4;
PnrResult place_and_route(const PnrRequest& request);

/// Reads nextpnr's --report.
PnrResult parse_pnr(const std::string& json, const std::string& device, const std::string& source);

}  // namespace flow
