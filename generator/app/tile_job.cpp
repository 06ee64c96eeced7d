#include "app/tile_job.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "app/home.hpp"
#include "app/pnr_job.hpp"
#include "base/error.hpp"
#include "emit/fabric.hpp"
#include "emit/hard_module.hpp"
#include "emit/tree.hpp"
#include "fabric/grid.hpp"
#include "fabric/layout.hpp"
#include "flow/luts.hpp"
#include "map/uniform.hpp"
#include "units/pe/unit.hpp"
#include "units/smb/memory_tile.hpp"

namespace app {

namespace {

// A fabric that has the tile, and where.
struct Surroundings {
  fabric::Architecture architecture;
  std::vector<units::UnitPtr> hard;
  int x = 0, y = 0;

  int frame() const { return y * (architecture.columns + 2) + x; }
};

map::UniformPe pe_size(const config::Spec& spec) {
  const config::Fabric& fabric = spec.fabric;
  return {fabric.pe_rows > 0 ? fabric.pe_rows : spec.pe.rows,
          fabric.pe_cols > 0 ? fabric.pe_cols : spec.pe.cols, fabric.pe_threshold_bits,
          fabric.pe_cascade};
}

void fill(Surroundings& around, TileContent content, const config::Spec& spec) {
  fabric::HardTile tile;
  if (content == TileContent::kPe) {
    const units::PeConfig config = map::uniform_pe(spec.pe, pe_size(spec));
    around.hard.push_back(std::make_shared<units::PeUnit>(config));
    tile = emit::hard_tile(*around.hard.back(), units::module_name(config),
                           config.is_tile ? emit::Sums::kLinked : emit::Sums::kRouted);
  } else {
    around.hard.push_back(
        units::memory_tile(spec.fabric.memory_width, spec.fabric.memory_address_bits));
    tile = emit::hard_tile(*around.hard.back(), flow::kMemoryTile);
  }
  tile.columns = {around.x};
  around.architecture.hard.push_back(tile);
}

Surroundings surroundings_of(TileContent content, const config::Spec& spec) {
  Surroundings around;
  around.architecture = fabric::around_middle(architecture_of(spec.fabric));
  std::tie(around.x, around.y) = fabric::middle(around.architecture);
  if (content == TileContent::kPads) around.y = 0;
  if (content == TileContent::kPe || content == TileContent::kMemory) fill(around, content, spec);
  return around;
}

// What a tile's module has of the leaves of routing and of configuration.
struct Parts {
  std::map<std::string, long> routing, configuration;  // modules as Yosys' counts name them
  long multiplexers = 0, routing_bits = 0, bits = 0;
};

void add_frame(Parts& parts) {
  constexpr long kWord = 32;
  ++parts.configuration[fmt::format("fpsa_frame(Bits={})", parts.bits)];
  if (parts.bits >= kWord)
    parts.configuration[fmt::format("fpsa_load_register(Width={})", kWord)] += parts.bits / kWord;
  if (parts.bits % kWord > 0)
    ++parts.configuration[fmt::format("fpsa_load_register(Width={})", parts.bits % kWord)];
}

Parts parts_of(const Surroundings& around) {
  const fabric::Graph graph(around.architecture);
  const fabric::Layout layout(graph);
  const std::vector<std::uint16_t> fan_ins = graph.fan_ins();
  Parts parts;
  parts.bits = layout.bits(around.frame());
  for (std::size_t index = 0; index < graph.size(); ++index) {
    const fabric::NodeId node(index);
    const fabric::Field field = layout.multiplexer(node);
    if (field.frame != around.frame() || field.bits == 0) continue;
    parts.routing_bits += field.bits;
    ++parts.multiplexers;
    const bool is_link = graph.kind(node) == fabric::NodeKind::kInput && graph.is_link(node);
    ++parts.routing[is_link ? fmt::format("fpsa_pads(Slots={})",
                                          around.architecture.hard.front().link_width())
                            : fmt::format("fpsa_route_mux(Inputs={})", fan_ins[index])];
  }
  add_frame(parts);
  return parts;
}

// Area, or cells where they have none, of so many instances of each module.
double taken_by(const std::map<std::string, long>& instances, const flow::AreaReport& area) {
  double sum = 0;
  for (const auto& [name, count] : instances) {
    const auto found = std::ranges::find(area.modules, name, &flow::ModuleArea::module);
    if (found == area.modules.end())
      base::fail(base::Code::kToolOutput, fmt::format("Yosys counted no module {}", name));
    const double one = area.area_um2 > 0 ? found->area_um2 / static_cast<double>(found->instances)
                                         : static_cast<double>(found->cells);
    sum += one * static_cast<double>(count);
  }
  return sum;
}

nlohmann::json routing_cost(const Parts& parts, const flow::AreaReport* area) {
  nlohmann::json cost{{"multiplexers", parts.multiplexers}, {"bits", parts.routing_bits}};
  if (area == nullptr) return cost;
  const double whole = area->area_um2 > 0 ? area->area_um2 : static_cast<double>(area->cells);
  const double bits = static_cast<double>(parts.routing_bits) / static_cast<double>(parts.bits);
  const double multiplexers = taken_by(parts.routing, *area) / whole;
  const double configuration = bits * taken_by(parts.configuration, *area) / whole;
  cost["share_of_multiplexers"] = multiplexers;
  cost["share_of_configuration"] = configuration;
  cost["share"] = multiplexers + configuration;
  return cost;
}

}  // namespace

const std::vector<TileUnit>& tile_units() {
  static const std::vector<TileUnit> kUnits = {
      {"tile", "a logic tile of a fabric with its wires", TileContent::kLogic},
      {"io_tile", "a tile of pads of a fabric with its wires", TileContent::kPads},
      {"pe_tile", "a PE tile of a fabric with its wires; PEs also by pe.KEY of section [pe]",
       TileContent::kPe},
      {"memory_tile",
       "a memory tile of a fabric with its wires; synth.memories=macro: its words are a macro",
       TileContent::kMemory}};
  return kUnits;
}

const TileUnit* find_tile(const std::string& name) {
  const auto found = std::ranges::find(tile_units(), name, &TileUnit::name);
  return found == tile_units().end() ? nullptr : &*found;
}

void generate_tile(const TileUnit& unit, config::Spec spec, base::StagedDirectory& out) {
  forget_results(out.target());
  const Surroundings around = surroundings_of(unit.content, spec);
  const verilog::Design netlist =
      emit::tile_rtl(fabric::Graph(around.architecture), around.x, around.y, around.hard);
  verify(netlist);
  emit::write_rtl(out.path(), legalize(netlist), home() / "rtl");
  spec.name = unit.name;
  spec.fabric = fabric_of(around.architecture, spec.fabric);
  if (unit.content != TileContent::kPe)
    spec.pe.crossbar = config::Crossbar::kParallel;  // has none: FPGAs refuse the default
  const Manifest manifest{unit.name, netlist.top(), spec};
  write_manifest(out.path(), manifest);
  nlohmann::json facts = tile_cost(manifest);
  facts["unit"] = unit.name;
  write_metrics(out.path(), "unit", facts);
  out.commit(kManifest);
}

nlohmann::json tile_cost(const Manifest& manifest, const flow::AreaReport* area) {
  const TileContent content = find_tile(manifest.kind)->content;
  const Surroundings around = surroundings_of(content, manifest.spec);
  const Parts parts = parts_of(around);
  const int luts = content == TileContent::kLogic ? around.architecture.luts : 0;
  nlohmann::json cost =
      lut_cost(manifest.spec.fabric, luts, parts.bits, area == nullptr ? 0 : area->area_um2);
  cost["configuration_bits"] = parts.bits;
  cost["routing"] = routing_cost(parts, area);
  return cost;
}

nlohmann::json lut_cost(const config::Fabric& fabric, long luts, long bits, double area_um2) {
  nlohmann::json cost = nlohmann::json::object();
  if (luts == 0) return cost;
  const double fours = static_cast<double>(luts << fabric.lut_inputs) / 16;
  cost = {{"luts", luts},
          {"lut_inputs", fabric.lut_inputs},
          {"lut4_equivalents", fours},
          {"bits_a_lut", static_cast<double>(bits) / static_cast<double>(luts)},
          {"bits_a_lut4", static_cast<double>(bits) / fours}};
  if (area_um2 > 0) cost["um2_a_lut4"] = area_um2 / fours;
  return cost;
}

}  // namespace app
