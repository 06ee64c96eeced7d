// Timing and power of a mapped netlist with OpenSTA.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace flow {

struct StaRequest {
  std::filesystem::path directory;  ///< a run directory, synthesised for the ASIC flow
  std::string top;
  std::filesystem::path scripts;  ///< the project's flows/ folder
  double clock_ns = 10.0;         ///< the period that slacks and power are of
  double activity = 0.1;  ///< transitions a net and clock; the bench's result knows the real one
};

struct StaResult {
  double clock_ns = 0.0;       ///< the period asked for; the slacks and the power are at this clock
  double slack_ns = 0.0;       ///< worst over all paths at the clock asked for; negative: not met
  double hold_slack_ns = 0.0;  ///< worst over all paths
  double tns_ns = 0.0;         ///< sum of the negative slacks
  double fmax_mhz = 0.0;       ///< fastest clock: the one that leaves no slack, whatever was asked
  std::string path_from;       ///< start of the path that limits it, as OpenSTA names it
  std::string path_to;
  std::uint64_t overloads = 0;      ///< cell outputs beyond their max_capacitance
  std::uint64_t untimed_cells = 0;  ///< black boxes: neither their delay nor their power is counted
  double internal_w = 0.0;
  double switching_w = 0.0;
  double leakage_w = 0.0;
  double total_w = 0.0;

  bool operator==(const StaResult&) const = default;
};

/// Runs flows/opensta/sta.tcl on DIR/build/asic/netlist.v with build/asic/cells.lib and
/// constraints/<top>.sdc; log in reports/opensta.log. Cells without a model, such as macro
/// crossbars, are black boxes: paths end at them and their power is not counted. Throws
/// kToolMissing, kToolFailed (also where the script stopped), kToolOutput (a part of the report is
/// absent).
StaResult analyse_timing(const StaRequest& request);

/// Reads the lines "fpsa <key> <value>" and the power table out of `log`.
StaResult parse_sta(const std::string& log, const std::string& source);

}  // namespace flow
