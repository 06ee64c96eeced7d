// Settings on the command line.
#pragma once

#include <string>
#include <utility>

namespace app {

/// "key=value" in its two parts; throws kUsage if there is no "=".
std::pair<std::string, std::string> split_setting(const std::string& setting);

}  // namespace app
