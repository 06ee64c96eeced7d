#include <fmt/format.h>

#include <algorithm>

#include "app/home.hpp"
#include "app/jobs.hpp"
#include "base/error.hpp"
#include "flow/json.hpp"
#include "flow/nextpnr.hpp"
#include "flow/opensta.hpp"
#include "flow/technology.hpp"
#include "flow/tool.hpp"
#include "flow/yosys.hpp"

namespace app {

namespace fs = std::filesystem;

namespace {

constexpr const char* kOsu018 = "/usr/share/qflow/tech/osu018/osu018_stdcells.lib";

fs::path liberty_of(const config::Synth& synth) {
  if (!synth.liberty.empty()) return synth.liberty;
  if (!fs::exists(kOsu018))
    base::fail(base::Code::kToolMissing, "the default cell library osu018 is not installed",
               kOsu018, "apt-get install qflow-tech-osu018, or --liberty FILE");
  return kOsu018;
}

double activity_of(const fs::path& directory) {
  constexpr double kAssumed = 0.1;
  const nlohmann::json metrics = read_metrics(directory);
  if (!metrics.contains("simulation") || !metrics["simulation"].contains("activity"))
    return kAssumed;
  return metrics["simulation"]["activity"];
}

constexpr const char* kMacro = "fpsa_xbar_macro";

bool has_macros(const fs::path& directory) {
  const std::vector<std::string> files = flow::design_files(directory);
  return std::find(files.begin(), files.end(), std::string(kMacro) + ".v") != files.end();
}

// What the figures of macro crossbars rest on, as a section of the metrics.
nlohmann::json assumed(const flow::Technology& technology) {
  nlohmann::json list = nlohmann::json::array();
  for (const flow::Figure& figure : technology.assumed())
    list.push_back({{"name", figure.name},
                    {"value", figure.value},
                    {"unit", figure.unit},
                    {"source", figure.source},
                    {"mark", figure.mark}});
  return list;
}

nlohmann::json synth_asic(const fs::path& directory, const Manifest& manifest,
                          base::Progress& progress) {
  const config::Synth& synth = manifest.spec.synth;
  const fs::path liberty = liberty_of(synth);
  progress.stage("synthesise");
  flow::SynthRequest request{.directory = directory,
                             .top = manifest.top,
                             .flow = synth.flow,
                             .scripts = home() / "flows",
                             .liberty = liberty,
                             .blackboxes = {},
                             .blackbox_area = {},
                             .clock_ns = synth.clock_ns};
  nlohmann::json figures = nlohmann::json::array();
  if (has_macros(directory)) {
    const auto technology = flow::Technology::read(home() / "constraints", synth.technology);
    figures = assumed(technology);
    request.blackboxes = {kMacro};
    request.blackbox_area = [technology](const flow::BlackBox& box) {
      return technology.crossbar_area(static_cast<int>(box.parameters.at("Rows")),
                                      static_cast<int>(box.parameters.at("Cols")),
                                      box.parameters.at("Signed") != 0);
    };
  }
  const flow::SynthResult result = flow::synthesize(request);
  for (const std::string& warning : result.warnings) progress.note(warning);
  progress.stage("timing and power");
  const double activity = activity_of(directory);
  nlohmann::json json = result;
  json["library"] = liberty.stem().string();
  json["activity"] = activity;
  json["assumed"] = figures;
  json["timing"] = flow::analyse_timing({.directory = directory,
                                         .top = manifest.top,
                                         .scripts = home() / "flows",
                                         .activity = activity});
  return json;
}

nlohmann::json synth_fpga(const fs::path& directory, const Manifest& manifest,
                          base::Progress& progress) {
  const config::Synth& synth = manifest.spec.synth;
  progress.stage("synthesise");
  const flow::SynthResult result =
      flow::synthesize({.directory = directory,
                        .top = manifest.top,
                        .flow = synth.flow,
                        .scripts = home() / "flows",
                        .liberty = {},
                        .blackboxes = {},
                        .blackbox_area = {},
                        .clock_ns = synth.clock_ns,
                        .keep_hierarchy = synth.flow != config::SynthFlow::kIce40});
  nlohmann::json json = result;
  if (synth.flow != config::SynthFlow::kIce40) return json;
  progress.stage("place and route");
  json["place_and_route"] = flow::place_and_route({.directory = directory,
                                                   .device = synth.device,
                                                   .package = synth.package,
                                                   .clock_ns = synth.clock_ns});
  return json;
}

}  // namespace

void synthesise(const fs::path& directory, const Manifest& manifest, base::Progress& progress) {
  const config::Synth& synth = manifest.spec.synth;
  nlohmann::json all = read_metrics(directory).value("synthesis", nlohmann::json::object());
  all[flow::flow_name(synth.flow)] = synth.flow == config::SynthFlow::kAsic
                                         ? synth_asic(directory, manifest, progress)
                                         : synth_fpga(directory, manifest, progress);
  write_metrics(directory, "synthesis", all);
}

}  // namespace app
