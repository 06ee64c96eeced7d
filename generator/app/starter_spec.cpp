#include "app/starter_spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/scale_hint.hpp"
#include "app/test_data.hpp"
#include "base/error.hpp"
#include "config/apply.hpp"
#include "config/schema.hpp"
#include "config/spec_io.hpp"
#include "nn/import.hpp"
#include "nn/passes/passes.hpp"
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

// The layout that makes the samples fit, tried in this order.
nn::Array choose_layout(Starter& starter, const nn::SampleSet& set, const nn::Value& input) {
  using config::Layout;
  for (const Layout layout : {Layout::kAuto, Layout::kNhwcToNchw, Layout::kNchwToNhwc}) {
    config::Data data;
    data.layout = layout;
    try {
      nn::Array inputs = nn::to_input(set, input, preparation_of(data));
      if (layout == Layout::kAuto) return inputs;
      starter.spec.data.layout = layout;
      starter.remarks["data.layout"] = {
          fmt::format("Guessed: stored samples are {}, the network's input is {}.",
                      nn::to_string(set.values.shape), nn::to_string(input.shape))};
      return inputs;
    } catch (const base::Error&) {
      if (layout == Layout::kNchwToNhwc) break;
    }
  }
  return nn::to_input(set, input, {});  // refuses with what is wrong without any key
}

void choose_scale(Starter& starter, const nn::Graph& graph, const nn::Array& inputs) {
  const auto finding = pixel_finding(graph, inputs);
  std::string text = "The stored values do not look like pixels; taken as they are.";
  if (finding && finding->evidence.empty())
    text = fmt::format(
        "The stored values go up to {}, and nothing says that the network wants them smaller.\n"
        "If it was trained on 0 to 1: {}.",
        finding->greatest, finding->unit);
  if (finding && !finding->evidence.empty()) {
    starter.spec.data.scale = finding->unit;
    text = fmt::format(
        "Guessed: the stored values go up to {}, and with scale = 1.0 {}.\nThis "
        "makes them 0 to 1; set what the training used.",
        finding->greatest, finding->evidence);
  }
  starter.remarks["data.scale"] = {text};
}

void choose_samples(Starter& starter, const StarterInputs& given, const nn::Graph& graph) {
  const nn::SampleSet set = nn::load_samples(given.samples, kLooked);
  const nn::Array inputs = choose_layout(starter, set, only_input(graph));
  choose_scale(starter, graph, inputs);
  starter.spec.data.inputs = from_spec(given.samples, given.spec);
  starter.remarks["data.inputs"] = {fmt::format("{} samples.", set.count)};
  if (given.labels.empty()) return;
  labels_of(nn::load_samples(given.labels), outputs_of(graph), set.count);
  starter.spec.data.labels = from_spec(given.labels, given.spec);
  starter.remarks["data.labels"] = {};
}

void choose_calibration(Starter& starter, const quant::ModelFormats& formats) {
  if (formats.complete) {
    starter.remarks["data.calibration"] = {"The model brings all its scales: not needed.", false};
    return;
  }
  starter.compiles = !starter.spec.data.inputs.empty();
  if (!starter.compiles) {
    starter.remarks["data.calibration"] = {
        "The model is float: this must be set before it compiles.", false};
    return;
  }
  starter.spec.data.calibration = starter.spec.data.inputs;
  starter.remarks["data.calibration"] = {
      "The test samples, for want of others; better are samples that the test does not use."};
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
  const nn::Graph graph = nn::simplify(nn::import_onnx(given.model));
  const quant::ModelFormats formats = quant::formats_of(graph);
  Starter starter;
  starter.spec.name = name_of(given.model);
  starter.spec.model.file = from_spec(given.model, given.spec);
  starter.remarks["name"] = {};
  starter.remarks["model.file"] = {fmt::format("Input \"{}\" {}.", only_input(graph).name,
                                               nn::to_string(only_input(graph).shape))};
  choose_bits(starter, formats, given.model.string());
  choose_size(starter, formats);
  if (given.samples.empty())
    starter.remarks["data.inputs"] = {"Needed to simulate.", false};
  else
    choose_samples(starter, given, graph);
  choose_calibration(starter, formats);
  starter.toml = "# Written by fpsa init. Keys behind # have the value that is shown.\n" +
                 config::starter_toml(starter.spec, starter.remarks);
  check(starter, given, graph);
  return starter;
}

}  // namespace app
