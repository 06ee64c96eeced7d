// Timing and power of a mapped netlist with OpenSTA.
#pragma once

#include <filesystem>
#include <string>

namespace flow {

struct StaRequest {
  std::filesystem::path directory;  ///< a run directory, synthesised for the ASIC flow
  std::string top;
  std::filesystem::path scripts;  ///< the project's flows/ folder
  std::filesystem::path liberty;
  double clock_ns = 10.0;
  double activity = 0.1;  ///< transitions a net and clock; the bench's result knows the real one
};

struct StaResult {
  double slack_ns = 0.0;  ///< of the worst path; negative: the clock is too fast
  double wns_ns = 0.0;    ///< worst negative slack, 0 if there is none
  double fmax_mhz = 0.0;  ///< 1000 / (clock - slack)
  std::string path_from;  ///< start of the worst path, as OpenSTA names it
  std::string path_to;
  double internal_w = 0.0;
  double switching_w = 0.0;
  double leakage_w = 0.0;
  double total_w = 0.0;

  bool operator==(const StaResult&) const = default;
};

/// Runs flows/opensta/sta.tcl on DIR/build/asic/netlist.v; log in reports/opensta.log. Throws
/// kToolMissing, kToolFailed, kToolOutput (a part of the report is absent).
StaResult analyse_timing(const StaRequest& request);

/// Reads report_checks, report_wns and report_power out of `log`.
StaResult parse_sta(const std::string& log, double clock_ns, const std::string& source);

}  // namespace flow
