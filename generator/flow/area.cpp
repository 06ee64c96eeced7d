#include "flow/area.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>

#include "base/error.hpp"
#include "base/files.hpp"
#include "flow/tool.hpp"

namespace flow {
namespace {

namespace fs = std::filesystem;
using Modules = std::map<std::string, ModuleStat>;

// "W=s32'00..0100" -> "W=4"; strings and x's stay as they are.
std::string readable_parameter(const std::string& parameter) {
  static const std::regex number(R"((\w+)=(s?)\d+'([01]+))");
  std::smatch match;
  if (!std::regex_match(parameter, match, number) || match[3].length() > 63) return parameter;
  const std::string bits = match[3];
  std::int64_t value = std::stoll(bits, nullptr, 2);
  if (match[2] == "s" && bits[0] == '1') value -= std::int64_t{1} << bits.size();
  return fmt::format("{}={}", match[1].str(), value);
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

// Yosys 0.23 prints "$paramod...  2" between the lines of its JSON when a module has parameters.
std::string json_lines(const std::string& text) {
  std::string kept;
  for (const std::string& line : lines_of(text)) {
    const std::size_t first = line.find_first_not_of(" \t");
    if (first != std::string::npos && std::string("{}\"").find(line[first]) != std::string::npos)
      kept += line + "\n";
  }
  return kept;
}

ModuleStat stat_of(const nlohmann::json& module) {
  ModuleStat stat;
  stat.memory_bits = module.at("num_memory_bits");
  for (const auto& [type, count] : module.at("num_cells_by_type").items())
    stat.cells[readable_module(type)] = count.get<std::uint64_t>();
  return stat;
}

// Instances of every module below `top`, itself once. Modules form a DAG, so a depth-first walk
// that multiplies on the way down is enough.
void count_instances(const Modules& modules, const std::string& module, std::uint64_t times,
                     std::map<std::string, std::uint64_t>& instances) {
  instances[module] += times;
  for (const auto& [type, count] : modules.at(module).cells)
    if (modules.count(type)) count_instances(modules, type, times * count, instances);
}

std::map<std::string, std::uint64_t> instances_below(const Modules& modules,
                                                     const std::string& top) {
  if (!modules.count(top))
    base::fail(base::Code::kToolOutput, fmt::format("Yosys counted no module {}", top));
  std::map<std::string, std::uint64_t> instances;
  count_instances(modules, top, 1, instances);
  return instances;
}

class Adder {
 public:
  Adder(const Modules& modules, const AreaSources& sources)
      : modules_(modules), sources_(sources) {}

  void add(const std::string& module, std::uint64_t instances) {
    ModuleArea line;
    line.module = module;
    line.instances = instances;
    for (const auto& [type, count] : modules_.at(module).cells)
      if (!modules_.count(type)) add_cells(line, type, count);
    report_.modules.push_back(line);
  }

  AreaReport finish() {
    if (!unknown_.empty())
      base::fail(base::Code::kCellWithoutArea,
                 fmt::format("no area is known for {}", fmt::join(unknown_, " ")), {},
                 "give the technology file that has it, or another Liberty file");
    for (ModuleArea& line : report_.modules) line.share = share_of(line);
    std::sort(report_.modules.begin(), report_.modules.end(),
              [](const ModuleArea& a, const ModuleArea& b) {
                return a.share != b.share ? a.share > b.share : a.module < b.module;
              });
    return std::move(report_);
  }

 private:
  void add_cells(ModuleArea& line, const std::string& type, std::uint64_t count) {
    const std::uint64_t everywhere = count * line.instances;
    line.cells += count;
    report_.cells += everywhere;
    report_.cell_types[type] += everywhere;
    const auto blackbox = sources_.blackboxes.find(type);
    const auto cell = sources_.areas.find(type);
    double area = 0;
    if (blackbox != sources_.blackboxes.end()) {
      area = blackbox->second * static_cast<double>(everywhere);
      report_.blackbox_um2 += area;
    } else if (cell != sources_.areas.end()) {
      area = cell->second * static_cast<double>(everywhere);
    } else if (!sources_.areas.empty()) {
      unknown_.insert(type);
    }
    line.area_um2 += area;
    report_.area_um2 += area;
  }

  double share_of(const ModuleArea& line) const {
    if (report_.area_um2 > 0) return line.area_um2 / report_.area_um2;
    if (report_.cells == 0) return 0;
    return static_cast<double>(line.cells * line.instances) / static_cast<double>(report_.cells);
  }

  const Modules& modules_;
  const AreaSources& sources_;
  AreaReport report_;
  std::set<std::string> unknown_;
};

}  // namespace

CellAreas lef_areas(const std::string& lef, const std::string& source) {
  CellAreas areas;
  std::string macro;
  for (const std::string& line : lines_of(lef)) {
    std::istringstream words(line);
    std::string key;
    words >> key;
    if (key == "MACRO") words >> macro;
    if (key != "SIZE" || macro.empty()) continue;
    double width = 0;
    double height = 0;
    std::string by;
    if (words >> width >> by >> height) areas[macro] = width * height;
  }
  if (areas.empty())
    base::fail(base::Code::kToolOutput, "no cell with an area in this LEF file", source);
  return areas;
}

fs::path lef_beside(const fs::path& liberty) {
  fs::path lef = liberty;
  if (lef.extension() == ".gz") lef.replace_extension();
  lef.replace_extension(".lef");
  return fs::exists(lef) ? lef : fs::path{};
}

std::string readable_module(const std::string& yosys_name) {
  // Read back from Verilog, a derived module has a backslash before its dollar sign.
  const std::string name =
      yosys_name.rfind("\\$paramod", 0) == 0 ? yosys_name.substr(1) : yosys_name;
  const std::vector<std::string> parts = split(name, '\\');
  if (parts.size() < 2) return name;
  if (parts[0].rfind("$paramod", 0) != 0) return name.substr(1);
  if (parts[0].size() > 9) return fmt::format("{}#{}", parts[1], parts[0].substr(9, 8));
  std::vector<std::string> parameters;
  for (std::size_t i = 2; i < parts.size(); ++i) parameters.push_back(readable_parameter(parts[i]));
  return fmt::format("{}({})", parts[1], fmt::join(parameters, ","));
}

std::map<std::string, ModuleStat> parse_stat(const std::string& text, const std::string& source) {
  try {
    const nlohmann::json document = nlohmann::json::parse(json_lines(text));
    Modules modules;
    for (const auto& [name, module] : document.at("modules").items())
      modules[readable_module(name)] = stat_of(module);
    return modules;
  } catch (const std::exception& error) {
    base::fail(base::Code::kToolOutput,
               fmt::format("the cell counts of Yosys are unreadable: {}", error.what()), source);
  }
}

AreaReport add_up(const Modules& modules, const std::string& top, const AreaSources& sources) {
  Adder adder(modules, sources);
  for (const auto& [module, instances] : instances_below(modules, top))
    adder.add(module, instances);
  return adder.finish();
}

std::map<std::string, std::uint64_t> memory_bits(const Modules& modules, const std::string& top) {
  std::map<std::string, std::uint64_t> bits;
  for (const auto& [module, instances] : instances_below(modules, top))
    if (modules.at(module).memory_bits > 0)
      bits[module] = modules.at(module).memory_bits * instances;
  return bits;
}

}  // namespace flow
