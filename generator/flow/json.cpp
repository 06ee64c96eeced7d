#include "flow/json.hpp"

#include <nlohmann/json.hpp>

namespace flow {

using nlohmann::json;

namespace {

template <class T>
json or_null(const std::optional<T>& value) {
  return value ? json(*value) : json(nullptr);
}

const char* word(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return "pass";
    case Verdict::kMismatch:
      return "mismatch";
    case Verdict::kTimeout:
      return "timeout";
  }
  return "unknown";
}

}  // namespace

void to_json(json& j, const LayerResult& layer) {
  j = {{"name", layer.name},
       {"lanes", layer.lanes},
       {"windows", layer.windows},
       {"compared", layer.compared},
       {"mismatches", layer.mismatches},
       {"transitions", layer.transitions},
       {"activity", layer.activity}};
}

void to_json(json& j, const OutputResult& output) {
  j = {{"name", output.name},
       {"lanes", output.lanes},
       {"compared", output.compared},
       {"mismatches", output.mismatches}};
}

void to_json(json& j, const FirstMismatch& first) {
  j = {{"layer", first.layer},
       {"element", first.element},
       {"sample", first.sample},
       {"tick", or_null(first.tick)},
       {"expected_bit", first.expected_bit},
       {"actual_bit", first.actual_bit},
       {"expected_value", first.expected_value},
       {"actual_value", first.actual_value},
       {"clock", first.clock},
       {"text", first.text}};
}

void to_json(json& j, const Counters& counters) {
  j = {{"cycles", counters.cycles},
       {"live_windows", counters.live_windows},
       {"samples", counters.samples},
       {"ceilings", counters.ceilings}};
}

void to_json(json& j, const SimulationResult& result) {
  j = {{"simulator", result.simulator},
       {"verdict", word(result.verdict)},
       {"samples", result.samples},
       {"samples_requested", result.samples_requested},
       {"cycles", result.cycles},
       {"latency_cycles", or_null(result.latency_cycles)},
       {"cycles_per_sample", or_null(result.cycles_per_sample)},
       {"activity", result.activity},
       {"seconds", result.seconds},
       {"outputs_compared", result.outputs_compared},
       {"output_mismatches", result.output_mismatches},
       {"counters", or_null(result.counters)},
       {"layers", result.layers},
       {"first_mismatch", or_null(result.first_mismatch)},
       {"faults", result.faults},
       {"hang", result.hang}};
  if (!result.outputs.empty()) j["outputs"] = result.outputs;
}

void to_json(json& j, const LintMessage& message) {
  j = {{"tool", message.tool}, {"text", message.text}};
}

void to_json(json& j, const ModuleArea& module) {
  j = {{"module", module.module},
       {"instances", module.instances},
       {"cells", module.cells},
       {"area_um2", module.area_um2},
       {"share", module.share}};
}

void to_json(json& j, const AreaReport& report) {
  j = {{"cells", report.cells},
       {"area_um2", report.area_um2},
       {"blackbox_um2", report.blackbox_um2},
       {"cell_types", report.cell_types},
       {"modules", report.modules}};
}

void to_json(json& j, const SynthResult& result) {
  j = {{"area", result.area}, {"warnings", result.warnings}};
}

void to_json(json& j, const StaResult& result) {
  j = {{"clock_ns", result.clock_ns},
       {"slack_ns", result.slack_ns},
       {"hold_slack_ns", result.hold_slack_ns},
       {"tns_ns", result.tns_ns},
       {"fmax_mhz", result.fmax_mhz},
       {"path_from", result.path_from},
       {"path_to", result.path_to},
       {"overloads", result.overloads},
       {"untimed_cells", result.untimed_cells},
       {"internal_w", result.internal_w},
       {"switching_w", result.switching_w},
       {"leakage_w", result.leakage_w},
       {"total_w", result.total_w}};
}

void to_json(json& j, const Utilisation& utilisation) {
  j = {{"used", utilisation.used}, {"available", utilisation.available}};
}

void to_json(json& j, const PnrResult& result) {
  j = {{"device", result.device},
       {"seed", result.seed},
       {"fmax_mhz", result.fmax_mhz},
       {"utilisation", result.utilisation}};
}

void to_json(json& j, const Capability& capability) {
  j = {{"name", capability.name}, {"present", capability.present}};
}

void to_json(json& j, const ToolStatus& tool) {
  j = {{"name", tool.name},       {"purpose", tool.purpose}, {"required", tool.required},
       {"path", tool.path},       {"version", tool.version}, {"minimum", tool.minimum},
       {"recent", tool.recent},   {"usable", tool.usable()}, {"capabilities", tool.capabilities},
       {"package", tool.package}, {"install", tool.install}};
}

}  // namespace flow
