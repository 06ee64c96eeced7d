#include "nn/window.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/error.hpp"

namespace nn {

namespace {

constexpr std::size_t kMostAxes = 3;

[[noreturn]] void bad_attribute(const Node& node, std::string what, std::string cure) {
  base::fail(base::Code::kBadAttribute, std::move(what), describe(node), std::move(cure));
}

// The numbers of an attribute, or as many of `usual`.
std::vector<std::int64_t> numbers(const Node& node, const std::string& name, std::size_t count,
                                  std::int64_t usual) {
  const auto list = node.ints_attribute(name, std::vector<std::int64_t>(count, usual));
  if (list.size() != count)
    bad_attribute(node,
                  fmt::format("{} has {} numbers, where {} are wanted", name, list.size(), count),
                  "export the model again");
  for (const std::int64_t number : list) {
    if (number < 0 && usual == 0)
      bad_attribute(node, fmt::format("{} has the negative number {}", name, number),
                    "cut the map with Slice instead");
    if (number < usual || number > std::numeric_limits<std::int32_t>::max())
      bad_attribute(node, fmt::format("{} has the number {}", name, number),
                    fmt::format("numbers from {} to 2^31 - 1 make sense", usual));
  }
  return list;
}

bool is_same(const Node& node) {
  return node.string_attribute("auto_pad", "NOTSET").starts_with("SAME");
}

// SAME: as many windows as strides, the odd position of padding at the end or (LOWER) the begin.
void pad_same(const Node& node, WindowAxis& axis) {
  if (axis.input == kUnknown) return;
  const std::int64_t windows = (axis.input + axis.stride - 1) / axis.stride;
  const std::int64_t all =
      std::max<std::int64_t>(0, (windows - 1) * axis.stride + axis.reach() - axis.input);
  const bool lower = node.string_attribute("auto_pad", "") == "SAME_LOWER";
  axis.pad_begin = lower ? all - all / 2 : all / 2;
  axis.pad_end = all - axis.pad_begin;
}

// With ceil_mode a window more may begin where the map or the padding before it is left.
void count_windows(const Node& node, WindowAxis& axis) {
  axis.output = kUnknown;
  if (axis.input == kUnknown) return;
  const std::int64_t room = axis.input + axis.pad_begin + axis.pad_end - axis.reach();
  if (room < 0)
    bad_shape(
        node,
        fmt::format("its kernel reaches over {} positions, and the map with its padding has {}",
                    axis.reach(), room + axis.reach()),
        "use a smaller kernel or dilation, or more padding");
  const bool ceil = node.int_attribute("ceil_mode", 0) != 0;
  axis.output = room / axis.stride + 1;
  if (ceil && room % axis.stride != 0 && axis.output * axis.stride < axis.input + axis.pad_begin)
    ++axis.output;
}

}  // namespace

std::vector<WindowAxis> window_axes(const Node& node, const Shape& input, const Shape& kernel) {
  const std::size_t count = kernel.size();
  if (count == 0 || input.size() != count + 2)
    bad_shape(node,
              fmt::format("a kernel of shape {} for an input of shape {}", to_string(kernel),
                          to_string(input)),
              "the input holds samples, channels, and an axis for each of the kernel's");
  if (count > kMostAxes)
    base::fail(base::Code::kUnsupportedFeature, fmt::format("its maps have {} axes", count),
               describe(node), "maps have up to three axes");
  check_extents(kernel, describe(node));
  const auto strides = numbers(node, "strides", count, 1);
  const auto dilations = numbers(node, "dilations", count, 1);
  const auto pads = numbers(node, "pads", 2 * count, 0);
  const bool given = node.string_attribute("auto_pad", "NOTSET") == "NOTSET";
  std::vector<WindowAxis> axes;
  for (std::size_t i = 0; i < count; ++i) {
    WindowAxis axis{input[i + 2], kernel[i], strides[i], dilations[i]};
    if (given) axis.pad_begin = pads[i];
    if (given) axis.pad_end = pads[count + i];
    if (is_same(node)) pad_same(node, axis);
    count_windows(node, axis);
    axes.push_back(axis);
  }
  return axes;
}

Shape pool_kernel(const Node& node) {
  const Shape given = node.ints_attribute("kernel_shape", {});
  const Shape kernel = numbers(node, "kernel_shape", given.size(), 1);
  const auto pads = numbers(node, "pads", 2 * kernel.size(), 0);
  for (std::size_t i = 0; i < pads.size(); ++i)
    if (pads[i] >= kernel[i % kernel.size()])
      bad_attribute(node,
                    fmt::format("{} positions of padding for a kernel of {}", pads[i],
                                kernel[i % kernel.size()]),
                    "a pool is padded by less than its kernel");
  return kernel;
}

Shape walked_shape(std::int64_t samples, std::int64_t channels,
                   const std::vector<WindowAxis>& axes) {
  Shape shape = {samples, channels};
  for (const WindowAxis& axis : axes) shape.push_back(axis.output);
  return shape;
}

Walk walk_of(const std::vector<WindowAxis>& axes) {
  Walk walk;
  std::ranges::copy_backward(axes, walk.end());
  return walk;
}

std::int64_t positions_of(const Walk& walk) {
  return walk[0].input * walk[1].input * walk[2].input;
}
std::int64_t windows_of(const Walk& walk) {
  return walk[0].output * walk[1].output * walk[2].output;
}
std::int64_t taps_of(const Walk& walk) { return walk[0].kernel * walk[1].kernel * walk[2].kernel; }

std::vector<AttributeDef> walk_attributes() {
  return {{.name = "strides", .type = AttributeType::kInts, .doc = "default 1"},
          {.name = "pads", .type = AttributeType::kInts, .doc = "begins, then ends; not negative"},
          {.name = "auto_pad",
           .type = AttributeType::kString,
           .doc = "padding by rule",
           .allowed = {"NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"}}};
}

std::vector<AttributeDef> pool_attributes(std::int64_t dilations_since) {
  std::vector<AttributeDef> attributes = walk_attributes();
  attributes.push_back({.name = "kernel_shape",
                        .type = AttributeType::kInts,
                        .doc = "extents of the kernel",
                        .required = true});
  attributes.push_back({.name = "ceil_mode",
                        .type = AttributeType::kInt,
                        .doc = "a last window that reaches beyond the map",
                        .allowed = {"0", "1"},
                        .since = 10});
  attributes.push_back({.name = "dilations",
                        .type = AttributeType::kInts,
                        .doc = "default 1",
                        .since = dilations_since});
  return attributes;
}

void infer_pool(Graph& graph, const Node& node) {
  const Value& x = input(graph, node, 0);
  require_number(graph, node, 0);
  const auto axes = window_axes(node, x.shape, pool_kernel(node));
  set_output(graph, node, 0, x.dtype, walked_shape(x.shape[0], x.shape[1], axes));
}

void infer_global_pool(Graph& graph, const Node& node) {
  const Value& x = input(graph, node, 0);
  if (x.shape.size() < 3 || x.shape.size() > kMostAxes + 2)
    bad_shape(node, "the input of shape " + to_string(x.shape) + " holds no maps of channels",
              "the input holds samples, channels, and one to three axes");
  Shape shape(x.shape.size(), 1);
  std::copy_n(x.shape.begin(), 2, shape.begin());
  set_output(graph, node, 0, x.dtype, shape);
}

Walk pool_walk(const Call& call) {
  const Shape& shape = call.input(0).shape;
  if (call.node.attributes.contains("kernel_shape"))
    return walk_of(window_axes(call.node, shape, pool_kernel(call.node)));
  return walk_of(window_axes(call.node, shape, Shape(shape.begin() + 2, shape.end())));
}

}  // namespace nn
