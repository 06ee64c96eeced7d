// Cells and areas of a synthesised netlist, module by module.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace flow {

/// Area in um^2 of each cell.
using CellAreas = std::map<std::string, double>;

/// Cells of a LEF file: MACRO name, SIZE width BY height, in um. Throws kToolOutput if there are
/// none.
CellAreas lef_areas(const std::string& lef, const std::string& source);

/// The LEF file in the same folder with the same stem as `liberty` (x.lib, x.lib.gz), or "":
/// Debian's osu018 Liberty has wrong areas (OAI21X1: 23, its layout 32), its LEF is right.
std::filesystem::path lef_beside(const std::filesystem::path& liberty);

/// Memories and cells of one module, as `stat -json` of Yosys counts them; cells include instances
/// of other modules.
struct ModuleStat {
  std::map<std::string, std::uint64_t> cells{};
  std::uint64_t memory_bits = 0;
};

/// A parameterised module's name for people: "$paramod\leaf\W=s32'0..0100" is "leaf(W=4)",
/// "$paramod$1f2e3d4c...\leaf" (many parameters) is "leaf#1f2e3d4c"; others lose their backslash.
std::string readable_module(const std::string& yosys_name);

/// A black box as the netlist has it.
struct BlackBox {
  std::string module{};
  std::map<std::string, std::int64_t> parameters{};  ///< the numbers among them

  bool operator==(const BlackBox&) const = default;
};

/// Gives the black boxes of `modules` names with their parameters,
/// "fpsa_xbar_macro(Cols=4,Rows=8)", and returns them by these names. `json` is the netlist of the
/// black boxes from Yosys. Throws kToolOutput if it is unreadable.
std::map<std::string, BlackBox> name_blackboxes(std::map<std::string, ModuleStat>& modules,
                                                const std::string& json,
                                                const std::vector<std::string>& blackboxes,
                                                const std::string& source);

/// Modules by their readable names. Throws kToolOutput naming `source`.
std::map<std::string, ModuleStat> parse_stat(const std::string& json, const std::string& source);

/// One line of the table.
struct ModuleArea {
  std::string module{};
  std::uint64_t instances = 0;  ///< in the whole design
  std::uint64_t cells = 0;      ///< of one instance, without the modules it contains
  double area_um2 = 0.0;        ///< of all instances, without the modules they contain
  double share = 0.0;           ///< of the design's area, or of its cells where cells have no area

  bool operator==(const ModuleArea&) const = default;
};

struct AreaReport {
  std::uint64_t cells = 0;    ///< leaf cells of the whole design, black boxes included
  double area_um2 = 0.0;      ///< 0 where the technology has no cell areas (FPGA)
  double blackbox_um2 = 0.0;  ///< part of area_um2 that is black boxes
  std::map<std::string, std::uint64_t> cell_types{};  ///< leaf cells of the whole design by type
  std::vector<ModuleArea> modules{};                  ///< largest share first, then by name
};

/// What the areas are reckoned with. `areas` empty: count only.
struct AreaSources {
  CellAreas areas{};
  CellAreas blackboxes{};  ///< um^2 of an instance
};

/// Adds up `modules` from `top` down. Throws kCellWithoutArea listing every cell type that neither
/// is a module nor has an area (unless there are no areas at all), and kToolOutput if `top` is
/// missing.
AreaReport add_up(const std::map<std::string, ModuleStat>& modules, const std::string& top,
                  const AreaSources& sources);

/// Memory bits of the whole design by module (instances multiplied), modules without memory left
/// out.
std::map<std::string, std::uint64_t> memory_bits(const std::map<std::string, ModuleStat>& modules,
                                                 const std::string& top);

}  // namespace flow
