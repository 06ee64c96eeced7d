#include "app/pnr_job.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "app/home.hpp"
#include "app/settings.hpp"
#include "app/tile_job.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "config/spec_io.hpp"
#include "emit/fabric.hpp"
#include "emit/tree.hpp"
#include "fabric/bitstream.hpp"
#include "fabric/counts.hpp"
#include "fabric/grid.hpp"
#include "fabric/layout.hpp"
#include "flow/bench.hpp"
#include "flow/technology.hpp"
#include "flow/tool.hpp"
#include "pnr/blif.hpp"
#include "pnr/check_configuration.hpp"
#include "pnr/circuit_bench.hpp"
#include "pnr/configure.hpp"
#include "pnr/floorplan.hpp"
#include "pnr/print.hpp"
#include "report/table.hpp"

namespace app {

namespace {

constexpr const char* kBench = "fpsa_tb_fabric";

config::Spec spec_of(const std::string& name, const fabric::Architecture& architecture,
                     const config::Fabric& asked) {
  config::Spec spec;
  spec.name = base::stem_of(name, 64);
  if (spec.name.empty()) spec.name = kCircuit;
  spec.simulate.simulator = config::Simulator::kIcarus;
  spec.pe.crossbar = config::Crossbar::kParallel;  // has none: FPGAs refuse the default
  spec.fabric = fabric_of(architecture, asked);
  return spec;
}

// How many tiles of each hard kind are in use, of how many.
nlohmann::json hard_metrics(const pnr::Implementation& done) {
  nlohmann::json kinds = nlohmann::json::array();
  for (std::size_t kind = 0; kind < done.architecture.hard.size(); ++kind) {
    const fabric::HardTile& tile = done.architecture.hard[kind];
    const auto used =
        std::ranges::count(done.netlist.hard, static_cast<int>(kind), &pnr::HardBlock::kind);
    kinds.push_back(
        {{"tile", tile.name},
         {"used", used},
         {"tiles", tile.columns.size() * static_cast<std::size_t>(done.architecture.rows)}});
  }
  return kinds;
}

long logic_tiles(const fabric::Architecture& architecture) {
  std::size_t columns = static_cast<std::size_t>(architecture.columns);
  for (const fabric::HardTile& tile : architecture.hard) columns -= tile.columns.size();
  return static_cast<long>(columns) * architecture.rows;
}

nlohmann::json metrics_of(const pnr::Netlist& read, const pnr::Implementation& done,
                          const fabric::Graph& graph) {
  const fabric::Counts counts = fabric::count(graph);
  std::size_t elements = 0;
  for (const auto& tile : done.packing.tiles) elements += tile.size();
  const fabric::Architecture& architecture = done.architecture;
  return {{"circuit", base::printable(done.netlist.name)},
          {"inputs", done.netlist.inputs.size()},
          {"outputs", done.netlist.outputs.size()},
          {"luts", done.netlist.luts.size()},
          {"flip_flops", done.netlist.flip_flops.size()},
          {"swept", read.luts.size() - done.netlist.luts.size() + read.flip_flops.size() -
                        done.netlist.flip_flops.size()},
          {"elements", elements},
          {"tiles", done.packing.tiles.size()},
          {"hard", hard_metrics(done)},
          {"nets", done.packing.packed.nets.size()},
          {"columns", architecture.columns},
          {"rows", architecture.rows},
          {"channel_width", architecture.channel_width},
          {"wirelength", done.routing.wirelength},
          {"iterations", done.routing.iterations},
          {"period_ps", done.timing.period},
          {"configuration_bits",
           counts.routing_bits + static_cast<long>(counts.logic_tile) * logic_tiles(architecture)}};
}

// The fabric's RTL and a bench that configures it.
void write_hardware(const pnr::Implementation& done, const fabric::Graph& graph,
                    const fabric::Configuration& configuration,
                    const std::filesystem::path& directory) {
  const verilog::Design netlist = emit::fabric_rtl(graph);
  verify(netlist);
  const verilog::Design legal = legalize(netlist);
  emit::write_rtl(directory, legal, home() / "rtl");
  const std::filesystem::path bench = std::filesystem::path("tb") / (std::string(kBench) + ".v");
  base::write_file(directory / bench, base::read_file(home() / bench));
  for (const auto& [file, text] : pnr::circuit_bench(done, done.netlist, configuration))
    base::write_file(directory / "tb" / file, text);
}

}  // namespace

config::Fabric fabric_of(const fabric::Architecture& architecture, config::Fabric asked) {
  asked.columns = architecture.columns;
  asked.rows = architecture.rows;
  asked.channel_width = architecture.channel_width;
  return asked;
}

Configured write_placed(const pnr::Implementation& done, const fabric::Graph& graph,
                        const std::filesystem::path& directory) {
  const fabric::Layout layout(graph);
  fabric::Configuration configuration = pnr::configure(done, graph, layout);
  pnr::Extracted found = pnr::extract(configuration, graph, layout);
  base::Diagnostics faults;
  pnr::check_configuration(done, found, faults);
  faults.throw_if_any();
  const auto write = [&](const char* name, const std::string& text) {
    base::interruption_point();
    base::write_file(directory / name, text);
  };
  write("circuit.blif", pnr::write_blif(done.netlist, done.architecture.hard));
  write("placement.txt", pnr::placement_text(done));
  write("routing.txt", pnr::routing_text(done, graph));
  write("path.txt", pnr::path_text(done));
  write("floorplan.svg", pnr::floorplan_svg(done, graph));
  write("configuration.txt", fabric::to_text(configuration, graph, layout));
  write("bitstream.bin", fabric::encode(configuration, done.architecture));
  return {std::move(configuration), std::move(found)};
}

fabric::Architecture architecture_of(const config::Fabric& fabric) {
  fabric::Architecture architecture;
  architecture.columns = fabric.columns;
  architecture.rows = fabric.rows;
  architecture.lut_inputs = fabric.lut_inputs;
  architecture.luts = fabric.luts;
  architecture.clb_inputs = fabric.clb_inputs;
  architecture.io_slots = fabric.io_slots;
  architecture.channel_width = fabric.channel_width;
  architecture.segment_length = fabric.segment_length;
  architecture.fc_in_percent = fabric.fc_in_percent;
  architecture.fc_out_percent = fabric.fc_out_percent;
  architecture.pattern = fabric.switch_box == config::SwitchBox::kWilton
                             ? fabric::Pattern::kWilton
                             : fabric::Pattern::kDisjoint;
  return architecture;
}

config::Spec spec_from(const std::vector<std::string>& settings, config::Spec spec) {
  for (const std::string& setting : settings) {
    const auto [key, value] = split_setting(setting);
    config::set_key(spec, key, value, kFabric);
  }
  return spec;
}

config::Fabric fabric_from(const std::vector<std::string>& settings, config::Fabric fabric) {
  config::Spec spec;
  spec.fabric = std::move(fabric);
  return spec_from(settings, std::move(spec)).fabric;
}

fabric::Delays delays_of(const std::string& technology) {
  const auto figures = flow::Technology::read(home() / "constraints", technology).of_fabrics();
  if (figures.empty())
    base::fail(base::Code::kBadText, "the technology file has no delays of fabrics", technology,
               "give it fabric.lut and the others that technology/45nm.toml has");
  const auto value = [&figures](const char* name) { return figures.at(name).value; };
  const auto ps = [&value](const char* name) { return static_cast<int>(std::lround(value(name))); };
  return {.lut = ps("lut"),
          .setup = ps("setup"),
          .clock_to_q = ps("clock_to_q"),
          .local_in = ps("local_in"),
          .local_back = ps("local_back"),
          .output = ps("output"),
          .input_pad = ps("input_pad"),
          .output_pad = ps("output_pad"),
          .connection = ps("connection"),
          .multiplexer = ps("multiplexer"),
          .driver_resistance = value("driver_resistance"),
          .driver_capacitance = value("driver_capacitance"),
          .wire_resistance = value("wire_resistance"),
          .wire_capacitance = value("wire_capacitance"),
          .multiplexer_capacitance = value("multiplexer_capacitance"),
          .connection_capacitance = value("connection_capacitance")};
}

Placed place(const pnr::Netlist& read, const std::vector<fabric::HardTile>& hard,
             const PnrOptions& options, base::Progress& progress) {
  fabric::Architecture architecture = architecture_of(options.fabric);
  architecture.hard = hard;
  architecture.delays = delays_of(options.technology);
  pnr::ImplementOptions how{options.seed, options.effort, options.least_width, {}, {}};
  how.stage = [&progress](const std::string& name) { progress.stage(name); };
  how.progress = [&progress](double part, const std::string& note) {
    base::interruption_point();
    progress.update(part, note);
  };
  Placed placed{pnr::implement(pnr::swept(read), architecture, how), {}};
  placed.metrics = metrics_of(read, placed.done, fabric::Graph(placed.done.architecture));
  placed.metrics["technology"] = options.technology;
  return placed;
}

void place_and_route(const PnrOptions& options, base::StagedDirectory& out,
                     base::Progress& progress) {
  forget_results(out.target());
  progress.stage("read");
  const pnr::Netlist read = pnr::read_blif(base::read_file(options.blif), options.blif.string(),
                                           options.fabric.lut_inputs);
  const auto [done, metrics] = place(read, {}, options, progress);
  progress.stage("configure");
  const fabric::Graph graph(done.architecture);
  write_hardware(done, graph, write_placed(done, graph, out.path()).bits, out.path());
  config::Spec spec = spec_of(read.name, done.architecture, options.fabric);
  spec.synth.technology = options.technology;
  write_manifest(out.path(), {kCircuit, "fpsa_fabric_top", spec});
  write_metrics(out.path(), "pnr", metrics);
  out.commit(kManifest);
}

void generate_fabric(config::Fabric fabric, base::StagedDirectory& out) {
  constexpr int kExtent = 4;
  forget_results(out.target());
  if (fabric.columns == 0) fabric.columns = kExtent;
  if (fabric.rows == 0) fabric.rows = kExtent;
  pnr::Implementation empty;
  empty.architecture = architecture_of(fabric);
  const fabric::Graph graph(empty.architecture);
  write_hardware(empty, graph, fabric::Configuration(fabric::Layout(graph)), out.path());
  const config::Spec spec = spec_of(kFabric, empty.architecture, fabric);
  write_manifest(out.path(), {kCircuit, "fpsa_fabric_top", spec});
  const fabric::Counts counts = fabric::count(graph);
  write_metrics(out.path(), "unit",
                {{"unit", kFabric},
                 {"pads", fabric::pads(empty.architecture)},
                 {"routing_bits", counts.routing_bits},
                 {"logic_bits_a_tile", counts.logic_tile}});
  out.commit(kManifest);
}

bool is_fabric(const Manifest& manifest) {
  return manifest.kind == kCircuit || find_tile(manifest.kind) != nullptr;
}

nlohmann::json fabric_cost(const Manifest& manifest, double area_um2) {
  const fabric::Architecture architecture = architecture_of(manifest.spec.fabric);
  const fabric::Layout layout{fabric::Graph(architecture)};
  long bits = 0;
  for (int frame = 0; frame < layout.frames(); ++frame) bits += layout.bits(frame);
  const long luts = 1L * architecture.luts * architecture.columns * architecture.rows;
  nlohmann::json cost = lut_cost(manifest.spec.fabric, luts, bits, area_um2);
  cost["configuration_bits"] = bits;
  return cost;
}

std::string pnr_text(const nlohmann::json& metrics, int width) {
  const nlohmann::json& pnr = metrics.at("pnr");
  const auto number = [&pnr](const char* key) { return pnr.at(key).get<long>(); };
  report::Table table({{""}, {""}});
  table.row({"circuit", fmt::format("{}: {} inputs, {} outputs, {} LUTs, {} flip-flops",
                                    pnr.at("circuit").get<std::string>(), number("inputs"),
                                    number("outputs"), number("luts"), number("flip_flops"))});
  if (number("swept") > 0)
    table.note(fmt::format("{} LUTs and flip-flops that no output hangs on were left out",
                           number("swept")));
  table.row({"packed", fmt::format("{} elements in {} tiles, {} nets between them",
                                   number("elements"), number("tiles"), number("nets"))});
  for (const nlohmann::json& kind : pnr.value("hard", nlohmann::json::array()))
    if (kind.at("used").get<long>() > 0)
      table.row({"hard tiles",
                 fmt::format("{} of {} {}", kind.at("used").get<long>(),
                             kind.at("tiles").get<long>(), kind.at("tile").get<std::string>())});
  table.row({"fabric", fmt::format("{} x {} tiles, {} tracks a channel, {} configuration bits",
                                   number("columns"), number("rows"), number("channel_width"),
                                   number("configuration_bits"))});
  table.row({"routed", fmt::format("{} tiles of wire, in {} iterations", number("wirelength"),
                                   number("iterations"))});
  table.row({"longest path", fmt::format("{:.3f} ns, by the delays of {}",
                                         static_cast<double>(number("period_ps")) / 1000,
                                         pnr.at("technology").get<std::string>())});
  return table.text(width);
}

std::string simulate_circuit(const SimulateOptions& options, base::Progress& progress) {
  if (options.level != "rtl" && options.level != "gate")
    base::fail(base::Code::kUsage, "a circuit on a fabric is simulated at level rtl or gate",
               "--level " + options.level, "--level rtl");
  if (options.simulate.simulator != config::Simulator::kIcarus)
    base::fail(base::Code::kUsage,
               "the wires of a fabric form loops until it is configured, for which Verilator takes "
               "very long",
               "--simulator", "--simulator icarus");
  const bool gates = options.level == "gate";
  if (gates) check_netlist(options.directory);
  forget_simulation(options.directory, true);
  flow::BenchRequest request{
      .directory = options.directory,
      .simulator = options.simulate.simulator,
      .name = options.level,
      .top = kBench,
      .sources = {std::filesystem::path("tb") / (std::string(kBench) + ".v")},
      .parameters = {}};
  request.step = [&progress](const std::string& step) { progress.stage(step); };
  if (gates) {
    request = flow::gate_level(request, request.sources, "build/asic/cells.v");
  } else {
    for (const std::string& file : flow::design_files(options.directory))
      request.sources.push_back("rtl/" + file);
  }
  const flow::BenchResult result = flow::run_bench(request);
  flow::require_pass(result);
  write_metrics(options.directory, "simulation",
                {{"simulator", config::to_string(options.simulate.simulator)},
                 {"level", options.level},
                 {"verdict", result.verdict}});
  return result.verdict;
}

}  // namespace app
