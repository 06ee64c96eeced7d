#include "app/pnr_job.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "fabric/bitstream.hpp"
#include "fabric/counts.hpp"
#include "pnr/blif.hpp"
#include "pnr/check_configuration.hpp"
#include "pnr/configure.hpp"
#include "pnr/floorplan.hpp"
#include "pnr/print.hpp"
#include "report/table.hpp"

namespace app {

namespace {

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

// What the run made of `asked`: the manifest's spec names the fabric itself.
config::Fabric fabric_of(const fabric::Architecture& architecture, config::Fabric asked) {
  asked.columns = architecture.columns;
  asked.rows = architecture.rows;
  asked.channel_width = architecture.channel_width;
  return asked;
}

nlohmann::json metrics_of(const pnr::Netlist& read, const pnr::Implementation& done,
                          const fabric::Graph& graph) {
  const fabric::Counts counts = fabric::count(graph);
  std::size_t elements = 0;
  for (const auto& tile : done.packing.tiles) elements += tile.size();
  const fabric::Architecture& architecture = done.architecture;
  return {
      {"circuit", base::printable(done.netlist.name)},
      {"inputs", done.netlist.inputs.size()},
      {"outputs", done.netlist.outputs.size()},
      {"luts", done.netlist.luts.size()},
      {"flip_flops", done.netlist.flip_flops.size()},
      {"swept", read.luts.size() - done.netlist.luts.size() + read.flip_flops.size() -
                    done.netlist.flip_flops.size()},
      {"elements", elements},
      {"tiles", done.packing.tiles.size()},
      {"nets", done.packing.packed.nets.size()},
      {"columns", architecture.columns},
      {"rows", architecture.rows},
      {"channel_width", architecture.channel_width},
      {"wirelength", done.routing.wirelength},
      {"iterations", done.routing.iterations},
      {"period_ps", done.timing.period},
      {"configuration_bits", counts.routing_bits + static_cast<long>(counts.logic_tile) *
                                                       architecture.columns * architecture.rows}};
}

fabric::Configuration configuration_of(const pnr::Implementation& done, const fabric::Graph& graph,
                                       const fabric::Layout& layout) {
  fabric::Configuration configuration = pnr::configure(done, graph, layout);
  base::Diagnostics faults;
  pnr::check_configuration(done, pnr::extract(configuration, graph, layout), faults);
  faults.throw_if_any();
  return configuration;
}

void write_files(const pnr::Implementation& done, const fabric::Graph& graph,
                 const std::filesystem::path& directory) {
  const fabric::Layout layout(graph);
  const fabric::Configuration configuration = configuration_of(done, graph, layout);
  const auto write = [&](const char* name, const std::string& text) {
    base::interruption_point();
    base::write_file(directory / name, text);
  };
  write("circuit.blif", pnr::write_blif(done.netlist));
  write("placement.txt", pnr::placement_text(done));
  write("routing.txt", pnr::routing_text(done, graph));
  write("path.txt", pnr::path_text(done));
  write("floorplan.svg", pnr::floorplan_svg(done, graph));
  write("configuration.txt", fabric::to_text(configuration, graph, layout));
  write("bitstream.bin", fabric::encode(configuration, done.architecture));
}

}  // namespace

void place_and_route(const PnrOptions& options, base::StagedDirectory& out,
                     base::Progress& progress) {
  forget_results(out.target());
  progress.stage("read");
  const pnr::Netlist read = pnr::read_blif(base::read_file(options.blif), options.blif.string(),
                                           options.fabric.lut_inputs);
  const pnr::Netlist kept = pnr::swept(read);
  pnr::ImplementOptions how{options.seed, options.effort, options.least_width, {}, {}};
  how.stage = [&progress](const std::string& name) { progress.stage(name); };
  how.progress = [&progress](double part, const std::string& note) {
    base::interruption_point();
    progress.update(part, note);
  };
  const pnr::Implementation done = pnr::implement(kept, architecture_of(options.fabric), how);
  progress.stage("configure");
  const fabric::Graph graph(done.architecture);
  write_files(done, graph, out.path());
  config::Spec spec;
  spec.name = base::stem_of(kept.name, 64);
  if (spec.name.empty()) spec.name = kCircuit;
  spec.fabric = fabric_of(done.architecture, options.fabric);
  write_manifest(out.path(), {kCircuit, spec.name, spec});
  write_metrics(out.path(), "pnr", metrics_of(read, done, graph));
  out.commit(kManifest);
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
  table.row({"fabric", fmt::format("{} x {} tiles, {} tracks a channel, {} configuration bits",
                                   number("columns"), number("rows"), number("channel_width"),
                                   number("configuration_bits"))});
  table.row({"routed", fmt::format("{} tiles of wire, in {} iterations", number("wirelength"),
                                   number("iterations"))});
  table.row(
      {"longest path", fmt::format("{:.3f} ns", static_cast<double>(number("period_ps")) / 1000)});
  return table.text(width);
}

void refuse_circuit(const Manifest& manifest, const std::string& verb) {
  if (manifest.kind != kCircuit) return;
  base::fail(base::Code::kUsage, "this is a circuit on a fabric, which has no RTL yet", verb,
             "name a directory that fpsa compile, generate or run made");
}

}  // namespace app
