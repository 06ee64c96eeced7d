// Ops that only move elements. Where each comes from is found by moving numbers.
#include <fmt/format.h>

#include <algorithm>

#include "nn/infer.hpp"
#include "nn/reference.hpp"
#include "quant/builder.hpp"

namespace quant {

namespace {

// The node alone, its signals as inputs of integers.
struct Alone {
  nn::Graph graph;
  std::vector<nn::Array> inputs;
  std::vector<nn::ValueId> signals;  // of the node, as the inputs
  std::int64_t samples = 2;
  std::int64_t elements = 0;  // of all signals, a sample
};

nn::Shape sample_shape(const nn::Node& node, const nn::Value& value, std::int64_t samples) {
  nn::Shape shape = value.shape;
  if (shape.size() > 1) shape[0] = samples;
  if (std::ranges::find(shape, nn::kUnknown) != shape.end())
    Builder::refuse(node, fmt::format("moves elements of {}", nn::to_string(value.shape)),
                    "export the model with fixed extents but for the batch");
  return shape;
}

// Element e of sample s of a signal is the number s * elements + (its place among the signals').
void add_numbers(Alone& alone, const nn::Node& node, const nn::Value& value, std::int64_t first) {
  const nn::Shape shape = sample_shape(node, value, alone.samples);
  const std::int64_t count = nn::element_count(shape);
  const std::int64_t samples = shape.size() > 1 ? alone.samples : 1;
  std::vector<std::int64_t> numbers;
  for (std::int64_t i = 0; i < count; ++i)
    numbers.push_back(i / (count / samples) * alone.elements + first + i % (count / samples));
  alone.inputs.push_back(nn::Array::of_ints(nn::DType::kInt64, shape, std::move(numbers)));
}

Alone alone_of(const Builder& builder, const nn::Node& node) {
  const nn::Graph& graph = builder.graph();
  Alone alone;
  alone.graph.opset = graph.opset;
  nn::Node copy = node;
  for (nn::ValueId& id : copy.inputs) {
    if (!id.valid()) continue;
    nn::Value value = graph.value(id);
    if (builder.is_signal(id)) {
      alone.signals.push_back(id);
      alone.elements += builder.at(id).count();
      if (value.shape.size() < 2 || value.shape[0] == 1) alone.samples = 1;
      value.dtype = nn::DType::kInt64;
    }
    const bool is_signal = builder.is_signal(id);
    id = nn::ValueId(alone.graph.values.size());
    alone.graph.values.push_back(std::move(value));
    if (is_signal) alone.graph.inputs.push_back(id);
  }
  for (nn::ValueId& id : copy.outputs) {
    if (!id.valid()) continue;
    nn::Value value = graph.value(id);
    id = nn::ValueId(alone.graph.values.size());
    alone.graph.values.push_back(std::move(value));
    alone.graph.outputs.push_back(id);
  }
  alone.graph.nodes = {std::move(copy)};
  std::int64_t first = 0;
  for (const nn::ValueId id : alone.signals) {
    add_numbers(alone, node, graph.value(id), first);
    first += builder.at(id).count();
  }
  return alone;
}

// The numbers of one sample; all samples must be treated alike.
std::vector<int> moved(const nn::Node& node, const Alone& alone, const nn::Array& output) {
  const std::vector<std::int64_t>& numbers = output.ints();
  const auto count = static_cast<std::int64_t>(numbers.size()) / alone.samples;
  std::vector<int> elements;
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(numbers.size()); ++i) {
    const std::int64_t number = numbers[static_cast<std::size_t>(i)];
    const std::int64_t sample = count == 0 ? 0 : i / count;
    if (number / alone.elements != sample ||
        number % alone.elements != numbers[static_cast<std::size_t>(i % count)])
      Builder::refuse(node, "moves elements from one sample to another",
                      "keep the samples along the first axis");
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

Piece element_of(const Carried& in, int element) {
  for (const Piece& piece : in.pieces) {
    if (element < piece.count) return {piece.signal, piece.first + element, 1};
    element -= piece.count;
  }
  return {};
}

Carried taken(const Carried& in, const std::vector<int>& elements) {
  Carried out;
  out.stage = in.stage;
  const auto count = static_cast<Eigen::Index>(elements.size());
  const Eigen::VectorXd gain = in.after.gain_of(in.count());
  const Eigen::VectorXd offset = in.after.offset_of(in.count());
  out.after = {Eigen::VectorXd(count), Eigen::VectorXd(count)};
  for (Eigen::Index i = 0; i < count; ++i) {
    const int from = elements[static_cast<std::size_t>(i)];
    out.after.gain[i] = gain[from];
    out.after.offset[i] = offset[from];
    const Piece next = element_of(in, from);
    Piece* last = out.pieces.empty() ? nullptr : &out.pieces.back();
    if (last && last->signal == next.signal && last->first + last->count == next.first)
      ++last->count;
    else
      out.pieces.push_back(next);
  }
  if (out.after.is_identity()) out.after = Affine();
  return out;
}

void require_one_stage(const Builder& builder, const nn::Node& node, const Alone& alone) {
  for (const nn::ValueId id : alone.signals) {
    if (builder.at(id).stage == Stage::kHost) builder.real(node, id);
    if (builder.at(id).stage != builder.at(alone.signals.front()).stage)
      Builder::refuse(node, "joins codes with real values", "put DequantizeLinear before it");
  }
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
  std::size_t next = 0;
  for (std::size_t i = 0; i < node.outputs.size(); ++i)
    if (node.outputs[i].valid())
      builder.set(node, taken(in, moved(node, alone, outputs[next++])), "wiring", i);
}

}  // namespace

Lowering wiring_lowering() {
  return {{"Concat", "Split", "Slice", "Transpose", "Gather"}, "wiring", lower};
}

}  // namespace quant
