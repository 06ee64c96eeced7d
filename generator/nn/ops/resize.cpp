#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/error.hpp"
#include "nn/resample.hpp"

namespace nn {
namespace {

// The inputs: x and scales in opset 10; x, roi, scales, sizes after.
constexpr std::size_t kSizes = 3;
std::size_t scales_input(const Graph& graph) { return graph.opset < 11 ? 1 : 2; }

// Up to opset 12 an empty list stands for an input that is not given.
bool is_given(const Graph& graph, const Node& node, std::size_t i) {
  return has_input(node, i) && input(graph, node, i).shape != Shape{0};
}

std::vector<std::size_t> resized_axes(const Node& node, std::size_t rank) {
  std::vector<std::size_t> axes(rank);
  std::iota(axes.begin(), axes.end(), 0);
  if (!node.attributes.contains("axes")) return axes;
  axes.clear();
  for (const std::int64_t axis : node.ints_attribute("axes", {})) {
    axes.push_back(front_axis(node, axis, rank));
    if (std::ranges::count(axes, axes.back()) > 1)
      base::fail(base::Code::kBadAttribute, "an axis is named twice", describe(node));
  }
  return axes;
}

// Sets `axes` by one stretch an axis that is named.
template <class T, class F>
void set_stretches(const Node& node, const std::vector<T>& numbers, std::vector<Stretch>& axes,
                   F stretch) {
  const auto named = resized_axes(node, axes.size());
  if (numbers.size() != named.size())
    bad_shape(node, fmt::format("{} scales or sizes for {} axes", numbers.size(), named.size()));
  for (std::size_t i = 0; i < named.size(); ++i)
    axes[named[i]] = stretch(node, axes[named[i]].input, numbers[i]);
}

std::vector<Stretch> stretches_of(const Graph& graph, const Node& node, const Shape& shape) {
  std::vector<Stretch> axes;
  for (const std::int64_t extent : shape) axes.push_back({extent, extent});
  const std::size_t scales = scales_input(graph);
  const bool by_size = scales == 2 && is_given(graph, node, kSizes);
  if (by_size == is_given(graph, node, scales))
    bad_shape(node, "Resize needs scales or sizes, one of the two");
  if (!by_size) {
    set_stretches(node, constant_scales(graph, node, scales), axes, stretch_by);
    return axes;
  }
  std::vector<std::int64_t> sizes = shape_ints(graph, node, kSizes, "the list of sizes");
  std::ranges::transform(sizes, sizes.begin(), extent_of);
  set_stretches(node, sizes, axes, stretch_to);
  return axes;
}

void infer(Graph& graph, const Node& node) {
  const Value& x = input(graph, node, 0);
  if (graph.opset < 11 && node.inputs.size() > 2)
    bad_shape(node, "Resize of opset 10 has no more inputs than X and scales");
  set_output(graph, node, 0, x.dtype, stretched_shape(stretches_of(graph, node, x.shape)));
}

std::vector<Array> evaluate(const Call& call) {
  Sampling sampling;  // that of opset 10
  if (call.graph.opset >= 11) {
    sampling.coordinates =
        call.node.string_attribute("coordinate_transformation_mode", "half_pixel");
    sampling.nearest = call.node.string_attribute("nearest_mode", "round_prefer_floor");
  }
  return resample(call, stretches_of(call.graph, call.node, call.input(0).shape), sampling);
}

// Those that say something of other modes than the nearest neighbour, or of regions.
std::vector<AttributeDef> attributes() {
  const std::string nothing = "of no effect on nearest neighbours";
  return {
      {.name = "mode",
       .type = AttributeType::kString,
       .doc = "default nearest",
       .allowed = {"nearest"}},
      {.name = "coordinate_transformation_mode",
       .type = AttributeType::kString,
       .doc = "where positions lie, default half_pixel; asymmetric in opset 10",
       .allowed = {"half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners",
                   "asymmetric", "tf_half_pixel_for_nn"},
       .since = 11},
      {.name = "nearest_mode",
       .type = AttributeType::kString,
       .doc = "default round_prefer_floor; floor in opset 10",
       .allowed = {"round_prefer_floor", "round_prefer_ceil", "floor", "ceil"},
       .since = 11},
      {.name = "axes",
       .type = AttributeType::kInts,
       .doc = "those that scales or sizes name, default all",
       .since = 18},
      {.name = "keep_aspect_ratio_policy",
       .type = AttributeType::kString,
       .doc = "sizes as they are",
       .allowed = {"stretch"},
       .since = 18},
      {.name = "antialias", .type = AttributeType::kInt, .doc = nothing, .since = 18},
      {.name = "cubic_coeff_a", .type = AttributeType::kFloat, .doc = nothing, .since = 11},
      {.name = "exclude_outside", .type = AttributeType::kInt, .doc = nothing, .since = 11},
      {.name = "extrapolation_value", .type = AttributeType::kFloat, .doc = nothing, .since = 11}};
}

}  // namespace

OpDef resize_op() {
  return {
      .names = {"Resize"},
      .since = 10,
      .doc =
          "X stretched to another size, by nearest neighbours; scales must be constants, sizes "
          "known but for the batch",
      .max_inputs = 4,
      .attributes = attributes(),
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
