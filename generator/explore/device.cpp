#include "explore/device.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <limits>
#include <map>
#include <set>

#include "base/bits.hpp"
#include "base/error.hpp"
#include "base/layout.hpp"
#include "config/toml_reader.hpp"

namespace explore {

namespace {

using Values = std::map<std::string, config::Value>;

std::int64_t figure(const Values& values, const std::string& device, const char* key,
                    const std::string& source) {
  const auto found = values.find(device + "." + key);
  const auto* number = found == values.end() ? nullptr : std::get_if<std::int64_t>(&found->second);
  if (number && *number > 0) return *number;
  base::fail(base::Code::kBadText,
             fmt::format("{}.{} is absent, or no number above 0", device, key), source,
             "give luts, dsps, dsp_a, dsp_b, block_rams, block_ram_bits, block_ram_width");
}

std::string in_lower_case(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::int64_t rams_of(const Device& device, const units::MemoryNeed& need) {
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  std::int64_t depth = device.block_ram_bits / device.block_ram_width;
  for (int width = device.block_ram_width; width > 0; width /= 2, depth *= 2)
    least = std::min(least, base::ceil_div(need.width, width) * base::ceil_div(need.depth, depth));
  return need.count * least;
}

}  // namespace

std::vector<Device> devices_of(const std::string& text, const std::string& source) {
  const Values values = config::read_toml_values(text, source);
  std::set<std::string> names;
  for (const auto& [key, value] : values) names.insert(key.substr(0, key.find('.')));
  std::vector<Device> devices;
  for (const std::string& name : names) {
    const auto of = [&](const char* key) { return figure(values, name, key, source); };
    devices.push_back({.name = name,
                       .luts = of("luts"),
                       .dsps = of("dsps"),
                       .dsp_a = static_cast<int>(of("dsp_a")),
                       .dsp_b = static_cast<int>(of("dsp_b")),
                       .block_rams = of("block_rams"),
                       .block_ram_bits = of("block_ram_bits"),
                       .block_ram_width = static_cast<int>(of("block_ram_width"))});
  }
  return devices;
}

Device device_of(const std::vector<Device>& devices, const std::string& name,
                 const std::string& where) {
  std::vector<std::string> names;
  for (const Device& device : devices) {
    if (in_lower_case(device.name) == in_lower_case(name)) return device;
    names.push_back(device.name);
  }
  base::fail(base::Code::kUsage, fmt::format("there is no device {}", base::quoted_name(name)),
             where,
             fmt::format("one of {}; or --multipliers and --memory-bits of another",
                         fmt::join(names, ", ")));
}

int dsps_of(const Device& device, int a, int b) {
  const auto grid = [](int x, int by_x, int y, int by_y) {
    return static_cast<int>(base::ceil_div(x, by_x) * base::ceil_div(y, by_y));
  };
  return std::min(grid(a, device.dsp_a, b, device.dsp_b), grid(a, device.dsp_b, b, device.dsp_a));
}

std::int64_t block_rams_of(const Device& device, const std::vector<units::MemoryNeed>& needs) {
  std::int64_t sum = 0;
  for (const units::MemoryNeed& need : needs)
    if (need.depth > kShallow) sum += rams_of(device, need);
  return sum;
}

}  // namespace explore
