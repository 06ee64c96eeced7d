#include "flow/simulation.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace flow {
namespace {

using nlohmann::json;

template <class T>
std::optional<T> maybe(const json& value) {
  if (value.is_null()) return {};
  return value.get<T>();
}

Verdict verdict_of(const std::string& word) {
  if (word == "pass") return Verdict::kPass;
  if (word == "mismatch") return Verdict::kMismatch;
  if (word == "timeout") return Verdict::kTimeout;
  throw std::invalid_argument("unknown verdict " + word);
}

LayerResult layer_of(const json& layer) {
  return {layer.at("name"),     layer.at("lanes"),      layer.at("windows"),
          layer.at("compared"), layer.at("mismatches"), layer.at("transitions"),
          layer.at("activity")};
}

// One stream, or several outputs in it.
void add_outputs(const json& outputs, SimulationResult& result) {
  if (outputs.is_object()) {
    result.outputs_compared = outputs.at("compared");
    result.output_mismatches = outputs.at("mismatches");
    return;
  }
  for (const json& output : outputs) {
    result.outputs.push_back(
        {output.at("name"), output.at("lanes"), output.at("compared"), output.at("mismatches")});
    result.outputs_compared += result.outputs.back().compared;
    result.output_mismatches += result.outputs.back().mismatches;
  }
}

std::optional<FirstMismatch> first_of(const json& first) {
  if (first.is_null()) return {};
  return FirstMismatch{first.at("layer"),          first.at("element"),
                       first.at("sample"),         maybe<std::size_t>(first.at("tick")),
                       first.at("expected_bit"),   first.at("actual_bit"),
                       first.at("expected_value"), first.at("actual_value"),
                       first.at("clock"),          first.at("text")};
}

std::optional<Counters> counters_of(const json& counters) {
  if (counters.is_null()) return {};
  return Counters{counters.at("cycles"), counters.at("live_windows"), counters.at("samples"),
                  counters.at("ceilings")};
}

SimulationResult result_of(const json& document) {
  if (document.at("schema_version") != 1) throw std::invalid_argument("schema_version is not 1");
  SimulationResult result;
  result.simulator = "verilator";
  result.verdict = verdict_of(document.at("verdict"));
  result.samples = document.at("samples");
  result.samples_requested = document.at("samples_requested");
  result.cycles = document.at("cycles");
  result.latency_cycles = maybe<std::uint64_t>(document.at("latency_cycles"));
  result.cycles_per_sample = maybe<double>(document.at("cycles_per_sample"));
  result.activity = document.at("activity");
  result.seconds = document.at("seconds");
  add_outputs(document.at("outputs"), result);
  result.counters = counters_of(document.at("counters"));
  for (const json& layer : document.at("layers")) result.layers.push_back(layer_of(layer));
  result.first_mismatch = first_of(document.at("first_mismatch"));
  result.faults = document.at("faults").get<std::vector<std::string>>();
  result.hang = maybe<std::string>(document.at("hang")).value_or("");
  return result;
}

}  // namespace

SimulationResult parse_results(const std::string& text, const std::string& source) {
  try {
    return result_of(json::parse(text));
  } catch (const std::exception& error) {
    base::fail(base::Code::kToolOutput,
               fmt::format("the bench's results are unreadable: {}", error.what()), source,
               "delete the build folder of the run and simulate again");
  }
}

void require_match(const SimulationResult& result) {
  if (result.verdict == Verdict::kPass) return;
  if (result.verdict == Verdict::kTimeout)
    base::fail(base::Code::kSimulationHang,
               fmt::format("the design stopped moving after {} of {} samples; {}", result.samples,
                           result.samples_requested, result.hang));
  base::Diagnostics faults;
  if (result.first_mismatch)
    faults.add(base::Code::kMismatch, "the design differs from the prediction",
               result.first_mismatch->text,
               "look at the clock before it with --trace; upstream buses agree up to there");
  for (const std::string& fault : result.faults) faults.add(base::Code::kMismatch, fault);
  faults.throw_if_any();
  base::fail(base::Code::kToolOutput, "the bench reports a mismatch without saying where");
}

}  // namespace flow
