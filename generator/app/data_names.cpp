#include "app/data_names.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/layout.hpp"
#include "base/text.hpp"
#include "config/schema.hpp"

namespace app {

namespace {

using Names = std::vector<std::string>;
using Files = config::ByName<std::filesystem::path>;
using base::Code;
using base::Diagnostics;

Names names_of(const nn::Graph& graph, const std::vector<nn::ValueId>& ids) {
  Names names;
  for (const nn::ValueId id : ids) names.push_back(graph.value(id).name);
  return names;
}

// False if a name is none of `names`, which are the network's inputs, outputs or nodes.
template <class T>
bool are_known(const char* key, const config::ByName<T>& values, const char* kind,
               const Names& names, Diagnostics& faults) {
  const std::size_t before = faults.faults().size();
  for (const auto& [name, value] : values.named) {
    if (std::ranges::find(names, name) != names.end()) continue;
    const std::string near = base::nearest(name, names);
    faults.add(Code::kUnknownKey,
               fmt::format("the network has no {} {}", kind, base::quoted_name(name)), key,
               names.empty()  ? "remove it"
               : near.empty() ? fmt::format("one of {}", fmt::join(names, ", "))
                              : near);
  }
  return faults.faults().size() == before;
}

// Several inputs have a file each.
void check_inputs(const char* key, const Files& files, const Names& names, Diagnostics& faults) {
  if (!are_known(key, files, "input", names, faults) || files.empty()) return;
  const std::string cure = fmt::format("{} = {}", key, files_table(names, files));
  if (files.named.empty() && names.size() > 1)
    faults.add(Code::kMissingKey, fmt::format("one file for a network of {} inputs", names.size()),
               key, cure);
  else
    for (const std::string& name : names)
      if (files.of(name).empty())
        faults.add(Code::kMissingKey,
                   fmt::format("no file for the input {}", base::quoted_name(name)), key, cure);
}

// Of several outputs those that have labels are named.
void check_labels(const Files& labels, const Names& names, Diagnostics& faults) {
  if (!are_known("data.labels", labels, "output", names, faults)) return;
  if (labels.all.empty() || names.size() == 1) return;
  Names choices;
  for (const std::string& name : names)
    choices.push_back(config::literal(config::Table{{{name, labels.all.string()}}}));
  faults.add(Code::kMissingKey,
             fmt::format("labels for a network of {} outputs, and no word of which they are",
                         names.size()),
             "data.labels", fmt::format("data.labels = {}", fmt::join(choices, ", or ")));
}

}  // namespace

Names input_names(const nn::Graph& graph) { return names_of(graph, graph.inputs); }

Names output_names(const nn::Graph& graph) { return names_of(graph, graph.outputs); }

std::string files_table(const Names& names, const Files& given) {
  constexpr std::size_t kLongest = 24;
  config::Table table;
  for (const std::string& name : names) {
    const auto file = given.named.find(name);
    table.entries.emplace_back(name, file == given.named.end()
                                         ? base::stem_of(name, kLongest) + ".npy"
                                         : file->second.string());
  }
  return config::literal(table);
}

config::ByName<std::string> named_values(const char* option, const char* value,
                                         const std::vector<std::string>& given,
                                         const Names& names) {
  if (names.size() == 1 && given.size() == 1 && !given[0].starts_with(names[0] + "="))
    return given[0];
  config::ByName<std::string> values;
  for (const std::string& one : given) {
    const auto name = std::ranges::find_if(
        names, [&](const std::string& known) { return one.starts_with(known + "="); });
    if (name == names.end())
      base::fail(base::Code::kUsage,
                 fmt::format("{} is not NAME={} with a NAME of the network's",
                             base::quoted_name(one), value),
                 option,
                 fmt::format("{} NAME={}, NAME one of {}", option, value, fmt::join(names, ", ")));
    if (!values.named.emplace(*name, one.substr(name->size() + 1)).second)
      base::fail(base::Code::kUsage, fmt::format("{} is named twice", base::quoted_name(*name)),
                 option, "name it once");
  }
  return values;
}

void check_names(const config::Data& data, const nn::Graph& graph) {
  const Names inputs = input_names(graph);
  const Names outputs = output_names(graph);
  Diagnostics faults;
  check_inputs("data.inputs", data.inputs, inputs, faults);
  check_inputs("data.calibration", data.calibration, inputs, faults);
  are_known("data.scale", data.scale, "input", inputs, faults);
  are_known("data.offset", data.offset, "input", inputs, faults);
  are_known("data.layout", data.layout, "input", inputs, faults);
  check_labels(data.labels, outputs, faults);
  are_known("data.threshold", data.threshold, "output", outputs, faults);
  faults.throw_if_any();
}

void check_names(const config::Model& model, const nn::Graph& graph) {
  Diagnostics faults;
  are_known("model.input_shape", model.input_shape, "input", input_names(graph), faults);
  faults.throw_if_any();
}

Names recurrent_names(const nn::Graph& graph) {
  constexpr std::string_view kRecurrent[] = {"LSTM", "GRU", "RNN"};
  Names names;
  for (const nn::Node& node : graph.nodes)
    if (std::ranges::find(kRecurrent, node.op) != std::end(kRecurrent)) names.push_back(node.name);
  return names;
}

void check_names(const config::Recurrent& recurrent, const nn::Graph& graph) {
  Names layers = recurrent_names(graph);
  for (const auto& [name, block] : recurrent.block.named) layers.push_back(name);
  Diagnostics faults;
  are_known("recurrent.multipliers", recurrent.multipliers, "layer of words", layers, faults);
  faults.throw_if_any();
}

}  // namespace app
