#include "app/fabric_job.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/home.hpp"
#include "app/jobs.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "emit/circuit.hpp"
#include "emit/fabric.hpp"
#include "emit/hard_module.hpp"
#include "emit/tree.hpp"
#include "fabric/bitstream.hpp"
#include "flow/luts.hpp"
#include "flow/tool.hpp"
#include "map/uniform.hpp"
#include "pnr/blif.hpp"
#include "units/smb/memory_tile.hpp"

namespace app {

namespace fs = std::filesystem;

namespace {

// What fills the hard tiles: units, and the tiles that hold them, in the same order.
struct HardTiles {
  std::vector<units::UnitPtr> units;
  std::vector<fabric::HardTile> tiles;

  void add(const units::UnitPtr& unit, const std::string& name,
           emit::Sums sums = emit::Sums::kRouted) {
    const auto known = [&name](const fabric::HardTile& tile) { return tile.name == name; };
    if (std::ranges::any_of(tiles, known)) return;
    units.push_back(unit);
    tiles.push_back(emit::hard_tile(*unit, name, sums));
  }
};

// With PEs as the fabric's tiles are.
map::Design on_tiles(const map::Design& design, const config::Fabric& fabric) {
  if (fabric.pe_rows == 0) return design;
  return map::uniform(
      design, {fabric.pe_rows, fabric.pe_cols, fabric.pe_threshold_bits, fabric.pe_cascade});
}

HardTiles hard_tiles(const map::Design& design, const config::Fabric& fabric) {
  HardTiles hard;
  std::size_t number = 0;
  for (const map::InstanceId pe : design.pes) {
    const units::UnitPtr& unit = design.instance(pe).unit;
    const auto sums = design.pe(number++).is_tile ? emit::Sums::kLinked : emit::Sums::kRouted;
    hard.add(unit, unit->structure()->name(), sums);
  }
  for (fabric::HardTile& tile : hard.tiles) tile.wanted = fabric.pe_columns;
  hard.add(units::memory_tile(fabric.memory_width, fabric.memory_address_bits), flow::kMemoryTile);
  hard.tiles.back().wanted = fabric.memory_columns;
  return hard;
}

void refuse(const map::Design& design, const fs::path& directory) {
  if (design.host.preset_memories)
    base::fail(base::Code::kUsage, "each PE of this network has files of its own",
               directory.string(), "compile it with host.load = \"bus\"");
  if (!design.cells.empty())
    base::fail(base::Code::kUsage, "a fabric has no tiles for recurrent cells", directory.string(),
               "put a network of PEs alone on it");
  if (design.host.asynchronous_reset)
    base::fail(base::Code::kUsage, "a fabric's flip-flops have no asynchronous reset",
               directory.string(), "compile it with host.reset = \"synchronous\"");
}

// The network's RTL as a circuit of the fabric's LUTs, flip-flops and hard tiles.
pnr::Netlist circuit_of(const emit::Rtl& rtl, const HardTiles& hard, const config::Fabric& fabric,
                        const fs::path& directory) {
  emit::write_rtl(directory, rtl.design, home() / "rtl");
  flow::LutRequest request{.directory = directory,
                           .top = rtl.design.top(),
                           .scripts = home() / "flows",
                           .hard_tiles = {},
                           .lut_inputs = fabric.lut_inputs,
                           .memory_width = fabric.memory_width,
                           .memory_address_bits = fabric.memory_address_bits};
  for (const fabric::HardTile& tile : hard.tiles)
    if (tile.name != flow::kMemoryTile) request.hard_tiles.push_back(tile.name);
  return pnr::read_blif(flow::map_to_luts(request), "circuit.blif", fabric.lut_inputs, hard.tiles);
}

// rtl/: what the bits make of the fabric, behind the network's ports.
emit::Rtl write_circuit(const pnr::Extracted& found, const pnr::Implementation& done,
                        const HardTiles& hard, const verilog::Module& top,
                        const fs::path& directory) {
  verilog::Design design(top.name());
  const verilog::Module& circuit = emit::add_circuit(design, found, done.architecture, hard.units);
  design.add(emit::behind_ports(top, circuit, emit::port_pads(done)));
  verify(design);
  emit::Rtl rtl{legalize(design), {}};
  emit::write_rtl(directory, rtl.design, home() / "rtl");
  return rtl;
}

// fabric/: the whole fabric, and its bitstream for the bench.
void write_fabric(const fabric::Graph& graph, const HardTiles& hard, const verilog::Module& top,
                  const emit::PortPads& pads, const std::string& bitstream,
                  const fs::path& directory) {
  const verilog::Design netlist = emit::fabric_rtl(graph, hard.units);
  verify(netlist);
  const fs::path folder = directory / kFabricFolder;
  emit::write_rtl(folder, legalize(netlist), home() / "rtl");
  const std::string words = fabric::words_text(bitstream);
  const auto count = static_cast<int>(std::ranges::count(words, '\n'));
  base::write_file(folder / "bitstream.mem", words);
  base::write_file(folder / (top.name() + ".v"),
                   emit::fabric_behind_ports(top, netlist, pads, count));
}

}  // namespace

void place_network(const PnrOptions& options, base::StagedDirectory& out,
                   base::Progress& progress) {
  forget_results(out.target());
  Manifest manifest = read_manifest(options.directory);
  if (manifest.kind != "network" || !fabric_sources(options.directory).empty())
    base::fail(base::Code::kUsage, "this is no network as compile makes it",
               options.directory.string(), "name a directory that fpsa compile or run made");
  check_model(manifest);
  manifest.spec.fabric = options.fabric;
  manifest.spec.synth.technology = options.technology;
  const GoldenLevels levels{.real = false, .integer = true, .emulate = true, .trains = false};
  const Mapped mapped = restore(options.directory, manifest, levels,
                                [&](const std::string& name) { progress.stage(name); });
  refuse(mapped.design, options.directory);
  const map::Design design = on_tiles(mapped.design, options.fabric);
  const emit::Rtl rtl = emit::hardwired(design);
  const verilog::Module& top = *rtl.design.find(rtl.design.top());
  const HardTiles hard = hard_tiles(design, options.fabric);

  progress.stage("map to LUTs");
  const pnr::Netlist read =
      circuit_of(rtl, hard, options.fabric, out.path() / "build" / "hardwired");
  const Placed placed = place(read, hard.tiles, options, progress);
  progress.stage("configure");
  const fabric::Graph graph(placed.done.architecture);
  const pnr::Extracted found = write_placed(placed.done, graph, out.path()).found;
  const std::string bitstream = base::read_file(out.path() / "bitstream.bin");
  write_fabric(graph, hard, top, emit::port_pads(placed.done), bitstream, out.path());
  const emit::Rtl circuit = write_circuit(found, placed.done, hard, top, out.path());

  base::write_file(out.path() / kNetworkFile, base::read_file(options.directory / kNetworkFile));
  emit::write_memories(out.path(), design);
  emit::write_constraints(
      out.path(),
      {.top = top.name(), .clock_ns = manifest.spec.synth.clock_ns, .asynchronous_reset = false});
  emit::write_bench(out.path(), design, circuit, home() / "tb");
  manifest.spec.fabric = fabric_of(placed.done.architecture, options.fabric);
  write_manifest(out.path(), {"network", top.name(), manifest.spec});
  nlohmann::json metrics = read_metrics(options.directory);
  nlohmann::json kept = {{"pnr", placed.metrics}};
  for (const char* section : {"network", "quantisation", "design"})
    if (metrics.contains(section)) kept[section] = metrics[section];
  write_metrics(out.path(), kept);
  out.commit(kManifest);
}

map::Design hardware_of(const Mapped& mapped, const fs::path& directory) {
  if (fabric_sources(directory).empty()) return mapped.design;
  return on_tiles(mapped.design, mapped.spec.fabric);
}

std::vector<fs::path> fabric_sources(const fs::path& directory) {
  const fs::path folder = directory / kFabricFolder;
  std::vector<fs::path> sources;
  if (!fs::exists(folder / "rtl" / "design.f")) return sources;
  for (const std::string& file : flow::design_files(folder))
    sources.push_back(fs::path(kFabricFolder) / "rtl" / file);
  sources.push_back(fs::path("tb") / "fpsa_tb_loader.v");
  sources.push_back(fs::path(kFabricFolder) / (read_manifest(directory).top + ".v"));
  return sources;
}

void refuse_fabric(const fs::path& directory, const std::string& what, const std::string& cure) {
  if (!fabric_sources(directory).empty())
    base::fail(base::Code::kUsage, what, directory.string(), cure);
}

}  // namespace app
