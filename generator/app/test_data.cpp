#include "app/test_data.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "app/data_names.hpp"
#include "app/scale_hint.hpp"
#include "base/error.hpp"
#include "base/layout.hpp"
#include "config/schema.hpp"

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

// How many samples of a key of the spec are wanted.
struct Wanted {
  const char* key;
  int asked;  // 0: no number is asked for
  int usual;  // then this many, or all there are

  int most() const { return asked > 0 ? asked : usual; }
};

nn::SampleSet load_first(const Wanted& wanted, const std::filesystem::path& file,
                         std::vector<std::string>& notes) {
  nn::SampleSet set = nn::load_samples(file, static_cast<std::size_t>(wanted.most()));
  if (set.count < wanted.asked)
    base::fail(base::Code::kBadSamples,
               fmt::format("{} samples are wanted, the file has {}{}", wanted.asked, set.count,
                           set.skipped.empty() ? "" : "; " + skipped_text(set)),
               set.name, "ask for fewer samples");
  if (!set.skipped.empty()) notes.push_back(fmt::format("{}: {}", wanted.key, skipped_text(set)));
  return set;
}

// The samples of all inputs, and how many there are in each file.
struct Loaded {
  std::vector<nn::Array> inputs;
  std::int64_t count = 0;
};

Loaded load_inputs(const config::Data& data, const nn::Graph& graph,
                   const config::ByName<std::filesystem::path>& files, const Wanted& wanted,
                   std::vector<std::string>& notes) {
  std::vector<nn::SampleSet> sets;
  for (const std::string& name : input_names(graph))
    sets.push_back(load_first(wanted, files.of(name), notes));
  require_equal_counts(sets, graph);
  Loaded loaded{{}, sets.front().count};
  for (std::size_t i = 0; i < sets.size(); ++i) {
    const nn::Value& input = graph.value(graph.inputs[i]);
    loaded.inputs.push_back(nn::to_input(sets[i], input, preparation_of(data, input.name)));
  }
  if (loaded.count < wanted.most())
    notes.push_back(fmt::format("{}: all {} samples are used", wanted.key, loaded.count));
  return loaded;
}

// Labels of the first samples, an output each.
std::vector<Labels> load_labels(const config::Data& data, const nn::Graph& graph,
                                std::int64_t samples, int used) {
  std::vector<Labels> all;
  for (const Output& output : outputs_of(graph)) {
    all.emplace_back();
    const std::filesystem::path& file = data.labels.of(output.name);
    if (file.empty()) continue;
    all.back() = first_labels(labels_of(nn::load_samples(file), output, samples), used);
    all.back().threshold = data.threshold.of(output.name);
  }
  return all;
}

// The first look at a network's samples is the time to say that their scale seems wrong.
void note_scale(const config::Data& data, const nn::Graph& graph,
                const std::vector<nn::Array>& inputs, std::vector<std::string>& notes) {
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const std::string& name = graph.value(graph.inputs[i]).name;
    if (data.scale.of(name) != 1.0 || data.offset.of(name) != 0.0) continue;
    const auto finding = pixel_finding(graph, inputs, i);
    if (!finding || finding->evidence.empty()) continue;
    const std::string value = inputs.size() == 1
                                  ? fmt::format("{}", finding->unit)
                                  : config::literal(config::Table{{{name, finding->unit}}});
    notes.push_back(fmt::format(
        "data.scale: the stored values{} go up to {}, and {}; if the network was trained on 0 to "
        "1, set data.scale = {}",
        inputs.size() == 1 ? "" : " of " + base::quoted_name(name), finding->greatest,
        finding->evidence, value));
  }
}

}  // namespace

nn::Preparation preparation_of(const config::Data& data, const std::string& name) {
  return {data.scale.of(name), data.offset.of(name), layout_of(data.layout.of(name))};
}

void require_equal_counts(const std::vector<nn::SampleSet>& sets, const nn::Graph& graph) {
  const std::vector<std::string> names = input_names(graph);
  for (std::size_t i = 1; i < sets.size(); ++i)
    if (sets[i].count != sets[0].count)
      base::fail(
          base::Code::kBadSamples,
          fmt::format("{} samples for the input {}, {} for {}", sets[i].count,
                      base::quoted_name(names[i]), sets[0].count, base::quoted_name(names[0])),
          sets[i].name, "give all inputs the same samples, in the same order");
}

Samples load_test_samples(const config::Spec& spec, const nn::Graph& graph, int count, int most) {
  const config::Data& data = spec.data;
  check_names(data, graph);
  if (data.inputs.empty())
    base::fail(base::Code::kMissingKey, "the spec names no test samples", "data.inputs",
               "data.inputs = " + (graph.inputs.size() == 1 ? "\"samples.npy\""
                                                            : files_table(input_names(graph))));
  Samples samples;
  const Wanted wanted{"data.inputs", count, most};
  Loaded loaded = load_inputs(data, graph, data.inputs, wanted, samples.notes);
  samples.inputs = std::move(loaded.inputs);
  if (data.calibration.empty()) note_scale(data, graph, samples.inputs, samples.notes);
  samples.labels = load_labels(data, graph, loaded.count, samples.count());
  return samples;
}

CalibrationData load_calibration(const config::Spec& spec, const nn::Graph& graph) {
  const config::Data& data = spec.data;
  check_names(data, graph);
  if (data.calibration.empty()) return {};
  CalibrationData calibration;
  const Wanted wanted{"data.calibration", data.calibration_samples, config::kCalibrationSamples};
  calibration.inputs = load_inputs(data, graph, data.calibration, wanted, calibration.notes).inputs;
  note_scale(data, graph, calibration.inputs, calibration.notes);
  return calibration;
}

}  // namespace app
