// The iCE40 devices and packages that nextpnr-ice40 0.4 places for.
#pragma once

#include <string>
#include <vector>

namespace config {

/// "hx8k", "up5k"...: the values of synth.device.
std::vector<std::string> ice40_devices();

/// Packages of a device, the one that is taken if none is asked for first; empty if there is no
/// such device.
std::vector<std::string> ice40_packages(const std::string& device);

}  // namespace config
