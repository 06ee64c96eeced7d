#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/error.hpp"
#include "nn/pick.hpp"

namespace nn {
namespace {

// Positions put in before and behind an axis, or taken away if negative.
struct Margin {
  std::int64_t before = 0;
  std::int64_t after = 0;
};

std::string mode_of(const Node& node) { return node.string_attribute("mode", "constant"); }

// An attribute up to opset 10, an input after.
std::vector<std::int64_t> pads_of(const Graph& graph, const Node& node) {
  return has_input(node, 1) ? constant_ints(graph, node, 1, "the list of pads")
                            : node.ints_attribute("pads", {});
}

std::vector<std::size_t> padded_axes(const Graph& graph, const Node& node, std::size_t rank) {
  std::vector<std::size_t> axes(rank);
  std::iota(axes.begin(), axes.end(), 0);
  if (!has_input(node, 3)) return axes;
  axes.clear();
  for (const std::int64_t axis : constant_ints(graph, node, 3, "the list of axes")) {
    axes.push_back(front_axis(node, axis, rank));
    if (std::ranges::count(axes, axes.back()) > 1)
      base::fail(base::Code::kBadAttribute, "an axis is named twice", describe(node));
  }
  return axes;
}

std::vector<Margin> margins_of(const Graph& graph, const Node& node, std::size_t rank) {
  const auto pads = pads_of(graph, node);
  const auto axes = padded_axes(graph, node, rank);
  if (pads.size() != 2 * axes.size())
    bad_shape(node, fmt::format("{} pads for {} axes", pads.size(), axes.size()),
              "an axis has two: all that come before, then all behind");
  for (const std::int64_t pad : pads)
    if (pad < -kMaxElements || pad > kMaxElements)
      bad_shape(node, fmt::format("pads by {} positions", pad));
  std::vector<Margin> margins(rank);
  for (std::size_t i = 0; i < axes.size(); ++i) margins[axes[i]] = {pads[i], pads[axes.size() + i]};
  return margins;
}

// Padding that repeats what is there needs something there: as much as it shows, of reflections.
void check_source(const Node& node, std::int64_t extent, const Margin& margin) {
  const std::int64_t most = std::max(margin.before, margin.after);
  const bool reflects = mode_of(node) == "reflect";
  if (mode_of(node) == "constant" || most <= 0 || extent == kUnknown) return;
  if (extent == 0 || (reflects && most >= extent))
    bad_shape(node,
              fmt::format("{} positions of an axis of {} in mode {}", most, extent, mode_of(node)),
              "reflect by less than the axis has, and repeat no empty one");
}

std::int64_t padded(const Node& node, std::int64_t extent, const Margin& margin) {
  check_source(node, extent, margin);
  if (margin.before == 0 && margin.after == 0) return extent;
  if (extent == kUnknown) return kUnknown;
  const std::int64_t out = extent + margin.before + margin.after;
  if (out < 0 || extent + std::min<std::int64_t>(margin.before, 0) < 0)
    bad_shape(node, fmt::format("takes {} and {} positions away from an axis of {}", -margin.before,
                                -margin.after, extent));
  return out;
}

void infer(Graph& graph, const Node& node) {
  const Value& x = input(graph, node, 0);
  if (has_input(node, 2)) require_same_type(graph, node, 0, 2);
  if (has_input(node, 2) && known_count(input(graph, node, 2).shape) != 1)
    bad_shape(node, "the value of the padding must be one number, not of shape " +
                        to_string(input(graph, node, 2).shape));
  if (has_input(node, 1) == node.attributes.contains("pads"))
    base::fail(base::Code::kBadAttribute, "Pad needs its pads once", describe(node),
               "an attribute up to opset 10, input 1 after");
  const auto margins = margins_of(graph, node, x.shape.size());
  Shape out;
  for (std::size_t d = 0; d < margins.size(); ++d)
    out.push_back(padded(node, x.shape[d], margins[d]));
  set_output(graph, node, 0, x.dtype, out);
}

// What the padding shows at `position`, which counts from the first of the source.
std::int64_t shown(const std::string& mode, std::int64_t position, std::int64_t extent) {
  if (position >= 0 && position < extent) return position;
  if (mode == "constant") return kNowhere;
  if (mode == "edge") return position < 0 ? 0 : extent - 1;
  if (mode == "wrap") return (position % extent + extent) % extent;
  return position < 0 ? -position : 2 * (extent - 1) - position;
}

Picks picks_of(const Call& call, const Shape& from, const Shape& to) {
  const auto margins = margins_of(call.graph, call.node, from.size());
  const std::string mode = mode_of(call.node);
  Picks picks(from.size());
  for (std::size_t d = 0; d < from.size(); ++d)
    for (std::int64_t i = 0; i < to[d]; ++i)
      picks[d].push_back(shown(mode, i - margins[d].before, from[d]));
  return picks;
}

std::vector<Array> evaluate(const Call& call) {
  Array out = call.blank();
  out.visit([&](auto& data) {
    using T = ElementOf<decltype(data)>;
    const auto attribute = static_cast<T>(call.node.float_attribute("value", 0.0F));
    std::ranges::fill(data, call.has(2) ? call.input(2).elements<T>()[0] : attribute);
  });
  pick(call.input(0), picks_of(call, call.input(0).shape, out.shape), out);
  return {std::move(out)};
}

}  // namespace

OpDef pad_op() {
  return {
      .names = {"Pad"},
      .doc = "X with positions put in around it, or taken away; the pads must be constants",
      .max_inputs = 4,
      .attributes = {{.name = "mode",
                      .type = AttributeType::kString,
                      .doc = "what is put in: `value`, or a repetition of X",
                      .allowed = {"constant", "reflect", "edge", "wrap"}},
                     {.name = "pads",
                      .type = AttributeType::kInts,
                      .doc = "all that come before the axes, then all behind; an input since 11",
                      .until = 10},
                     {.name = "value",
                      .type = AttributeType::kFloat,
                      .doc = "of constant padding, default 0; an input since 11",
                      .until = 10}},
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
