#include "app/starter_spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/data_names.hpp"
#include "app/model.hpp"
#include "app/scale_hint.hpp"
#include "app/starter_shape.hpp"
#include "app/test_data.hpp"
#include "base/error.hpp"
#include "base/layout.hpp"
#include "config/apply.hpp"
#include "config/schema.hpp"
#include "config/spec_io.hpp"
#include "nn/import.hpp"
#include "quant/draft.hpp"
#include "quant/facts.hpp"
#include "quant/quantise.hpp"

namespace app {

namespace fs = std::filesystem;

namespace {

constexpr int kLooked = 1000;  // samples that the choices are made from

// "my net.v2.onnx" as the name of a design.
std::string name_of(const fs::path& model) {
  std::string name = model.stem().string().substr(0, 60);
  for (char& c : name)
    if (!config::is_identifier(std::string("x") + c)) c = '_';
  return config::is_identifier(name) ? name : "net_" + name;
}

// A path as the spec's folder sees it; absolute ones stay so.
fs::path from_spec(const fs::path& path, const fs::path& spec) {
  if (path.is_absolute()) return path;
  return fs::absolute(path).lexically_proximate(fs::absolute(spec).parent_path());
}

// Bits of a quantised model are not for the spec to choose.
void choose_bits(Starter& starter, const quant::ModelFormats& formats, const std::string& model) {
  const auto require = [&](base::Code code, const char* key, const char* what, int bits) {
    const double most = config::find_key("pe", key)->high;
    if (bits > most)
      base::fail(
          code,
          fmt::format("the model's {} have {} bits; pe.{} is at most {}", what, bits, key, most),
          model, "export the model with narrower formats");
  };
  require(base::Code::kWeightBits, "weight_bits", "weights", formats.weight_bits);
  require(base::Code::kActivationBits, "activation_bits", "activations", formats.activation_bits);
  config::Pe& pe = starter.spec.pe;
  if (formats.weight_bits > 0) pe.weight_bits = std::max(2, formats.weight_bits);
  if (formats.activation_bits > 0) pe.activation_bits = formats.activation_bits;
  starter.remarks["pe.weight_bits"] = {
      formats.weight_bits > 0 ? "The model's own; more bits lessen the rounding of its thresholds."
                              : "The model is float: more bits cost area, fewer cost accuracy."};
  starter.remarks["pe.activation_bits"] = {
      formats.activation_bits > 0 ? "The model's own; tensors that it quantises keep their bits."
                                  : "The model is float: each bit costs a tick a window."};
}

void choose_size(Starter& starter, const quant::ModelFormats& formats) {
  const auto remark = [](int most, const char* what) {
    return config::Remark{
        fmt::format("The largest layer has {} {}; what is larger than a crossbar "
                    "is cut into tiles.",
                    most, what)};
  };
  starter.remarks["pe.rows"] = remark(formats.rows, "inputs");
  starter.remarks["pe.cols"] = remark(formats.cols, "outputs");
}

// Sets the value of `key` for the input that the model calls `name`, the only one or one of
// several.
template <class T>
void set_for(config::ByName<T>& key, const nn::Graph& graph, const std::string& name, T value) {
  if (graph.inputs.size() == 1)
    key = value;
  else
    key.named[name] = value;
}

void add_remark(Starter& starter, const char* key, const std::string& text) {
  std::string& all = starter.remarks[key].text;
  all += (all.empty() ? "" : "\n") + text;
}

// Of several inputs remarks say which they are of.
std::string subject(const nn::Graph& graph, const std::string& name) {
  return graph.inputs.size() == 1 ? "" : base::quoted_name(name) + ": ";
}

// The layout that makes the samples fit, tried in this order.
nn::Array choose_layout(Starter& starter, const nn::Graph& graph, const nn::SampleSet& set,
                        const nn::Value& input) {
  using config::Layout;
  for (const Layout layout : {Layout::kAuto, Layout::kNhwcToNchw, Layout::kNchwToNhwc}) {
    config::Data data;
    data.layout = layout;
    try {
      nn::Array inputs = nn::to_input(set, input, preparation_of(data, input.name));
      if (layout == Layout::kAuto) return inputs;
      set_for(starter.spec.data.layout, graph, input.name, layout);
      add_remark(starter, "data.layout",
                 fmt::format("{}Guessed: stored samples are {}, the network's input is {}.",
                             subject(graph, input.name), nn::to_string(set.values.shape),
                             nn::to_string(input.shape)));
      return inputs;
    } catch (const base::Error&) {
      if (layout == Layout::kNchwToNhwc) break;
    }
  }
  return nn::to_input(set, input, {});  // refuses with what is wrong without any key
}

void choose_scale(Starter& starter, const nn::Graph& graph, const std::vector<nn::Array>& inputs,
                  std::size_t which) {
  const std::string& name = graph.value(graph.inputs[which]).name;
  const auto finding = pixel_finding(graph, inputs, which);
  std::string text = "The stored values do not look like pixels; taken as they are.";
  if (finding && finding->evidence.empty())
    text = fmt::format(
        "The stored values go up to {}, and nothing says that the network wants them smaller.\n"
        "If it was trained on 0 to 1: {}.",
        finding->greatest, finding->unit);
  if (finding && !finding->evidence.empty()) {
    set_for(starter.spec.data.scale, graph, name, finding->unit);
    text = fmt::format(
        "Guessed: the stored values go up to {}, and with scale = 1.0 {}.\nThis "
        "makes them 0 to 1; set what the training used.",
        finding->greatest, finding->evidence);
  }
  add_remark(starter, "data.scale", subject(graph, name) + text);
}

// The files of an option, as the user wrote them.
config::ByName<fs::path> named_files(const char* option, const std::vector<std::string>& given,
                                     const std::vector<std::string>& names) {
  const config::ByName<std::string> words = named_values(option, "FILE", given, names);
  config::ByName<fs::path> files = fs::path(words.all);
  for (const auto& [name, file] : words.named) files.named[name] = file;
  return files;
}

// The same as the spec names them.
config::ByName<fs::path> in_spec(config::ByName<fs::path> files, const fs::path& spec) {
  if (!files.all.empty()) files.all = from_spec(files.all, spec);
  for (auto& [name, file] : files.named) file = from_spec(file, spec);
  return files;
}

std::vector<nn::SampleSet> load_sets(const config::ByName<fs::path>& files,
                                     const nn::Graph& graph) {
  std::vector<nn::SampleSet> sets;
  for (const std::string& name : input_names(graph)) {
    if (files.of(name).empty())
      base::fail(base::Code::kUsage,
                 fmt::format("no samples for the input {}", base::quoted_name(name)), "--inputs",
                 fmt::format("add --inputs {}=FILE", name));
    sets.push_back(nn::load_samples(files.of(name), kLooked));
  }
  require_equal_counts(sets, graph);
  return sets;
}

// None if none are given.
std::vector<nn::SampleSet> read_inputs(Starter& starter, const StarterInputs& given,
                                       const nn::Graph& graph) {
  if (given.samples.empty()) return {};
  const auto files = named_files("--inputs", given.samples, input_names(graph));
  starter.spec.data.inputs = in_spec(files, given.spec);
  return load_sets(files, graph);
}

// Of inputs that leave more open than the batch.
void choose_extents(Starter& starter, const StarterInputs& given, const nn::Graph& graph,
                    const std::vector<nn::SampleSet>& sets) {
  starter.spec.model.input_shape = given_extents(given.shapes, graph);
  for (std::size_t i = 0; i < graph.inputs.size(); ++i) {
    const nn::Value& input = graph.value(graph.inputs[i]);
    if (!is_open(input) || !starter.spec.model.input_shape.of(input.name).empty()) continue;
    if (sets.empty()) refuse_open(input);
    set_for(starter.spec.model.input_shape, graph, input.name, extents_of_samples(sets[i], input));
    add_remark(starter, "model.input_shape",
               fmt::format("{}From the samples, which are {}.", subject(graph, input.name),
                           nn::to_string(sets[i].values.shape)));
  }
  if (!given.shapes.empty()) add_remark(starter, "model.input_shape", "");
}

void choose_inputs(Starter& starter, const std::vector<nn::SampleSet>& sets,
                   const nn::Graph& graph) {
  std::vector<nn::Array> inputs;
  for (std::size_t i = 0; i < sets.size(); ++i)
    inputs.push_back(choose_layout(starter, graph, sets[i], graph.value(graph.inputs[i])));
  for (std::size_t i = 0; i < sets.size(); ++i) choose_scale(starter, graph, inputs, i);
  starter.remarks["data.inputs"] = {fmt::format("{} samples.", sets.front().count)};
}

void choose_labels(Starter& starter, const StarterInputs& given, const nn::Graph& graph,
                   std::int64_t count) {
  if (given.labels.empty()) return;
  const auto files = named_files("--labels", given.labels, output_names(graph));
  for (const Output& output : outputs_of(graph))
    if (!files.of(output.name).empty())
      labels_of(nn::load_samples(files.of(output.name)), output, count);
  starter.spec.data.labels = in_spec(files, given.spec);
  starter.remarks["data.labels"] = {};
}

// What is said of files that are not given; of several, what they would look like.
config::Remark missing(const char* text, const std::vector<std::string>& names) {
  return {text, false, names.size() > 1 ? files_table(names) : ""};
}

void choose_calibration(Starter& starter, const quant::ModelFormats& formats,
                        const nn::Graph& graph) {
  config::Remark& remark = starter.remarks["data.calibration"];
  starter.compiles = formats.complete || !starter.spec.data.inputs.empty();
  if (formats.complete) {
    remark = missing("The model brings all its scales: not needed.", input_names(graph));
  } else if (!starter.compiles) {
    remark =
        missing("The model is float: this must be set before it compiles.", input_names(graph));
  } else {
    starter.spec.data.calibration = starter.spec.data.inputs;
    remark = {
        "The test samples, for want of others; better are samples that the test does not use."};
  }
}

// What the file says must be what the choices were made for.
void check(const Starter& starter, const StarterInputs& given, const nn::Graph& graph) {
  const config::Spec spec = config::parse_spec(starter.toml, given.spec);
  if (!given.samples.empty()) load_test_samples(spec, graph, 0);
}

}  // namespace

Starter make_starter(const StarterInputs& given) {
  if (given.samples.empty() && !given.labels.empty())
    base::fail(base::Code::kUsage, "labels are given without samples", "--labels",
               "name the samples with --inputs");
  Starter starter;
  nn::Graph imported = nn::import_onnx(given.model);
  const std::vector<nn::SampleSet> sets = read_inputs(starter, given, imported);
  choose_extents(starter, given, imported, sets);
  const nn::Graph graph = prepared(std::move(imported), starter.spec.model);
  const quant::ModelFormats formats = quant::formats_of(graph);
  starter.spec.name = name_of(given.model);
  starter.spec.model.file = from_spec(given.model, given.spec);
  starter.remarks["name"] = {};
  for (const nn::ValueId id : graph.inputs)
    add_remark(starter, "model.file",
               fmt::format("Input \"{}\" {}.", graph.value(id).name,
                           nn::to_string(graph.value(id).shape)));
  choose_bits(starter, formats, given.model.string());
  choose_size(starter, formats);
  if (output_names(graph).size() > 1)
    starter.remarks["data.labels"] =
        missing("Of each output that has labels.", output_names(graph));
  if (sets.empty()) {
    starter.remarks["data.inputs"] = missing("Needed to simulate.", input_names(graph));
  } else {
    choose_inputs(starter, sets, graph);
    choose_labels(starter, given, graph, sets.front().count);
  }
  choose_calibration(starter, formats, graph);
  starter.toml = "# Written by fpsa init. Keys behind # have the value that is shown.\n" +
                 config::starter_toml(starter.spec, starter.remarks);
  check(starter, given, graph);
  return starter;
}

}  // namespace app
