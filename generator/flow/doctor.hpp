// Which tools are here, what they can do, and the command that installs what is missing.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace flow {

/// Something a tool must be able to do: probed by running it, since version strings lie.
struct Capability {
  std::string name{};  ///< "synth_ice40"
  bool present = false;

  bool operator==(const Capability&) const = default;
};

struct ToolStatus {
  std::string name{};     ///< "verilator"
  std::string purpose{};  ///< "simulation"
  bool required = true;   ///< by flows/demo.sh; the others serve single verbs
  std::string path{};     ///< "" if not found
  std::string version{};  ///< as it prints it; "" if not found or unreadable
  std::string minimum{};  ///< oldest version tested
  bool recent = false;    ///< version >= minimum
  std::vector<Capability> capabilities{};
  std::string package{};  ///< Debian package
  std::string install{};  ///< command that installs it

  /// Found, recent enough and able to do all that is asked of it.
  bool usable() const;
};

/// Looks for every tool and runs those found.
std::vector<ToolStatus> examine_tools();

/// First version number ("5.006", "2.0.17") in `text`, or "".
std::string version_in(const std::string& text);

/// Compares dotted numbers field by field; missing fields are 0. "5.006" >= "5.6" holds.
bool at_least(const std::string& version, const std::string& minimum);

}  // namespace flow
