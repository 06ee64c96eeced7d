#include "nn/reference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "nn/infer.hpp"
#include "nn/op_support.hpp"
#include "nn/registry.hpp"

namespace nn {

using base::Code;

namespace {

[[noreturn]] void does_not_fit(const Value& input, const Array& given) {
  base::fail(Code::kBadSamples,
             fmt::format("samples are {} {}; the network takes {} {}", to_string(given.dtype),
                         to_string(given.shape), to_string(input.dtype), to_string(input.shape)),
             fmt::format("input \"{}\"", input.name));
}

// Samples come as floats: an input of another type takes the values that it has.
Array as_input(const Value& input, const Array& given) {
  if (given.dtype == input.dtype || given.dtype != DType::kFloat) return given;
  Array converted = convert(given, input.dtype);
  for (std::size_t i = 0; i < given.size(); ++i)
    if (converted.at(i) != given.at(i))
      base::fail(Code::kBadSamples,
                 fmt::format("a sample holds {}; the network takes {}", given.at(i),
                             to_string(input.dtype)),
                 fmt::format("input \"{}\"", input.name));
  return converted;
}

std::vector<Array> as_inputs(const Graph& graph, const std::vector<Array>& given) {
  if (given.size() != graph.inputs.size())
    base::fail(Code::kBadSamples, fmt::format("{} inputs are given; the network takes {}",
                                              given.size(), graph.inputs.size()));
  std::vector<Array> inputs;
  for (std::size_t i = 0; i < given.size(); ++i)
    inputs.push_back(as_input(graph.value(graph.inputs[i]), given[i]));
  return inputs;
}

// How the samples of an input are cut into batches of the graph's fixed size.
struct Batching {
  std::int64_t batches = 1;
  std::int64_t size = 0;     // samples a batch; 0: all at once
  std::int64_t samples = 0;  // in all; the last batch may not be full
};

Batching batching_of(const Value& input, const Array& given) {
  if (given.dtype != input.dtype || given.shape.size() != input.shape.size())
    does_not_fit(input, given);
  Batching batching;
  for (std::size_t d = 0; d < given.shape.size(); ++d) {
    const std::int64_t wanted = input.shape[d];
    if (wanted == kUnknown || wanted == given.shape[d]) continue;
    if (d > 0 || wanted == 0 || given.shape[0] == 0) does_not_fit(input, given);
    batching = {(given.shape[0] + wanted - 1) / wanted, wanted, given.shape[0]};
  }
  return batching;
}

Batching common_batching(const Graph& graph, const std::vector<Array>& inputs) {
  Batching common;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const Batching found = batching_of(graph.value(graph.inputs[i]), inputs[i]);
    if (i > 0 && found.batches != common.batches)
      base::fail(Code::kBadSamples, "the inputs bring different numbers of samples",
                 fmt::format("input \"{}\"", graph.value(graph.inputs[i]).name));
    common = found;
  }
  return common;
}

// Batch `batch` of `size` samples, or all of an input that needs no cutting. What the last one
// lacks is filled with the last sample: real values, so that nothing that the graph computes of
// them is out of the ordinary.
Array batch_of(const Array& array, std::int64_t batch, std::int64_t size) {
  if (size == kUnknown || size == array.shape[0]) return array;
  Array out{array.dtype, array.shape, {}};
  out.shape[0] = size;
  const std::int64_t sample = element_count(array.shape) / array.shape[0];
  const std::int64_t count = std::min(size, array.shape[0] - batch * size);
  array.visit([&](const auto& data) {
    const auto first = data.begin() + batch * size * sample;
    std::remove_cvref_t<decltype(data)> part(first, first + count * sample);
    for (std::int64_t i = count; i < size; ++i)
      part.insert(part.end(), data.end() - sample, data.end());
    out.data = std::move(part);
  });
  return out;
}

// The results of the samples alone: a value that has as many elements for each sample of a batch
// loses those of the filling.
void cut_filling(Array& array, const Batching& batching) {
  const std::int64_t all = batching.batches * batching.size;
  if (batching.size == 0 || array.shape.empty() || array.shape[0] % all != 0) return;
  const std::int64_t elements = element_count(array.shape) / all * batching.samples;
  array.shape[0] = array.shape[0] / all * batching.samples;
  array.visit([&](auto& data) { data.resize(static_cast<std::size_t>(elements)); });
}

// Joins along the first axis; scalars become a list.
void append(Array& to, const Array& more) {
  if (to.shape.empty()) to.shape = {1};
  to.shape[0] += more.shape.empty() ? 1 : more.shape[0];
  to.visit([&](auto& data) {
    const auto& tail = more.elements<ElementOf<decltype(data)>>();
    data.insert(data.end(), tail.begin(), tail.end());
  });
}

// The graph with the inputs' own extents, so that every shape is known and checked before
// evaluation.
Graph made_concrete(Graph graph, const std::vector<Array>& inputs) {
  for (std::size_t i = 0; i < inputs.size(); ++i)
    graph.value(graph.inputs[i]).shape = inputs[i].shape;
  infer_shapes(graph);
  return graph;
}

// For each value the last node that reads it; those to keep are never let go.
std::vector<std::size_t> last_readers(const Graph& graph, const std::vector<ValueId>& keep) {
  std::vector<std::size_t> last(graph.values.size(), graph.nodes.size());
  for (std::size_t n = 0; n < graph.nodes.size(); ++n)
    for (const ValueId id : graph.nodes[n].inputs)
      if (id.valid()) last[id.index()] = n;
  for (const ValueId id : keep) last[id.index()] = graph.nodes.size();
  return last;
}

// Contents of the values to `keep`, and of others that no node reads; constants are not among them.
std::vector<Array> evaluate(const Graph& graph, const std::vector<Array>& inputs,
                            const std::vector<ValueId>& keep) {
  std::vector<Array> arrays(graph.values.size());
  const std::vector<std::size_t> last = last_readers(graph, keep);
  for (std::size_t i = 0; i < inputs.size(); ++i) arrays[graph.inputs[i].index()] = inputs[i];
  const auto contents = [&](ValueId id) -> const Array* {
    if (!id.valid()) return nullptr;
    return graph.is_constant(id) ? &*graph.value(id).constant : &arrays[id.index()];
  };
  for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
    base::interruption_point();
    const Node& node = graph.nodes[n];
    Call call{graph, node, {}};
    for (const ValueId id : node.inputs) call.inputs.push_back(contents(id));
    std::vector<Array> results = op_of(node).evaluate(call);
    for (std::size_t i = 0; i < results.size(); ++i)
      if (has_output(node, i)) arrays[node.outputs[i].index()] = std::move(results[i]);
    for (const ValueId id : node.inputs)
      if (id.valid() && last[id.index()] == n) arrays[id.index()] = Array{};
  }
  return arrays;
}

// All values by id, of which those to `keep` have their contents.
std::vector<Array> run_batches(const Graph& graph, const std::vector<Array>& given,
                               const std::vector<ValueId>& keep) {
  const std::vector<Array> inputs = as_inputs(graph, given);
  const Batching batching = common_batching(graph, inputs);
  std::vector<Array> joined;
  std::optional<Graph> concrete;
  for (std::int64_t b = 0; b < batching.batches; ++b) {
    std::vector<Array> part;
    for (std::size_t i = 0; i < inputs.size(); ++i)
      part.push_back(batching.size == 0
                         ? inputs[i]
                         : batch_of(inputs[i], b, graph.value(graph.inputs[i]).shape[0]));
    if (!concrete) concrete = made_concrete(graph, part);
    std::vector<Array> results = evaluate(*concrete, part, keep);
    if (b == 0) {
      joined = std::move(results);
      continue;
    }
    for (std::size_t v = 0; v < joined.size(); ++v)
      if (!concrete->values[v].constant) append(joined[v], results[v]);
  }
  for (Array& array : joined) cut_filling(array, batching);
  for (std::size_t v = 0; v < joined.size(); ++v)
    if (concrete->values[v].constant) joined[v] = *concrete->values[v].constant;
  return joined;
}

}  // namespace

std::vector<Array> run_all(const Graph& graph, const std::vector<Array>& inputs) {
  std::vector<ValueId> all(graph.values.size());
  for (std::size_t v = 0; v < all.size(); ++v) all[v] = ValueId(v);
  return run_batches(graph, inputs, all);
}

std::vector<Array> run_to(const Graph& graph, const std::vector<Array>& inputs,
                          const std::vector<ValueId>& values) {
  const std::vector<Array> all = run_batches(graph, inputs, values);
  std::vector<Array> wanted;
  for (const ValueId id : values) wanted.push_back(all[id.index()]);
  return wanted;
}

std::vector<Array> run(const Graph& graph, const std::vector<Array>& inputs) {
  return run_to(graph, inputs, graph.outputs);
}

}  // namespace nn
