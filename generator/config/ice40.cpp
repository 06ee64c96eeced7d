#include "config/ice40.hpp"

#include <utility>

namespace config {

namespace {

using Devices = std::vector<std::pair<std::string, std::vector<std::string>>>;

const Devices& devices() {
  static const Devices kDevices = {
      {"lp384", {"qn32", "cm36", "cm49"}},
      {"lp1k", {"cm121", "cm36", "cm49", "swg16tr", "cm81", "cb81", "qn84", "cb121"}},
      {"lp4k", {"cm225", "cm81", "cm121"}},
      {"lp8k", {"cm225", "cm81", "cm121"}},
      {"hx1k", {"tq144", "vq100", "cb132"}},
      {"hx4k", {"tq144", "cb132", "bg121"}},
      {"hx8k", {"ct256", "cb132", "cm225", "bg121"}},
      {"up3k", {"sg48", "uwg30"}},
      {"up5k", {"sg48", "uwg30"}},
      {"u1k", {"sg48"}},
      {"u2k", {"sg48"}},
      {"u4k", {"sg48"}},
  };
  return kDevices;
}

}  // namespace

std::vector<std::string> ice40_devices() {
  std::vector<std::string> names;
  for (const auto& [name, packages] : devices()) names.push_back(name);
  return names;
}

std::vector<std::string> ice40_packages(const std::string& device) {
  for (const auto& [name, packages] : devices())
    if (name == device) return packages;
  return {};
}

}  // namespace config
