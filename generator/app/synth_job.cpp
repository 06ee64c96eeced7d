#include <fmt/format.h>

#include <algorithm>

#include "app/home.hpp"
#include "app/jobs.hpp"
#include "app/pnr_job.hpp"
#include "app/tile_job.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "config/ice40.hpp"
#include "emit/scan.hpp"
#include "flow/json.hpp"
#include "flow/nextpnr.hpp"
#include "flow/opensta.hpp"
#include "flow/technology.hpp"
#include "flow/tool.hpp"
#include "flow/wrap.hpp"
#include "flow/yosys.hpp"

namespace app {

namespace fs = std::filesystem;

namespace {

constexpr const char* kOsu018 = "/usr/share/qflow/tech/osu018/osu018_stdcells.lib";

std::vector<fs::path> liberty_of(const config::Synth& synth) {
  for (const fs::path& file : synth.liberty) base::require_plain_file(file);
  if (!synth.liberty.empty()) return synth.liberty;
  if (!fs::exists(kOsu018))
    base::fail(base::Code::kToolMissing, "the default cell library osu018 is not installed",
               kOsu018, "apt-get install qflow-tech-osu018, or --liberty FILE");
  return {kOsu018};
}

double activity_of(const fs::path& directory) {
  constexpr double kAssumed = 0.1;
  const nlohmann::json metrics = read_metrics(directory);
  if (!metrics.contains("simulation") || !metrics["simulation"].contains("activity"))
    return kAssumed;
  return metrics["simulation"]["activity"];
}

constexpr const char* kCrossbar = "fpsa_xbar_macro";
constexpr const char* kMemory = "fpsa_smb_memory";

// The modules without gates: macro crossbars, and memories if the spec says so.
std::vector<std::string> blackboxes_of(const fs::path& directory, const config::Synth& synth) {
  std::vector<std::string> modules{kCrossbar};
  if (synth.memories == config::Memories::kMacro) modules.push_back(kMemory);
  const std::vector<std::string> files = flow::design_files(directory);
  std::erase_if(modules, [&](const std::string& module) {
    return std::find(files.begin(), files.end(), module + ".v") == files.end();
  });
  return modules;
}

std::function<double(const flow::BlackBox&)> blackbox_area(const flow::Technology& technology) {
  return [technology](const flow::BlackBox& box) {
    if (box.module == kMemory)
      return technology.memory_area(1.0 * box.parameters.at("Width") * box.parameters.at("Words"));
    return technology.crossbar_area(static_cast<int>(box.parameters.at("Rows")),
                                    static_cast<int>(box.parameters.at("Cols")),
                                    box.parameters.at("Signed") != 0);
  };
}

flow::Technology technology_of(const config::Synth& synth) {
  return flow::Technology::read(home() / "constraints", synth.technology);
}

// What the areas of `blackboxes` rest on
nlohmann::json assumed_by(const std::vector<std::string>& blackboxes, const config::Synth& synth) {
  std::vector<flow::Figure> figures;
  for (const std::string& module : blackboxes) {
    const flow::Technology technology = technology_of(synth);
    const auto& more = module == kMemory ? technology.assumed_of_memories() : technology.assumed();
    figures.insert(figures.end(), more.begin(), more.end());
  }
  return assumed_figures(figures);
}

flow::SynthRequest request_of(const fs::path& directory, const Manifest& manifest) {
  const config::Synth& synth = manifest.spec.synth;
  flow::SynthRequest request{.directory = directory,
                             .top = manifest.top,
                             .flow = synth.flow,
                             .scripts = home() / "flows",
                             .liberty = {},
                             .dont_use = synth.dont_use,
                             .blackboxes = {},
                             .blackbox_area = {},
                             .clock_ns = synth.clock_ns,
                             .keep_hierarchy = synth.flow != config::SynthFlow::kIce40 ||
                                               find_tile(manifest.kind) != nullptr};
  if (synth.flow != config::SynthFlow::kAsic) return request;
  request.liberty = liberty_of(synth);
  request.blackboxes = blackboxes_of(directory, synth);
  if (!request.blackboxes.empty()) request.blackbox_area = blackbox_area(technology_of(synth));
  return request;
}

nlohmann::json timing_of(const fs::path& directory, const Manifest& manifest, double activity,
                         base::Progress& progress) {
  progress.stage("timing and power");
  return flow::analyse_timing({.directory = directory,
                               .top = manifest.top,
                               .scripts = home() / "flows",
                               .clock_ns = manifest.spec.synth.clock_ns,
                               .activity = activity});
}

nlohmann::json asic_metrics(const fs::path& directory, const Manifest& manifest,
                            const flow::SynthResult& result, base::Progress& progress) {
  const config::Synth& synth = manifest.spec.synth;
  nlohmann::json json = result;
  json["library"] = result.library;
  json["assumed"] = assumed_by(blackboxes_of(directory, synth), synth);
  if (is_fabric(manifest)) return json;  // its longest path is the circuit's
  const double activity = activity_of(directory);
  json["activity"] = activity;
  json["timing"] = timing_of(directory, manifest, activity, progress);
  return json;
}

struct ScanWrapper {
  verilog::Design design;
  int bits = 0;  ///< of the unit's ports but the clock: a register, hence a logic cell, each
};

ScanWrapper scan_wrapper(const std::string& top, const fs::path& netlist) {
  std::vector<emit::UnitPort> ports;
  int bits = -1;
  for (const flow::NetlistPort& port :
       flow::netlist_ports(base::read_file(netlist), top, netlist.string())) {
    ports.push_back({port.name, port.is_input, port.width});
    bits += port.width;
  }
  return {emit::scan_wrapper(top, ports), bits};
}

// A unit's ports are wires to its neighbours rather than pins, and there are more of them than a
// package has pins; so place and route puts registers around them.
nlohmann::json place_and_route(const fs::path& directory, const Manifest& manifest,
                               const fs::path& netlist) {
  const config::Synth& synth = manifest.spec.synth;
  const std::string package =
      synth.package.empty() ? config::ice40_packages(synth.device).front() : synth.package;
  const ScanWrapper wrapper = scan_wrapper(manifest.top, netlist);
  const fs::path rtl = fs::path("build") / "ice40" / "scan";
  emit::write_scan_wrapper(directory / rtl, wrapper.design, home() / "rtl");
  const fs::path wrapped = flow::wrap_netlist({.directory = directory,
                                               .unit = manifest.top,
                                               .wrapper = wrapper.design.top(),
                                               .rtl = rtl,
                                               .scripts = home() / "flows"});
  nlohmann::json json = flow::place_and_route({.directory = directory,
                                               .netlist = wrapped,
                                               .device = synth.device,
                                               .package = package,
                                               .clock_ns = synth.clock_ns});
  json["package"] = package;
  json["scan_registers"] = wrapper.bits;
  return json;
}

nlohmann::json fpga_metrics(const fs::path& directory, const Manifest& manifest,
                            const flow::SynthResult& result, base::Progress& progress) {
  nlohmann::json json = result;
  if (manifest.spec.synth.flow != config::SynthFlow::kIce40 || is_fabric(manifest)) return json;
  progress.stage("place and route");
  json["place_and_route"] = place_and_route(directory, manifest, result.netlist);
  return json;
}

}  // namespace

MappedDesign start_mapping(const fs::path& directory, const Manifest& manifest) {
  forget_synthesis(directory, flow::flow_name(manifest.spec.synth.flow));
  return std::async(std::launch::async,
                    [request = request_of(directory, manifest), hash = rtl_hash(directory)] {
                      return Mapping{flow::synthesize(request), hash};
                    });
}

void synthesise(const fs::path& directory, const Manifest& manifest, base::Progress& progress,
                MappedDesign mapped) {
  progress.stage("synthesise");
  if (!mapped.valid()) mapped = start_mapping(directory, manifest);
  const auto [result, hash] = mapped.get();
  for (const std::string& warning : result.warnings) progress.note(warning);
  const config::SynthFlow flow = manifest.spec.synth.flow;
  nlohmann::json all = read_metrics(directory).value("synthesis", nlohmann::json::object());
  all[flow::flow_name(flow)] = flow == config::SynthFlow::kAsic
                                   ? asic_metrics(directory, manifest, result, progress)
                                   : fpga_metrics(directory, manifest, result, progress);
  if (is_fabric(manifest))
    all[flow::flow_name(flow)]["fabric"] = find_tile(manifest.kind) != nullptr
                                               ? tile_cost(manifest, &result.area)
                                               : fabric_cost(manifest, result.area.area_um2);
  all[flow::flow_name(flow)]["rtl_hash"] = hash;
  write_metrics(directory, "synthesis", all);
}

}  // namespace app
