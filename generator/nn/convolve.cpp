#include "nn/convolve.hpp"

#include <fmt/format.h>

#include <Eigen/Core>
#include <algorithm>

namespace nn {

namespace {

template <class T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr std::int64_t kPatches = std::int64_t{1} << 18;  // elements unfolded at once

Shape kernel_of(const Shape& weights) {
  return weights.size() < 2 ? Shape() : Shape(weights.begin() + 2, weights.end());
}

// What the taps of windows [first, first + count) see of `channels` maps that lie behind each
// other: a row a channel and tap, a column a window.
template <class T>
void unfold(const T* maps, std::int64_t channels, const Walk& walk, std::int64_t first,
            Matrix<T>& patches) {
  const auto& [z, y, x] = walk;
  const std::int64_t taps = taps_of(walk);
  const std::int64_t positions = positions_of(walk);
  patches.setZero();
  for (Eigen::Index column = 0; column < patches.cols(); ++column) {
    const std::int64_t window = first + column;
    for (std::int64_t tap = 0; tap < taps; ++tap) {
      const std::int64_t pz = z.at(window / (y.output * x.output), tap / (y.kernel * x.kernel));
      const std::int64_t py = y.at(window / x.output % y.output, tap / x.kernel % y.kernel);
      const std::int64_t px = x.at(window % x.output, tap % x.kernel);
      if (!z.holds(pz) || !y.holds(py) || !x.holds(px)) continue;
      const std::int64_t position = (pz * y.input + py) * x.input + px;
      for (std::int64_t c = 0; c < channels; ++c)
        patches(c * taps + tap, column) = maps[c * positions + position];
    }
  }
}

template <class T>
void add_bias(const ConvOperands& operands, Array& out) {
  if (!operands.bias) return;
  const auto& bias = operands.bias->elements<T>();
  std::vector<T>& data = out.elements<T>();
  const std::size_t windows = data.size() / static_cast<std::size_t>(out.shape[0] * out.shape[1]);
  for (std::size_t i = 0; i < data.size(); ++i) data[i] += bias[i / windows % bias.size()];
}

template <class T>
void convolve_as(const Node& node, const ConvOperands& operands, Array& out) {
  const Shape& shape = operands.weights.shape;
  const Walk walk = walk_of(window_axes(node, operands.x.shape, kernel_of(shape)));
  const std::int64_t groups = node.int_attribute("group", 1);
  const std::int64_t outputs = shape[0] / groups;
  const std::int64_t rows = shape[1] * taps_of(walk);
  const std::int64_t windows = windows_of(walk);
  const std::int64_t block = std::clamp<std::int64_t>(kPatches / std::max<std::int64_t>(1, rows), 1,
                                                      std::max<std::int64_t>(1, windows));
  const T* x = operands.x.elements<T>().data();
  const T* w = operands.weights.elements<T>().data();
  T* y = out.elements<T>().data();
  Matrix<T> patches;
  for (std::int64_t map = 0; map < out.shape[0] * groups; ++map) {
    const Eigen::Map<const Matrix<T>> weights(w + map % groups * outputs * rows, outputs, rows);
    Eigen::Map<Matrix<T>> result(y + map * outputs * windows, outputs, windows);
    for (std::int64_t first = 0; first < windows; first += block) {
      patches.resize(rows, std::min(block, windows - first));
      unfold(x + map * shape[1] * positions_of(walk), shape[1], walk, first, patches);
      result.middleCols(first, patches.cols()).noalias() = weights * patches;
    }
  }
  add_bias<T>(operands, out);
}

}  // namespace

std::vector<AttributeDef> conv_attributes() {
  std::vector<AttributeDef> attributes = walk_attributes();
  attributes.push_back({.name = "kernel_shape",
                        .type = AttributeType::kInts,
                        .doc = "extents of the kernel, as the weights have them"});
  attributes.push_back({.name = "dilations", .type = AttributeType::kInts, .doc = "default 1"});
  attributes.push_back(
      {.name = "group", .type = AttributeType::kInt, .doc = "groups of channels, default 1"});
  return attributes;
}

Shape conv_shape(const Node& node, const Shape& input, const Shape& weights) {
  const Shape kernel = kernel_of(weights);
  if (!all_known(weights) || std::ranges::find(weights, 0) != weights.end())
    bad_shape(node, "its weights have the shape " + to_string(weights),
              "weights of fixed extents, none of them 0, are wanted");
  const auto axes = window_axes(node, input, kernel);
  if (node.ints_attribute("kernel_shape", kernel) != kernel)
    bad_shape(node,
              fmt::format("its kernel_shape is {}, and its weights have the shape {}",
                          to_string(node.ints_attribute("kernel_shape", {})), to_string(weights)));
  const std::int64_t groups = node.int_attribute("group", 1);
  if (groups < 1 || weights[0] % groups != 0)
    bad_shape(node, fmt::format("{} groups for {} outputs", groups, weights[0]),
              "the number of groups divides that of outputs");
  if (input[1] != kUnknown && (input[1] % groups != 0 || input[1] / groups != weights[1]))
    bad_shape(node,
              fmt::format("{} channels in {} groups meet weights for {} channels a group", input[1],
                          groups, weights[1]),
              "the number of groups divides that of channels");
  return walked_shape(input[0], weights[0], axes);
}

void check_conv_bias(const Node& node, const Shape& bias, const Shape& weights) {
  if (bias.size() != 1 || (bias[0] != weights[0] && bias[0] != kUnknown))
    bad_shape(node, fmt::format("a bias of shape {} for {} outputs", to_string(bias), weights[0]),
              "a bias has one element an output");
}

void convolve(const Node& node, const ConvOperands& operands, Array& out) {
  out.visit([&](auto& data) { convolve_as<ElementOf<decltype(data)>>(node, operands, out); });
}

}  // namespace nn
