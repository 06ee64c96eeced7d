#include "nn/recurrent.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"

namespace nn {

namespace {

[[noreturn]] void bad_attribute(const Node& node, std::string what, std::string cure) {
  base::fail(base::Code::kBadAttribute, std::move(what), describe(node), std::move(cure));
}

std::int64_t hidden_of(const Node& node) {
  const std::int64_t hidden = node.int_attribute("hidden_size", 0);
  if (hidden < 1 || hidden > kMaxElements)
    bad_attribute(node, fmt::format("hidden_size is {}", hidden),
                  "it counts the elements of a state: 1 or more");
  return hidden;
}

void check_sequences(const Graph& graph, const Node& node) {
  const Shape& x = input(graph, node, 0).shape;
  if (x.size() != 3)
    bad_shape(node, fmt::format("X is {}; it must have three axes", to_string(x)),
              "give it steps, batch and inputs (layout 1: batch, steps and inputs)");
  if (recurrent_extents(graph, node).steps == 0)
    bad_shape(node, fmt::format("X is {}: the sequences have no steps", to_string(x)),
              "give sequences of one step or more");
  if (x[2] == 0)
    bad_shape(node, fmt::format("X is {}: a step has no inputs", to_string(x)),
              "give steps of one input or more");
}

// Input i, called `name`, must have the shape that the extents ask for.
void require_shape(const Graph& graph, const Node& node, std::size_t i, const char* name,
                   const Shape& wanted) {
  if (!has_input(node, i)) return;
  const Shape& shape = input(graph, node, i).shape;
  const bool fits = std::ranges::equal(shape, wanted, [](std::int64_t a, std::int64_t b) {
    return a == b || a == kUnknown || b == kUnknown;
  });
  if (fits) return;
  const RecurrentExtents extents = recurrent_extents(graph, node);
  bad_shape(
      node,
      fmt::format("{} is {}; with X of {}, hidden_size {}, {} and layout {} it must be {}", name,
                  to_string(shape), to_string(input(graph, node, 0).shape), extents.hidden,
                  extents.directions == 2 ? "two directions" : "one direction",
                  extents.batch_first ? 1 : 0, to_string(wanted)),
      "all weights and states must come from one layer of one batch: export it again");
}

void check_lengths(const Node& node, const std::vector<std::int64_t>& lengths, std::int64_t steps) {
  for (std::size_t n = 0; n < lengths.size(); ++n)
    if (lengths[n] < 1 || (steps != kUnknown && lengths[n] > steps))
      bad_shape(node,
                fmt::format("sequence_lens has {} for sequence {} of {} steps", lengths[n], n,
                            steps == kUnknown ? "?" : std::to_string(steps)),
                "lengths go from 1 to the number of steps that X has");
}

void check_types(const Graph& graph, const Node& node) {
  require_float(graph, node, 0);
  for (std::size_t i = 1; i < node.inputs.size(); ++i) {
    if (!has_input(node, i)) continue;
    if (i == 4)
      require_type(graph, node, i, {DType::kInt32});
    else
      require_same_type(graph, node, 0, i);
  }
}

}  // namespace

std::vector<AttributeDef> recurrent_attributes() {
  return {{.name = "hidden_size",
           .type = AttributeType::kInt,
           .doc = "elements of a state",
           .required = true},
          {.name = "direction",
           .type = AttributeType::kString,
           .doc = "default forward",
           .allowed = {"forward", "reverse", "bidirectional"}},
          {.name = "layout",
           .type = AttributeType::kInt,
           .doc = "0 (default): X is steps, batch, inputs; 1: batch, steps, inputs",
           .allowed = {"0", "1"},
           .since = 14},
          {.name = "activations",
           .type = AttributeType::kStrings,
           .doc = "functions of a direction's gates, then those of the other direction: Relu, "
                  "Tanh, Sigmoid, Affine, LeakyRelu, ThresholdedRelu, ScaledTanh, HardSigmoid, "
                  "Elu, Softsign, Softplus"},
          {.name = "activation_alpha",
           .type = AttributeType::kFloats,
           .doc = "for those of the activations that take one, in their order"},
          {.name = "activation_beta", .type = AttributeType::kFloats, .doc = "the same"},
          {.name = "clip",
           .type = AttributeType::kFloat,
           .doc = "bound of the sums that the gates' functions see, above 0; default none"}};
}

RecurrentExtents recurrent_extents(const Graph& graph, const Node& node) {
  const Shape& x = input(graph, node, 0).shape;
  const std::string direction = node.string_attribute("direction", "forward");
  RecurrentExtents extents;
  extents.batch_first = node.int_attribute("layout", 0) != 0;
  extents.steps = x[extents.batch_first ? 1 : 0];
  extents.batch = x[extents.batch_first ? 0 : 1];
  extents.inputs = x[2];
  extents.hidden = hidden_of(node);
  extents.directions = direction == "bidirectional" ? 2 : 1;
  extents.reverse = direction == "reverse";
  return extents;
}

void infer_recurrent(Graph& graph, const Node& node, const RecurrentKind& kind) {
  check_types(graph, node);
  check_sequences(graph, node);
  const RecurrentExtents e = recurrent_extents(graph, node);
  const std::int64_t rows = kind.gates * e.hidden;
  require_shape(graph, node, 1, "W", {e.directions, rows, e.inputs});
  require_shape(graph, node, 2, "R", {e.directions, rows, e.hidden});
  require_shape(graph, node, 3, "B", {e.directions, 2 * rows});
  require_shape(graph, node, 4, "sequence_lens", {e.batch});
  require_shape(graph, node, 5, "initial_h", e.state());
  require_shape(graph, node, 6, "initial_c", e.state());
  require_shape(graph, node, 7, "P", {e.directions, 3 * e.hidden});
  if (has_input(node, 4) && graph.is_constant(node.inputs[4]))
    check_lengths(node, input(graph, node, 4).constant->ints(), e.steps);
  gate_functions(node, kind.activations, static_cast<std::size_t>(e.directions));
  if (node.attributes.contains("clip") && !(node.float_attribute("clip", 0) > 0))
    bad_attribute(node, fmt::format("clip is {}", node.float_attribute("clip", 0)),
                  "give a bound above 0, or leave it out");
  const DType dtype = input(graph, node, 0).dtype;
  set_output(graph, node, 0, dtype, e.y());
  set_output(graph, node, 1, dtype, e.state());
  set_output(graph, node, 2, dtype, e.state());
}

std::vector<std::int64_t> sequence_lengths(const Call& call, const RecurrentExtents& extents) {
  if (!call.has(4))
    return std::vector<std::int64_t>(static_cast<std::size_t>(extents.batch), extents.steps);
  std::vector<std::int64_t> lengths = call.input(4).ints();
  check_lengths(call.node, lengths, extents.steps);
  return lengths;
}

}  // namespace nn
