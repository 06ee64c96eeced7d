// Ops that only move elements. Where each comes from is found by moving numbers.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

#include "nn/infer.hpp"
#include "nn/op_support.hpp"
#include "nn/reference.hpp"
#include "quant/elements.hpp"

namespace quant {

namespace {

// The node alone, its signals as inputs of integers.
struct Alone {
  nn::Graph graph;
  std::vector<nn::Array> inputs;
  std::vector<nn::ValueId> signals;  // of the node, as the inputs
  std::int64_t samples = 2;
  std::int64_t elements = 0;  // of all signals, a sample
  int axis = 0;               // of the samples
  int axis_after = 0;         // in what the node makes

  bool moves_samples() const { return axis > 0 || axis_after > 0; }
};

// The axis of the samples, in and behind the node.
std::pair<int, int> axes_of(const Builder& builder, const nn::Node& node) {
  const nn::Graph& graph = builder.graph();
  nn::ValueId first;
  for (const nn::ValueId id : node.inputs)
    if (!first.valid() && builder.is_signal(id)) first = id;
  const int axis = builder.at(first).sample_axis;
  for (const nn::ValueId id : node.inputs)
    if (builder.is_signal(id) && builder.at(id).sample_axis != axis)
      Builder::refuse(node, "joins values whose samples lie along different axes",
                      "transpose one of them before it");
  if (axis < 0) return {axis, axis};
  const auto rank = static_cast<std::int64_t>(graph.value(first).shape.size());
  if (node.op == "Transpose") {
    const std::vector<std::int64_t> perm = node.ints_attribute("perm", {});
    if (perm.empty()) return {axis, static_cast<int>(rank) - 1 - axis};
    return {axis, static_cast<int>(std::ranges::find(perm, axis) - perm.begin())};
  }
  if (node.op == "Gather") {
    const std::int64_t along = (node.int_attribute("axis", 0) + rank) % rank;
    const auto drawn = static_cast<int>(graph.value(node.inputs[1]).shape.size());
    return {axis, along < axis ? axis + drawn - 1 : axis};
  }
  return {axis, axis};
}

// A fixed number of samples is none here.
void open_axis(nn::Value& value, int axis) {
  if (axis < std::ssize(value.shape)) value.shape[static_cast<std::size_t>(axis)] = nn::kUnknown;
}

// Numbers that lie sample by sample, as an array of `shape` has them whose samples lie along
// `axis`; or the other way round.
std::vector<std::int64_t> dealt(const std::vector<std::int64_t>& numbers, const nn::Shape& shape,
                                int axis, bool from_array) {
  if (axis <= 0) return numbers;
  const std::int64_t samples = shape[static_cast<std::size_t>(axis)];
  std::int64_t inner = 1;
  for (std::size_t i = static_cast<std::size_t>(axis) + 1; i < shape.size(); ++i) inner *= shape[i];
  const auto count = static_cast<std::int64_t>(numbers.size()) / std::max<std::int64_t>(1, samples);
  std::vector<std::int64_t> out(numbers.size());
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(numbers.size()); ++i) {
    const std::int64_t element = i / (inner * samples) * inner + i % inner;
    const auto at = static_cast<std::size_t>(i / inner % samples * count + element);
    const auto here = static_cast<std::size_t>(i);
    (from_array ? out[at] : out[here]) = from_array ? numbers[here] : numbers[at];
  }
  return out;
}

nn::Shape sample_shape(const nn::Node& node, const nn::Value& value, const Alone& alone) {
  nn::Shape shape = value.shape;
  if (shape.size() > 1 && alone.axis >= 0)
    shape[static_cast<std::size_t>(alone.axis)] = alone.samples;
  if (std::ranges::find(shape, nn::kUnknown) != shape.end())
    Builder::refuse(node, fmt::format("moves elements of {}", nn::to_string(value.shape)),
                    "set model.input_shape in the spec, or export the model with fixed extents");
  return shape;
}

// Element e of sample s of a signal is the number s * elements + (its place among the signals'),
// from 1 on: 0 is what the node puts in.
void add_numbers(Alone& alone, const nn::Node& node, const nn::Value& value, std::int64_t first) {
  const nn::Shape shape = sample_shape(node, value, alone);
  const std::int64_t count = nn::element_count(shape);
  const std::int64_t samples = shape.size() > 1 ? alone.samples : 1;
  std::vector<std::int64_t> numbers;
  for (std::int64_t i = 0; i < count; ++i)
    numbers.push_back(1 + i / (count / samples) * alone.elements + first + i % (count / samples));
  alone.inputs.push_back(nn::Array::of_ints(
      nn::DType::kInt64, shape, dealt(numbers, shape, samples > 1 ? alone.axis : 0, false)));
}

// A shape that is computed of that of the samples is a constant of so many.
void settle(nn::Value& value, std::int64_t samples) {
  if (value.constant || value.trials.empty() || nn::is_float(value.dtype)) return;
  value.constant = value.trials.front();
  std::vector<std::int64_t>& elements = value.constant->ints();
  for (std::size_t e = 0; e < elements.size(); ++e) {
    bool extent = true;
    for (std::size_t t = 0; t < value.trials.size(); ++t)
      extent = extent && value.trials[t].ints()[e] == nn::kTrialExtents[t];
    if (extent) elements[e] = samples;
  }
  value.trials.clear();
}

Alone alone_of(const Builder& builder, const nn::Node& node) {
  const nn::Graph& graph = builder.graph();
  Alone alone;
  std::tie(alone.axis, alone.axis_after) = axes_of(builder, node);
  alone.graph.opset = graph.opset;
  nn::Node copy = node;
  if (node.op == "Pad" && copy.inputs.size() > 2) copy.inputs[2] = nn::ValueId();  // what is put in
  copy.attributes.erase("value");
  for (nn::ValueId& id : copy.inputs) {
    if (!id.valid()) continue;
    nn::Value value = graph.value(id);
    if (builder.is_signal(id)) {
      alone.signals.push_back(id);
      alone.elements += builder.at(id).count();
      if (value.shape.size() < 2 || alone.axis < 0 ||
          value.shape[static_cast<std::size_t>(alone.axis)] == 1)
        alone.samples = 1;
      if (node.op == "Resize" && value.shape[0] > 0)
        alone.samples = value.shape[0];  // in its sizes
      value.dtype = nn::DType::kInt64;
      if (alone.moves_samples()) open_axis(value, alone.axis);
    }
    const bool is_signal = builder.is_signal(id);
    id = nn::ValueId(alone.graph.values.size());
    alone.graph.values.push_back(std::move(value));
    if (is_signal) alone.graph.inputs.push_back(id);
  }
  for (nn::ValueId& id : copy.outputs) {
    if (!id.valid()) continue;
    nn::Value value = graph.value(id);
    if (alone.moves_samples()) open_axis(value, alone.axis_after);
    id = nn::ValueId(alone.graph.values.size());
    alone.graph.values.push_back(std::move(value));
    alone.graph.outputs.push_back(id);
  }
  for (nn::Value& value : alone.graph.values) settle(value, alone.samples);
  alone.graph.nodes = {std::move(copy)};
  std::int64_t first = 0;
  for (const nn::ValueId id : alone.signals) {
    add_numbers(alone, node, graph.value(id), first);
    first += builder.at(id).count();
  }
  return alone;
}

// The elements of one sample, -1 for zeros; all samples must be treated alike.
std::vector<int> moved(const nn::Node& node, const Alone& alone, const nn::Array& output) {
  const std::vector<std::int64_t> numbers =
      dealt(output.ints(), output.shape, alone.samples > 1 ? alone.axis_after : 0, true);
  const auto count = static_cast<std::int64_t>(numbers.size()) / alone.samples;
  std::vector<int> elements;
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(numbers.size()); ++i) {
    const std::int64_t number = numbers[static_cast<std::size_t>(i)] - 1;
    const std::int64_t sample = count == 0 ? 0 : i / count;
    if (number < 0 && numbers[static_cast<std::size_t>(i % count)] == 0) {
      if (sample == 0) elements.push_back(-1);
      continue;
    }
    if (number < 0 || number / alone.elements != sample ||
        number % alone.elements != numbers[static_cast<std::size_t>(i % count)] - 1)
      Builder::refuse(node, "moves elements from one sample to another",
                      "keep the samples along an axis of their own");
    if (sample == 0) elements.push_back(static_cast<int>(number));
  }
  return elements;
}

// Elements of all signals side by side, single or in runs.
Carried joined(const Builder& builder, const Alone& alone) {
  Carried all = builder.at(alone.signals.front());
  for (std::size_t i = 1; i < alone.signals.size(); ++i) {
    const Carried& next = builder.at(alone.signals[i]);
    const int before = all.count();
    Affine after{Eigen::VectorXd(before + next.count()), Eigen::VectorXd(before + next.count())};
    after.gain << all.after.gain_of(before), next.after.gain_of(next.count());
    after.offset << all.after.offset_of(before), next.after.offset_of(next.count());
    all.after = after;
    all.pieces.insert(all.pieces.end(), next.pieces.begin(), next.pieces.end());
  }
  return all;
}

void require_one_stage(const Builder& builder, const nn::Node& node, const Alone& alone) {
  for (const nn::ValueId id : alone.signals) {
    if (builder.at(id).stage == Stage::kHost) builder.real(node, id);
    if (builder.at(id).stage != builder.at(alone.signals.front()).stage)
      Builder::refuse(node, "joins codes with real values", "put DequantizeLinear before it");
  }
}

// Whether a node brings channels that come last to axis 1, where maps have them.
bool brings_channels_forward(const nn::Node& node) {
  if (node.op != "Transpose") return false;
  const std::vector<std::int64_t> perm = node.ints_attribute("perm", {});
  std::vector<std::int64_t> wanted(perm.size());
  std::iota(wanted.begin(), wanted.end(), -1);
  if (perm.size() < 3) return false;
  wanted[0] = 0;
  wanted[1] = static_cast<std::int64_t>(perm.size()) - 1;
  return perm == wanted;
}

// Of the maps that an array holds, if it may hold some.
Pair extents_of(const nn::Array& array) {
  const nn::Shape& shape = array.shape;
  const auto extent = [&](std::size_t axis) { return static_cast<int>(shape[axis]); };
  if (shape.size() == 3) return {1, extent(2)};
  return shape.size() == 4 ? Pair{extent(2), extent(3)} : Pair();
}

// What a Pad puts in must be zero: of codes, their zero point.
void check_zeros(const Builder& builder, const nn::Node& node, const Carried& in) {
  const nn::Graph& graph = builder.graph();
  double value = node.float_attribute("value", 0.0F);
  if (nn::has_input(node, 2) && graph.is_constant(node.inputs[2]))
    value = nn::input(graph, node, 2).constant->at(0);
  for (const double zero : builder.zeros_of(in))
    if (value != zero)
      Builder::refuse(node, fmt::format("pads by {} where {} is zero", value, zero),
                      "pad by zeros");
}

void lower(Builder& builder, const nn::Node& node) {
  if (node.op == "Concat")
    for (const nn::ValueId id : node.inputs)
      if (!builder.is_signal(id))
        Builder::refuse(node, "joins a constant to signals", "leave the constant out");
  const Alone alone = alone_of(builder, node);
  require_one_stage(builder, node, alone);
  const std::vector<nn::Array> outputs = nn::run(alone.graph, alone.inputs);
  const Carried in = joined(builder, alone);
  if (brings_channels_forward(node) &&
      builder.reorder_input(node, in, moved(node, alone, outputs.front())))
    return;
  std::size_t next = 0;
  for (std::size_t i = 0; i < node.outputs.size(); ++i) {
    if (!node.outputs[i].valid()) continue;
    const nn::Array& output = outputs[next++];
    const std::vector<int> elements = moved(node, alone, output);
    if (std::ranges::find(elements, -1) != elements.end()) check_zeros(builder, node, in);
    // Where samples do not come first there are steps, not maps.
    const Pair map = alone.moves_samples() ? Pair() : extents_of(output);
    Carried out = builder.moved(node, in, elements, map);
    out.sample_axis = alone.axis_after;
    builder.set(node, std::move(out), "wiring", i);
  }
}

}  // namespace

Lowering wiring_lowering() {
  return {{"Concat", "Split", "Slice", "Transpose", "Gather", "DepthToSpace", "SpaceToDepth",
           "Resize", "Upsample", "Pad"},
          "wiring",
          lower,
          true};
}

}  // namespace quant
