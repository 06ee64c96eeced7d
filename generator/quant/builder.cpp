#include "quant/builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "nn/registry.hpp"

namespace quant {

namespace {

bool reads_data(const nn::Node& node) {
  const nn::OpDef* op = nn::find_op(node.op, node.domain);
  return !op || !op->reads_shapes_only;
}

}  // namespace

int Carried::count() const {
  int total = 0;
  for (const Piece& piece : pieces) total += piece.count;
  return total;
}

Builder::Builder(const nn::Graph& graph)
    : graph_(graph),
      uses_(graph),
      signal_values_(graph.values.size(), false),
      live_(graph.nodes.size(), false),
      readers_(graph.values.size(), 0) {
  find_signals();
  find_live();
  find_ends();
}

void Builder::find_signals() {
  for (const nn::ValueId id : graph_.inputs) signal_values_[id.index()] = true;
  for (const nn::Node& node : graph_.nodes) {
    const bool reads = reads_data(node) && std::ranges::any_of(node.inputs, [&](nn::ValueId id) {
                         return is_signal(id) && !graph_.is_constant(id);
                       });
    for (const nn::ValueId id : node.outputs)
      if (id.valid()) signal_values_[id.index()] = reads && !graph_.is_constant(id);
  }
}

// From the outputs back over the nodes; what nobody needs is not looked at, and reads nothing.
void Builder::find_live() {
  for (const nn::ValueId id : graph_.outputs) ++readers_[id.index()];
  for (std::size_t n = graph_.nodes.size(); n-- > 0;) {
    const nn::Node& node = graph_.nodes[n];
    live_[n] = std::ranges::any_of(node.outputs, [&](nn::ValueId id) {
      return id.valid() && signal_values_[id.index()] && readers_[id.index()] > 0;
    });
    if (!live_[n] || !reads_data(node)) continue;
    for (const nn::ValueId id : node.inputs)
      if (id.valid()) ++readers_[id.index()];
  }
}

void Builder::refuse(const nn::Node& node, std::string why, std::string cure) {
  base::fail(base::Code::kCannotLower, std::move(why), nn::describe(node), std::move(cure));
}

nn::ValueId Builder::only_signal(const nn::Node& node) const {
  nn::ValueId found;
  for (const nn::ValueId id : node.inputs) {
    if (!is_signal(id)) continue;
    if (found.valid())
      refuse(node, "computes with two signals",
             "the PEs hold constants: only Add, Sub, Sum, Mul, Div and Concat join signals");
    found = id;
  }
  if (!found.valid()) base::fail(base::Code::kInternal, "no input is a signal", nn::describe(node));
  return found;
}

const Carried& Builder::real(const nn::Node& node, nn::ValueId id) const {
  const Carried& in = at(id);
  if (in.stage == Stage::kHost)
    refuse(node, "follows what the host computes",
           "end the model with what is computed after the last product, or leave it out");
  if (in.stage == Stage::kIntegers)
    refuse(node, "computes with quantised integers", "put DequantizeLinear before it");
  return in;
}

void Builder::set(const nn::Node& node, Carried carried, std::string becomes, std::size_t index) {
  const nn::ValueId id = node.outputs.at(index);
  becomes_ = std::move(becomes);
  if (!id.valid()) return;
  values_[id.index()] = std::move(carried);
}

void Builder::pass(const nn::Node& node, const Carried& in, std::string becomes) {
  set(node, in, std::move(becomes));
}

Survey Builder::run() {
  survey_.nodes = base::IdVector<nn::NodeId, NodeReport>(graph_.nodes.size());
  draft_.name = graph_.name;
  add_inputs();
  for (std::size_t n = 0; n < graph_.nodes.size(); ++n) {
    base::interruption_point();
    visit(graph_.nodes[n], nn::NodeId(n));
  }
  if (survey_.faults.empty()) {
    try {
      finish();
    } catch (const base::Error& error) {
      survey_.faults = error.faults();
    }
  }
  survey_.draft = std::move(draft_);
  return std::move(survey_);
}

void Builder::add_inputs() {
  for (const nn::ValueId id : graph_.inputs) {
    try {
      add_input(id);
    } catch (const base::Error& error) {
      survey_.faults.insert(survey_.faults.end(), error.faults().begin(), error.faults().end());
    }
  }
}

namespace {

// Operators that walk over maps, and those that leave elements in them.
const std::set<std::string> kWalks{
    "Conv",          "QLinearConv",       "ConvInteger",
    "MaxPool",       "AveragePool",       "QLinearAveragePool",
    "GlobalMaxPool", "GlobalAveragePool", "QLinearGlobalAveragePool"};
const std::set<std::string> kInPlace{"Relu",
                                     "Clip",
                                     "Add",
                                     "Sub",
                                     "Mul",
                                     "Div",
                                     "Sum",
                                     "BatchNormalization",
                                     "Neg",
                                     "Concat",
                                     "Dropout",
                                     "Cast",
                                     "Identity",
                                     "QLinearAdd",
                                     "QuantizeLinear",
                                     "DequantizeLinear",
                                     "Quant",
                                     "BipolarQuant",
                                     "PRelu",
                                     "LeakyRelu",
                                     "Sigmoid",
                                     "Tanh",
                                     "HardSigmoid",
                                     "HardSwish",
                                     "Elu",
                                     "Softplus",
                                     "LRN",
                                     "Resize",
                                     "Upsample",
                                     "Pad",
                                     "Slice",
                                     "DepthToSpace",
                                     "SpaceToDepth"};

}  // namespace

bool Builder::is_walked(nn::ValueId id) const {
  std::vector<nn::ValueId> open{id};
  std::vector<bool> met(graph_.values.size(), false);
  while (!open.empty()) {
    const nn::ValueId at = open.back();
    open.pop_back();
    if (met[at.index()]) continue;
    met[at.index()] = true;
    for (const nn::NodeId reader : uses_.readers[at.index()]) {
      const nn::Node& node = graph_.node(reader);
      if (kWalks.contains(node.op)) return true;
      if (!kInPlace.contains(node.op)) continue;
      for (const nn::ValueId out : node.outputs)
        if (out.valid() && graph_.value(out).shape.size() == graph_.value(id).shape.size())
          open.push_back(out);
    }
  }
  return false;
}

// An input's elements are maps if anything walks over them as they are; else they are features, all
// of which the host sends at once.
Pair Builder::map_of_input(nn::ValueId id) const {
  const nn::Shape& shape = graph_.value(id).shape;
  if ((shape.size() != 3 && shape.size() != 4) || !is_walked(id)) return {};
  if (std::find(shape.begin() + 1, shape.end(), nn::kUnknown) != shape.end()) return {};
  const auto extent = [&](std::size_t axis) { return static_cast<int>(shape[axis]); };
  return shape.size() == 3 ? Pair{1, extent(2)} : Pair{extent(2), extent(3)};
}

void Builder::add_input(nn::ValueId id) {
  const nn::Value& value = graph_.value(id);
  Signal input;
  input.name = value.name;
  const std::int64_t count = elements_per_sample(graph_, id, false);
  require_count(count, fmt::format("input \"{}\"", value.name));
  input.count = static_cast<int>(count);
  input.map = map_of_input(id);
  input.tap = {id, 0, input.count};
  input.sealed = readers_[id.index()] > 1;
  Carried carried;
  if (!nn::is_float(value.dtype)) {
    input.quantiser = range_of(fmt::format("input \"{}\"", value.name), value.dtype);
    carried.stage = Stage::kIntegers;
  }
  carried.pieces = {{draft_.signals.push_back(std::move(input)), 0, 0}};
  carried.pieces[0].count = draft_.signals.back().count;
  draft_.inputs.push_back(carried.pieces[0].signal);
  values_[id.index()] = std::move(carried);
}

bool Builder::reads_unknown(const nn::Node& node) const {
  return std::ranges::any_of(
      node.inputs, [&](nn::ValueId id) { return is_signal(id) && !values_.contains(id.index()); });
}

namespace {

// No layer comes of the operator, whatever it reads.
[[noreturn]] void refuse_operator(const nn::Node& node) {
  Builder::refuse(node, fmt::format("{} has no counterpart in the PEs", node.op),
                  "use products with constants, sums of signals, Relu, Clip, wiring and quantisers "
                  "(fpsa ops lists them all), and leave the rest to the host");
}

}  // namespace

bool Builder::has_samples_along(nn::ValueId id, int axis) const {
  const int own = at(id).sample_axis;
  const nn::Shape& shape = graph_.value(id).shape;
  return own == axis || (own >= 0 && shape.at(static_cast<std::size_t>(own)) == 1 &&
                         shape.at(static_cast<std::size_t>(axis)) == 1);
}

void Builder::require_samples_first(const nn::Node& node) const {
  for (const nn::ValueId id : node.inputs)
    if (is_signal(id) && !has_samples_along(id, 0))
      refuse(node,
             fmt::format("computes where samples do not lie along the first axis of {}",
                         nn::to_string(graph_.value(id).shape)),
             "transpose back what a recurrent layer gives, before anything else is computed");
}

// Whether nothing reads the node but operators that are refused as such.
bool Builder::leads_to_refused(const nn::Node& node) const {
  bool any = false;
  for (const nn::ValueId id : node.outputs) {
    if (!id.valid()) continue;
    if (uses_.is_output(id)) return false;
    for (const nn::NodeId reader : uses_.readers[id.index()]) {
      if (!reads_data(graph_.node(reader))) continue;
      if (find_lowering(graph_.node(reader).op)) return false;
      any = true;
    }
  }
  return any;
}

// Operators without a lowering are refused wherever they stand. What only leads to them stays open:
// it may be there for their sake, as the Transpose that brings the steps to the front.
void Builder::visit(const nn::Node& node, nn::NodeId id) {
  NodeReport& report = survey_.nodes[id];
  if (!live_[id.index()]) {
    const bool constant =
        std::ranges::none_of(node.outputs, [&](nn::ValueId out) { return is_signal(out); });
    report = {NodeReport::Verdict::kSupported,
              constant ? "a constant" : "nothing: no output needs it"};
    return;
  }
  const Lowering* lowering = find_lowering(node.op);
  if (lowering && reads_unknown(node)) return;
  try {
    if (!lowering) refuse_operator(node);
    here_ = id;
    if (!lowering->any_axis) require_samples_first(node);
    lowering->lower(*this, node);
    for (const nn::ValueId out : node.outputs) seal_if_shared(out);
    report = {NodeReport::Verdict::kSupported, becomes_};
  } catch (const base::Error& error) {
    if (lowering && leads_to_refused(node)) return;
    report.verdict = NodeReport::Verdict::kRefused;
    survey_.faults.insert(survey_.faults.end(), error.faults().begin(), error.faults().end());
  }
}

// What several nodes read keeps the values that they read.
void Builder::seal_if_shared(nn::ValueId id) {
  if (!id.valid() || readers_[id.index()] < 2 || !values_.contains(id.index())) return;
  for (const Piece& piece : at(id).pieces) signal(piece).sealed = true;
}

void Builder::finish() {
  const bool any = std::ranges::any_of(draft_.signals,
                                       [](const Signal& one) { return one.product || one.cell; });
  if (!any)
    base::fail(base::Code::kCannotLower, "the model has no matrix product", "the graph",
               "there is nothing for the PEs to do");
  for (const nn::ValueId output : graph_.outputs) {
    if (!is_signal(output))
      base::fail(base::Code::kCannotLower, "no path leads from an input to the output",
                 fmt::format("value \"{}\"", graph_.value(output).name), "repair the export");
    draft_.results.push_back(result_of(output));
  }
  keep_last_answers();
}

// A result is one tensor, times a positive factor; else a layer makes it so.
Result Builder::result_of(nn::ValueId output) {
  const Carried& in = at(output);
  if (in.sample_axis != 0 && !has_samples_along(output, 0))
    base::fail(base::Code::kCannotLower, "samples do not lie along its first axis",
               fmt::format("output \"{}\"", graph_.value(output).name),
               "transpose it, as batch_first does");
  const Affine& after = in.after;
  const bool scaled = after.is_uniform() && after.offset[0] == 0 && after.gain[0] > 0;
  Signal& first = signal(in.pieces.front());
  const bool plain = in.pieces.size() == 1 && is_whole(in.pieces[0]) && !first.is_input() &&
                     !first.move && scaled && (after.gain[0] == 1 || all_whole(in));
  if (plain) {
    first.output_gain *= after.gain[0];
    return {output, in.pieces.front(), in.host};
  }
  const nn::ValueId made_of = in.hosts.valid() ? in.hosts : output;
  const Carried made = wrapped(graph_.value(output).name, made_of, in);
  return {output, made.pieces.front(), in.host};
}

Survey survey_of(const nn::Graph& graph) { return Builder(graph).run(); }

Draft draft_of(const nn::Graph& graph) {
  Survey survey = survey_of(graph);
  if (!survey.faults.empty()) throw base::Error(survey.faults);
  return std::move(survey.draft);
}

}  // namespace quant
