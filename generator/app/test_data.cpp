#include "app/test_data.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "app/scale_hint.hpp"
#include "base/error.hpp"

namespace app {

namespace {

nn::Layout layout_of(config::Layout layout) {
  switch (layout) {
    case config::Layout::kAuto:
      return nn::Layout::kAuto;
    case config::Layout::kAsStored:
      return nn::Layout::kAsStored;
    case config::Layout::kNhwcToNchw:
      return nn::Layout::kNhwcToNchw;
    case config::Layout::kNchwToNhwc:
      break;
  }
  return nn::Layout::kNchwToNhwc;
}

// The first few names of a list, and how many more.
std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 5;
  const std::vector<std::string> first(names.begin(),
                                       names.begin() + std::min(names.size(), kShown));
  const std::string rest =
      names.size() > kShown ? fmt::format(" and {} more", names.size() - kShown) : "";
  return fmt::format("{}{}", fmt::join(first, ", "), rest);
}

std::string skipped_text(const nn::SampleSet& set) {
  return "skipped, not .pgm, .ppm or .pnm: " + listed(set.skipped);
}

// A file of the spec and how much of it is wanted.
struct Wanted {
  const char* key;
  std::filesystem::path file;
  int asked;  // 0: no number is asked for
  int usual;  // then this many, or all there are
};

nn::SampleSet load_first(const Wanted& wanted, std::vector<std::string>& notes) {
  const int most = wanted.asked > 0 ? wanted.asked : wanted.usual;
  nn::SampleSet set = nn::load_samples(wanted.file, static_cast<std::size_t>(most));
  if (set.count < wanted.asked)
    base::fail(base::Code::kBadSamples,
               fmt::format("{} samples are wanted, the file has {}{}", most, set.count,
                           set.skipped.empty() ? "" : "; " + skipped_text(set)),
               set.name, "ask for fewer samples");
  if (!set.skipped.empty()) notes.push_back(fmt::format("{}: {}", wanted.key, skipped_text(set)));
  if (set.count < most)
    notes.push_back(fmt::format("{}: all {} samples are used", wanted.key, set.count));
  return set;
}

// The first look at a network's samples is the time to say that their scale seems wrong.
void note_scale(const config::Data& data, const nn::Graph& graph, const nn::Array& inputs,
                std::vector<std::string>& notes) {
  if (data.scale != 1.0 || data.offset != 0.0) return;
  const auto finding = pixel_finding(graph, inputs);
  if (finding && !finding->evidence.empty())
    notes.push_back(fmt::format(
        "data.scale: the stored values go up to {}, and {}; if the network was trained on 0 to 1, "
        "set data.scale = {}",
        finding->greatest, finding->evidence, finding->unit));
}

}  // namespace

const nn::Value& only_input(const nn::Graph& graph) {
  if (graph.inputs.size() != 1)
    base::fail(base::Code::kCannotLower,
               fmt::format("the network has {} inputs; one is supported", graph.inputs.size()),
               graph.name, "export the model with one input");
  return graph.value(graph.inputs.front());
}

nn::Preparation preparation_of(const config::Data& data) {
  return {data.scale, data.offset, layout_of(data.layout)};
}

Samples load_test_samples(const config::Spec& spec, const nn::Graph& graph, int count) {
  if (spec.data.inputs.empty())
    base::fail(base::Code::kMissingKey, "the spec names no test samples", "data.inputs",
               "data.inputs = \"samples.npy\"");
  Samples samples;
  const nn::SampleSet set = load_first(
      {"data.inputs", spec.data.inputs, count, config::kSimulatedSamples}, samples.notes);
  samples.inputs = nn::to_input(set, only_input(graph), preparation_of(spec.data));
  if (spec.data.calibration.empty()) note_scale(spec.data, graph, samples.inputs, samples.notes);
  if (spec.data.labels.empty()) return samples;
  const nn::SampleSet labels = nn::load_samples(spec.data.labels);
  samples.labels = first_labels(labels_of(labels, outputs_of(graph), set.count), samples.count());
  samples.labels.threshold = spec.data.threshold;
  return samples;
}

CalibrationData load_calibration(const config::Spec& spec, const nn::Graph& graph) {
  if (spec.data.calibration.empty()) return {};
  CalibrationData data;
  const nn::SampleSet set = load_first({"data.calibration", spec.data.calibration,
                                        spec.data.calibration_samples, config::kCalibrationSamples},
                                       data.notes);
  data.inputs = nn::to_input(set, only_input(graph), preparation_of(spec.data));
  note_scale(spec.data, graph, data.inputs, data.notes);
  return data;
}

}  // namespace app
