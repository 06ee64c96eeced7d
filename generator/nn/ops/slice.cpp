#include <algorithm>
#include <cstdlib>
#include <numeric>

#include "base/error.hpp"
#include "nn/op_support.hpp"

namespace nn {
namespace {

// What is taken along each axis: `count` entries from `start` on, `step` apart.
struct Cut {
  std::int64_t start = 0;
  std::int64_t step = 1;
  std::int64_t count = 0;
};

struct Wanted {
  std::vector<std::int64_t> starts, ends, axes, steps;
};

// Attributes up to opset 9, inputs after.
Wanted wanted_of(const Graph& graph, const Node& node) {
  Wanted wanted;
  const auto list = [&](std::size_t i, const char* name) {
    if (has_input(node, i))
      return constant_ints(graph, node, i, std::string("the list of ") + name);
    return node.ints_attribute(name, {});
  };
  wanted.starts = list(1, "starts");
  wanted.ends = list(2, "ends");
  wanted.axes = list(3, "axes");
  wanted.steps = list(4, "steps");
  if (wanted.axes.empty()) {
    wanted.axes.resize(wanted.starts.size());
    std::iota(wanted.axes.begin(), wanted.axes.end(), 0);
  }
  if (wanted.steps.empty()) wanted.steps.assign(wanted.starts.size(), 1);
  if (wanted.ends.size() != wanted.starts.size() || wanted.axes.size() != wanted.starts.size() ||
      wanted.steps.size() != wanted.starts.size())
    bad_shape(node, "the lists of starts, ends, axes and steps differ in length");
  return wanted;
}

Cut cut_of(const Node& node, std::int64_t start, std::int64_t end, std::int64_t step,
           std::int64_t extent) {
  if (step == 0) base::fail(base::Code::kBadAttribute, "a step of Slice is 0", describe(node));
  if (extent == 0) return {0, 1, 0};
  const bool forward = step > 0;
  const std::int64_t last = forward ? extent : extent - 1;
  const auto held = [&](std::int64_t at, std::int64_t first) {
    return std::clamp(at < 0 ? at + extent : at, first, last);
  };
  const std::int64_t from = held(start, 0);
  const std::int64_t to = held(end, forward ? 0 : -1);
  const std::int64_t span = forward ? to - from : from - to;
  const std::int64_t stride = std::clamp(step, -extent, extent);
  return {from, stride, span > 0 ? (span - 1) / std::abs(stride) + 1 : 0};
}

// One cut an axis. How much of an unknown extent is taken is unknown.
std::vector<Cut> cuts_of(const Graph& graph, const Node& node, const Shape& shape) {
  std::vector<Cut> cuts;
  for (const std::int64_t extent : shape) cuts.push_back({0, 1, extent});
  const Wanted wanted = wanted_of(graph, node);
  for (std::size_t i = 0; i < wanted.starts.size(); ++i) {
    const std::size_t axis = front_axis(node, wanted.axes[i], shape.size());
    if (shape[axis] != kUnknown)
      cuts[axis] = cut_of(node, wanted.starts[i], wanted.ends[i], wanted.steps[i], shape[axis]);
  }
  return cuts;
}

void infer(Graph& graph, const Node& node) {
  const Value& x = input(graph, node, 0);
  Shape out;
  for (const Cut& cut : cuts_of(graph, node, x.shape)) out.push_back(cut.count);
  set_output(graph, node, 0, x.dtype, out);
}

std::vector<Array> evaluate(const Call& call) {
  const Array& x = call.input(0);
  Array out = call.blank();
  const std::vector<Cut> cuts = cuts_of(call.graph, call.node, x.shape);
  std::vector<std::size_t> strides(cuts.size(), 1);
  for (std::size_t d = strides.size(); d-- > 1;)
    strides[d - 1] = strides[d] * static_cast<std::size_t>(x.shape[d]);
  out.visit([&](auto& data) {
    const auto& from = x.elements<ElementOf<decltype(data)>>();
    for (std::size_t i = 0; i < data.size(); ++i) {
      std::size_t rest = i;
      std::size_t source = 0;
      for (std::size_t d = cuts.size(); d-- > 0;) {
        const auto count = static_cast<std::size_t>(cuts[d].count);
        const auto k = static_cast<std::int64_t>(rest % count);
        source += static_cast<std::size_t>(cuts[d].start + k * cuts[d].step) * strides[d];
        rest /= count;
      }
      data[i] = from[source];
    }
  });
  return {std::move(out)};
}

}  // namespace

OpDef slice_op() {
  return {
      .names = {"Slice"},
      .doc = "part of X; attributes up to opset 9, inputs after, which must be constants",
      .max_inputs = 5,
      .attributes = {{.name = "starts",
                      .type = AttributeType::kInts,
                      .doc = "first entry an axis",
                      .until = 9},
                     {.name = "ends",
                      .type = AttributeType::kInts,
                      .doc = "the entry behind the last",
                      .until = 9},
                     {.name = "axes",
                      .type = AttributeType::kInts,
                      .doc = "which axes, default the first ones",
                      .until = 9}},
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
