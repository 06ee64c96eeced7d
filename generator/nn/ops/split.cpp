#include <algorithm>

#include "nn/op_support.hpp"

namespace nn {
namespace {

std::size_t axis_of(const Node& node, const Shape& shape) {
  return front_axis(node, node.int_attribute("axis", 0), shape.size());
}

// Equal parts, but for a smaller one at the end since opset 18.
std::vector<std::int64_t> equal_parts(const Graph& graph, const Node& node, std::int64_t extent) {
  const auto count = static_cast<std::int64_t>(node.outputs.size());
  if (node.int_attribute("num_outputs", count) != count)
    bad_shape(node, "num_outputs is not the number of outputs");
  if (extent == kUnknown) return std::vector<std::int64_t>(node.outputs.size(), kUnknown);
  const std::int64_t part = (extent + count - 1) / count;
  std::vector<std::int64_t> parts(node.outputs.size(), part);
  parts.back() = extent - part * (count - 1);
  if (parts.back() < 0 || (graph.opset < 18 && parts.back() != part))
    bad_shape(node, "an axis of " + std::to_string(extent) + " in " + std::to_string(count) +
                        " equal parts");
  return parts;
}

std::vector<std::int64_t> parts_of(const Graph& graph, const Node& node, std::int64_t extent) {
  const std::vector<std::int64_t> parts = has_input(node, 1)
                                              ? constant_ints(graph, node, 1, "the list of parts")
                                              : node.ints_attribute("split", {});
  if (parts.empty()) return equal_parts(graph, node, extent);
  std::int64_t sum = 0;
  for (const std::int64_t part : parts) {
    if (part < 0 || part > kMaxElements)
      bad_shape(node, "a part of " + std::to_string(part) + " entries");
    sum += part;
  }
  if (parts.size() != node.outputs.size() || (extent != kUnknown && sum != extent))
    bad_shape(node, std::to_string(parts.size()) + " parts of " + std::to_string(sum) +
                        " entries in all for " + std::to_string(node.outputs.size()) +
                        " outputs and an axis of " + std::to_string(extent));
  return parts;
}

void infer(Graph& graph, const Node& node) {
  const Value& x = input(graph, node, 0);
  const std::size_t axis = axis_of(node, x.shape);
  const std::vector<std::int64_t> parts = parts_of(graph, node, x.shape[axis]);
  const DType dtype = x.dtype;
  Shape out = x.shape;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    out[axis] = parts[i];
    set_output(graph, node, i, dtype, out);
  }
}

std::vector<Array> evaluate(const Call& call) {
  const Array& x = call.input(0);
  const std::size_t axis = axis_of(call.node, x.shape);
  const AxisView view = view_along(x.shape, axis);
  std::vector<Array> outputs;
  std::size_t at = 0;
  for (const std::int64_t part : parts_of(call.graph, call.node, x.shape[axis])) {
    Shape shape = x.shape;
    shape[axis] = part;
    Array out = Array::zeros(x.dtype, shape);
    const std::size_t run = static_cast<std::size_t>(part) * view.inner;
    out.visit([&](auto& data) {
      const auto& from = x.elements<ElementOf<decltype(data)>>();
      for (std::size_t o = 0; o < view.outer; ++o)
        std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(view.at(o, at, 0)), run,
                    data.begin() + static_cast<std::ptrdiff_t>(o * run));
    });
    outputs.push_back(std::move(out));
    at += static_cast<std::size_t>(part);
  }
  return outputs;
}

}  // namespace

OpDef split_op() {
  return {
      .names = {"Split"},
      .doc = "X in parts along an axis; the parts must be constants",
      .max_inputs = 2,
      .max_outputs = kAnyNumber,
      .attributes = {{.name = "axis", .type = AttributeType::kInt, .doc = "default 0"},
                     {.name = "split",
                      .type = AttributeType::kInts,
                      .doc = "entries a part, default equal; an input since opset 13",
                      .until = 12},
                     {.name = "num_outputs",
                      .type = AttributeType::kInt,
                      .doc = "number of parts",
                      .since = 18}},
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
