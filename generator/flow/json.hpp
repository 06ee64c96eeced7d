// Every result of this layer as JSON, for metrics.json and --json.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "flow/area.hpp"
#include "flow/doctor.hpp"
#include "flow/lint.hpp"
#include "flow/nextpnr.hpp"
#include "flow/opensta.hpp"
#include "flow/simulation.hpp"
#include "flow/yosys.hpp"

namespace flow {

// Members keep the names of the structs' fields; absent optionals are null. Paths are not written:
// they differ from machine to machine. The one exception is the doctor, whose answer they are.
void to_json(nlohmann::json& json, const LayerResult& layer);
void to_json(nlohmann::json& json, const OutputResult& output);
void to_json(nlohmann::json& json, const FirstMismatch& first);
void to_json(nlohmann::json& json, const Counters& counters);
void to_json(nlohmann::json& json, const SimulationResult& result);
void to_json(nlohmann::json& json, const LintMessage& message);
void to_json(nlohmann::json& json, const ModuleArea& module);
void to_json(nlohmann::json& json, const AreaReport& report);
void to_json(nlohmann::json& json, const SynthResult& result);
void to_json(nlohmann::json& json, const StaResult& result);
void to_json(nlohmann::json& json, const Utilisation& utilisation);
void to_json(nlohmann::json& json, const PnrResult& result);
void to_json(nlohmann::json& json, const Capability& capability);
void to_json(nlohmann::json& json, const ToolStatus& tool);

}  // namespace flow
