#include "nn/resample.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace nn {

namespace {

// `value`, or the half of a whole number that it misses by less than a float does. Scales are
// floats: 3 times 1.6666666 are 5, and position 3 at a scale of 0.6 shows position 5.
double snapped(double value) {
  const double near = std::round(2 * value) / 2;
  return std::abs(near - value) <= std::abs(value) * 0x1p-23 ? near : value;
}

// Position i of the output in the input.
double coordinate(const Stretch& axis, std::int64_t i, const std::string& mode) {
  const auto position = static_cast<double>(i);
  const auto back = [&](double p) { return snapped(p * axis.from / axis.to); };
  if (axis.is_identity()) return position;
  if (mode == "asymmetric") return back(position);
  if (mode == "align_corners")
    return axis.output == 1 ? 0
                            : position * static_cast<double>(axis.input - 1) /
                                  static_cast<double>(axis.output - 1);
  if (mode == "tf_half_pixel_for_nn") return back(position + 0.5);
  if (mode == "pytorch_half_pixel" && axis.output == 1) return 0;
  const double half_pixel = back(position + 0.5) - 0.5;
  if (mode != "half_pixel_symmetric") return half_pixel;
  // What the output lacks of the stretched input is cut off evenly at both sides.
  const auto input = static_cast<double>(axis.input);
  const double shown = static_cast<double>(axis.output) / (input * axis.to / axis.from);
  return input / 2 * (1 - shown) + half_pixel;
}

double neighbour(double position, const std::string& mode) {
  if (mode == "floor") return std::floor(position);
  if (mode == "ceil") return std::ceil(position);
  return mode == "round_prefer_ceil" ? std::floor(position + 0.5) : std::ceil(position - 0.5);
}

}  // namespace

Stretch stretch_by(const Node& node, std::int64_t extent, double scale) {
  if (!(scale > 0) || !std::isfinite(scale))
    bad_shape(node, fmt::format("the scale {} is not a number above 0", scale));
  if (extent == kUnknown) return {kUnknown, scale == 1 ? extent : kUnknown, 1, scale};
  const double size = std::floor(snapped(static_cast<double>(extent) * scale));
  if (size >= static_cast<double>(kMaxElements))
    bad_shape(node, fmt::format("an axis of {} times {} is too long", extent, scale));
  return {extent, static_cast<std::int64_t>(size), 1, scale};
}

Stretch stretch_to(const Node& node, std::int64_t extent, std::int64_t size) {
  if (size < 0 && size != kUnknown)
    bad_shape(node, fmt::format("resizes an axis to the negative extent {}", size));
  if (extent == 0 && size != 0)
    bad_shape(node, fmt::format("resizes an axis without positions to {}", size));
  if (extent == kUnknown || size == kUnknown) return {extent, size};
  return {extent, size, static_cast<double>(extent), static_cast<double>(size)};
}

std::vector<double> constant_scales(const Graph& graph, const Node& node, std::size_t i) {
  require_float(graph, node, i);
  const Value& value = input(graph, node, i);
  if (!value.constant)
    bad_shape(node, fmt::format("the scales (\"{}\") are computed at run time", value.name),
              "export the model with fixed shapes, or simplify it first");
  std::vector<double> scales;
  for (std::size_t s = 0; s < value.constant->size(); ++s) scales.push_back(value.constant->at(s));
  return scales;
}

Shape stretched_shape(const std::vector<Stretch>& axes) {
  Shape shape;
  for (const Stretch& axis : axes) shape.push_back(axis.output);
  return shape;
}

std::vector<Array> resample(const Call& call, const std::vector<Stretch>& axes,
                            const Sampling& sampling) {
  Picks picks;
  for (const Stretch& axis : axes) {
    std::vector<std::int64_t>& positions = picks.emplace_back();
    for (std::int64_t i = 0; i < axis.output; ++i) {
      const double at = neighbour(coordinate(axis, i, sampling.coordinates), sampling.nearest);
      positions.push_back(
          static_cast<std::int64_t>(std::clamp(at, 0.0, static_cast<double>(axis.input - 1))));
    }
  }
  Array out = call.blank();
  pick(call.input(0), picks, out);
  return {std::move(out)};
}

}  // namespace nn
