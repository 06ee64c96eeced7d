#include "quant/walks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "nn/reduce.hpp"

namespace quant {

namespace {

// Inputs of the graph whose shapes leave more open than the batch.
std::string open_inputs(const nn::Graph& graph) {
  std::string names;
  for (const nn::ValueId id : graph.inputs) {
    const nn::Shape& shape = graph.value(id).shape;
    if (shape.empty() || std::find(shape.begin() + 1, shape.end(), nn::kUnknown) == shape.end())
      continue;
    names += fmt::format("{}input \"{}\" of shape {}", names.empty() ? "" : ", ",
                         graph.value(id).name, nn::to_string(shape));
  }
  return names.empty() ? "a shape that is computed" : names;
}

int as_int(const nn::Node& node, std::int64_t number) {
  constexpr std::int64_t kMost = 1 << 28;  // sums of them are ints
  if (number > kMost)
    Builder::refuse(node, fmt::format("walks with the number {}", number),
                    fmt::format("numbers up to {} are supported", kMost));
  return static_cast<int>(number);
}

}  // namespace

nn::Shape map_shape(const Builder& builder, const nn::Node& node, nn::ValueId value) {
  nn::Shape shape = builder.graph().value(value).shape;
  if (shape.size() > 4)
    Builder::refuse(node, fmt::format("walks over maps of shape {}", nn::to_string(shape)),
                    "maps have a height and a width, or a length");
  if (std::find(shape.begin() + 1, shape.end(), nn::kUnknown) != shape.end())
    Builder::refuse(
        node, fmt::format("walks over maps of open extents: {}", open_inputs(builder.graph())),
        "set model.input_shape in the spec to the extents of a sample, as \"3x224x224\" (channels, "
        "height, width; of several inputs a table), or export the model with fixed ones");
  shape[0] = 1;
  return shape;
}

Shape made_maps(const Builder& builder, const nn::Node& node) {
  const nn::Shape shape = map_shape(builder, node, node.outputs.at(0));
  const auto extent = [&](std::size_t axis) {
    return axis < shape.size() ? static_cast<int>(shape[axis]) : 1;
  };
  return shape.size() == 3 ? Shape(extent(1), 1, extent(2))
                           : Shape(extent(1), extent(2), extent(3));
}

Window window_of(const nn::Node& node, const std::vector<nn::WindowAxis>& axes) {
  Window window;
  int* const fields[2][6] = {{&window.kernel.y, &window.stride.y, &window.dilation.y,
                              &window.pad_begin.y, &window.pad_end.y, &window.map.y},
                             {&window.kernel.x, &window.stride.x, &window.dilation.x,
                              &window.pad_begin.x, &window.pad_end.x, &window.map.x}};
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const nn::WindowAxis& axis = axes[i];
    // With ceil_mode the last window may reach beyond the padding.
    const std::int64_t reached =
        (axis.output - 1) * axis.stride + axis.reach() - axis.input - axis.pad_begin;
    const std::int64_t numbers[6] = {
        axis.kernel, axis.stride, axis.dilation, axis.pad_begin, std::max(axis.pad_end, reached),
        axis.input};
    for (int n = 0; n < 6; ++n) *fields[i + 2 - axes.size()][n] = as_int(node, numbers[n]);
  }
  require_count(std::int64_t{window.windows().y} * window.windows().x, nn::describe(node));
  return window;
}

Window pool_window(const Builder& builder, const nn::Node& node, nn::ValueId value) {
  const nn::Shape shape = map_shape(builder, node, value);
  const bool whole = !node.attributes.contains("kernel_shape");
  const nn::Shape kernel =
      whole ? nn::Shape(shape.begin() + 2, shape.end()) : nn::pool_kernel(node);
  if (!whole) return window_of(node, nn::window_axes(node, shape, kernel));
  std::vector<nn::WindowAxis> axes;
  for (const std::int64_t extent : kernel) axes.push_back({extent, extent});
  Window window = window_of(node, axes);
  window.kernel = window.map = builder.viewed_map(builder.at(value), window.map);
  return window;
}

void require_space(const Builder& builder, const nn::Node& node, nn::ValueId value,
                   const std::string& what) {
  const nn::Shape shape = map_shape(builder, node, value);
  std::vector<bool> space(shape.size(), true);
  std::fill_n(space.begin(), std::min<std::size_t>(2, space.size()), false);
  if (shape.size() < 3 || nn::reduced_axes(builder.graph(), node, shape) != space)
    Builder::refuse(
        node, "takes the " + what + " along other axes than those of maps",
        "keep the channels on axis 1, and take the " + what + " along all axes behind it");
}

Operand kernel_operand(const nn::Node& node, const Constant& weights) {
  const Eigen::Index cols = weights.shape[0];
  const Eigen::Index channels = weights.shape[1];
  const Eigen::Index taps = static_cast<Eigen::Index>(weights.values.size()) / (cols * channels);
  Operand operand;
  operand.weights.resize(taps * channels, cols);
  for (Eigen::Index c = 0; c < cols; ++c)
    for (Eigen::Index i = 0; i < channels; ++i)
      for (Eigen::Index tap = 0; tap < taps; ++tap)
        operand.weights(tap * channels + i, c) =
            weights.values[static_cast<std::size_t>((c * channels + i) * taps + tap)];
  operand.bias = Eigen::VectorXd::Zero(cols);
  if (weights.steps.size() > 1 && weights.axis != 0)
    Builder::refuse(node, "its weights have a scale an input", "use a scale a tensor or an output");
  if (weights.steps.size() == 1) operand.step = Eigen::VectorXd::Constant(cols, weights.steps[0]);
  if (weights.steps.size() > 1)
    operand.step = Eigen::Map<const Eigen::VectorXd>(weights.steps.data(), cols);
  return operand;
}

Operand mean_operand(int channels, int taps, double parts) {
  Operand operand;
  operand.weights = Eigen::MatrixXd::Ones(taps, channels);
  operand.step = Eigen::VectorXd::Ones(channels);
  operand.bias = Eigen::VectorXd::Zero(channels);
  operand.gain = 1.0 / parts;
  operand.is_made = true;
  return operand;
}

}  // namespace quant
