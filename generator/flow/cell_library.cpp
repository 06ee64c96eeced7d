#include "flow/cell_library.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/files.hpp"
#include "flow/liberty_units.hpp"

namespace flow {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLargest = 1 << 30;  // bytes of text a file

bool one_of(const std::string& word, std::initializer_list<const char*> words) {
  return std::ranges::find(words, word) != words.end();
}

// --- One file ------------------------------------------------------------------------------------

// What Yosys, ABC and OpenSTA read of a group; the rest (noise, current sources, variation, wire
// loads, layouts) would only cost time.
bool is_read(const std::string& kind, const std::string& inside) {
  if (inside == "library")
    return one_of(kind,
                  {"cell", "lu_table_template", "power_lut_template", "operating_conditions"});
  if (inside == "cell") return one_of(kind, {"pin", "ff", "latch", "pg_pin", "leakage_power"});
  if (inside == "pin") return one_of(kind, {"timing", "internal_power"});
  if (inside == "timing")
    return one_of(kind, {"cell_rise", "cell_fall", "rise_transition", "fall_transition",
                         "rise_constraint", "fall_constraint"});
  return inside == "internal_power" && one_of(kind, {"rise_power", "fall_power", "power"});
}

void keep_what_is_read(LibertyGroup& group) {
  std::erase_if(group.groups,
                [&](const LibertyGroup& child) { return !is_read(child.kind, group.kind); });
  std::erase_if(group.attributes, [](const LibertyAttribute& attribute) {
    return one_of(attribute.name, {"define", "define_group", "default_wire_load",
                                   "default_wire_load_selection", "default_wire_load_mode"});
  });
  for (LibertyGroup& child : group.groups) keep_what_is_read(child);
}

// pin (A, B) {} is two pins.
void part_pins(LibertyGroup& cell) {
  std::vector<LibertyGroup> groups;
  for (LibertyGroup& group : cell.groups) {
    if (group.kind != "pin" || group.arguments.size() < 2) {
      groups.push_back(std::move(group));
      continue;
    }
    for (const std::string& name : std::vector<std::string>(group.arguments)) {
      group.arguments = {name};
      groups.push_back(group);
    }
  }
  cell.groups = std::move(groups);
}

// An output without a limit has the library's.
void limit_outputs(LibertyGroup& cell, const std::string& otherwise) {
  for (LibertyGroup& pin : cell.groups)
    if (pin.kind == "pin" && pin.text("direction") == "output" && !pin.find("max_capacitance") &&
        !otherwise.empty())
      pin.set("max_capacitance", otherwise);
}

bool is_excluded(const LibertyGroup& cell, const std::vector<std::string>& patterns,
                 std::set<std::string>& matched) {
  bool excluded = cell.is_true("dont_use");
  for (const std::string& pattern : patterns)
    if (fnmatch(pattern.c_str(), cell.name().c_str(), 0) == 0) {
      matched.insert(pattern);
      excluded = true;
    }
  return excluded;
}

void use_areas(LibertyGroup& library, const CellAreas& areas) {
  for (LibertyGroup& cell : library.groups)
    if (const auto area = areas.find(cell.name()); cell.kind == "cell" && area != areas.end())
      cell.set("area", fmt::format("{:.6g}", area->second));
}

void require_tables(const LibertyGroup& library, const std::string& source) {
  const std::string model = library.text("delay_model");
  if (!model.empty() && model != "table_lookup")
    base::fail(base::Code::kBadLibrary, fmt::format("delay_model is {}", model), source,
               "give a library with delay tables (table_lookup)");
}

LibertyGroup read_file(const fs::path& file) {
  LibertyGroup library = parse_liberty(base::read_file(file, kLargest), file.string());
  require_tables(library, file.string());
  use_common_units(library, file.string());
  if (const fs::path lef = lef_beside(file); !lef.empty())
    use_areas(library, lef_areas(base::read_file(lef), lef.string()));
  for (LibertyGroup& group : library.groups)
    if (group.kind == "cell")
      part_pins(group), limit_outputs(group, library.text("default_max_capacitance"));
  return library;
}

// --- Several files -------------------------------------------------------------------------------

// Memories and other macros, which the flow has no use for, often come in a file of their own that
// measures in its own way.
bool adds_cells(const LibertyGroup& library) {
  return std::ranges::any_of(library.groups, [](const LibertyGroup& group) {
    return group.kind == "cell" && (is_gate(group) || group.group("ff") || group.group("latch"));
  });
}

// Figures of files that differ in these do not belong together.
void require_alike(const LibertyGroup& one, const LibertyGroup& other, const std::string& source) {
  for (const char* name :
       {"nom_voltage", "slew_derate_from_library", "slew_lower_threshold_pct_rise",
        "slew_lower_threshold_pct_fall", "slew_upper_threshold_pct_rise",
        "slew_upper_threshold_pct_fall", "input_threshold_pct_rise", "input_threshold_pct_fall",
        "output_threshold_pct_rise", "output_threshold_pct_fall"})
    if (one.number(name, 0) != other.number(name, 0))
      base::fail(base::Code::kBadLibrary,
                 fmt::format("{} is {} here and {} in the files before", name,
                             other.number(name, 0), one.number(name, 0)),
                 source, "give files of one library and one corner");
}

// Templates of one name may differ between files.
void rename_templates(LibertyGroup& group, const std::string& suffix) {
  const bool is_table = group.kind.ends_with("_rise") || group.kind.ends_with("_fall") ||
                        group.kind.ends_with("_constraint") ||
                        group.kind.ends_with("_transition") || group.kind.ends_with("power") ||
                        group.kind.ends_with("_template");
  if (is_table && !group.arguments.empty() && group.name() != "scalar")
    group.arguments[0] += suffix;
  for (LibertyGroup& child : group.groups) rename_templates(child, suffix);
}

void append(LibertyGroup& all, LibertyGroup library, const fs::path& file) {
  if (adds_cells(library)) require_alike(all, library, file.string());
  const std::string suffix = fmt::format("_{}", all.arguments.size() + 1);
  for (LibertyGroup& group : library.groups) {
    if (group.kind == "operating_conditions") continue;
    for (LibertyGroup& child : group.groups) rename_templates(child, suffix);
    if (group.kind != "cell") rename_templates(group, suffix);
    all.groups.push_back(std::move(group));
  }
  all.arguments.push_back(library.name());
}

void require_unique(const LibertyGroup& library, const std::vector<fs::path>& files) {
  std::set<std::string> names;
  for (const LibertyGroup& group : library.groups)
    if (group.kind == "cell" && !names.insert(group.name()).second)
      base::fail(base::Code::kBadLibrary, fmt::format("the cell {} is there twice", group.name()),
                 files.back().string(), "give each file of a library once, and one corner of it");
}

// The conditions that the library's figures are of, named so that OpenSTA finds their voltage:
// without it there is no power.
void set_conditions(LibertyGroup& library, const std::string& source) {
  const std::string wanted = library.text("default_operating_conditions");
  const LibertyGroup* found = nullptr;
  for (const LibertyGroup& group : library.groups)
    if (group.kind == "operating_conditions" && (!found || group.name() == wanted)) found = &group;
  const auto figure = [&](const char* own, const char* nominal, const char* otherwise) {
    const std::string text = found ? found->text(own) : std::string();
    if (!text.empty()) return text;
    return library.find(nominal) ? library.text(nominal) : std::string(otherwise);
  };
  LibertyGroup conditions{"operating_conditions", {"fpsa_conditions"}, {}, {}};
  conditions.set("process", figure("process", "nom_process", "1"));
  conditions.set("voltage", figure("voltage", "nom_voltage", ""));
  conditions.set("temperature", figure("temperature", "nom_temperature", "25"));
  if (conditions.number("voltage", 0) <= 0)
    base::fail(base::Code::kBadLibrary,
               "neither nom_voltage nor operating_conditions give a voltage", source,
               "add nom_voltage to the library");
  std::erase_if(library.groups,
                [](const LibertyGroup& group) { return group.kind == "operating_conditions"; });
  library.groups.insert(library.groups.begin(), conditions);
  library.set("default_operating_conditions", "fpsa_conditions");
}

LibertyGroup read_files(const std::vector<fs::path>& files) {
  LibertyGroup all = read_file(files.front());
  for (std::size_t i = 1; i < files.size(); ++i) append(all, read_file(files[i]), files[i]);
  require_unique(all, files);
  set_conditions(all, files.front().string());
  return all;
}

// --- The cells that may be used ------------------------------------------------------------------

void leave_out(CellLibrary& result, LibertyGroup& library,
               const std::vector<std::string>& dont_use) {
  std::set<std::string> matched;
  const std::size_t before = library.groups.size();
  std::erase_if(library.groups, [&](const LibertyGroup& group) {
    return group.kind == "cell" && is_excluded(group, dont_use, matched);
  });
  result.left_out += before - library.groups.size();
  for (const std::string& pattern : dont_use)
    if (!matched.contains(pattern))
      result.warnings.push_back(fmt::format("dont_use: no cell is called {}", pattern));
}

// Cells that are neither gates nor chosen would only draw warnings from the tools.
void keep_usable(CellLibrary& result, LibertyGroup& library) {
  std::set<std::string> chosen;
  for (const CellRole& role : result.roles) chosen.insert(role.cell);
  const std::size_t before = library.groups.size();
  std::erase_if(library.groups, [&](const LibertyGroup& group) {
    return group.kind == "cell" && !is_gate(group) && !chosen.contains(group.name());
  });
  result.left_out += before - library.groups.size();
}

void add_areas(CellLibrary& result, const LibertyGroup& library) {
  for (const LibertyGroup& group : library.groups) {
    if (group.kind != "cell") continue;
    ++result.cells;
    if (const double area = group.number("area", -1); area >= 0) result.areas[group.name()] = area;
  }
}

}  // namespace

CellLibrary read_library(const std::vector<fs::path>& files,
                         const std::vector<std::string>& dont_use) {
  LibertyGroup library = read_files(files);
  CellLibrary result;
  for (const std::string& name : library.arguments)
    result.name += (result.name.empty() ? "" : " + ") + name;
  library.arguments.resize(1);
  leave_out(result, library, dont_use);
  result.roles = find_roles(library, files.front().string());
  keep_usable(result, library);
  keep_what_is_read(library);
  add_areas(result, library);
  result.text = print_liberty(library);
  return result;
}

}  // namespace flow
