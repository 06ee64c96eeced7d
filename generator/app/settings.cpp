#include "app/settings.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace app {

std::pair<std::string, std::string> split_setting(const std::string& setting) {
  const std::size_t equals = setting.find('=');
  if (equals == std::string::npos)
    base::fail(base::Code::kUsage, fmt::format("\"{}\" is not key=value", setting), "--set",
               "--set key=value");
  return {setting.substr(0, equals), setting.substr(equals + 1)};
}

}  // namespace app
