#include "core/frames.hpp"

#include <algorithm>

namespace core {

namespace {

// Positions from one to the next, so that as many as `own` has fit in.
quant::Pair evenly(quant::Pair own, quant::Pair common) {
  return {common.y / own.y, common.x / own.x};
}

// Whether `id`, or a table of it, goes to the host or is seen by anybody with its lines repeated.
bool is_repeated(const quant::Network& network, quant::TensorId id) {
  if (std::ranges::find(network.outputs, id, &quant::Source::tensor) != network.outputs.end())
    return true;
  return std::ranges::any_of(network.layers, [&](const quant::Layer& layer) {
    return std::ranges::any_of(layer.inputs(), [&](const quant::Source& source) {
      if (source.tensor != id) return false;
      if (std::holds_alternative<quant::Table>(layer.rule))
        return is_repeated(network, layer.output);
      return source.sight.repeat != quant::Pair();
    });
  });
}

}  // namespace

std::optional<quant::Pair> common_map(const std::vector<quant::Shape>& shapes) {
  quant::Pair common;
  bool differ = false;
  for (const quant::Shape& shape : shapes) {
    common = {std::max(common.y, shape.height), std::max(common.x, shape.width)};
    differ = differ || shape.positions() != shapes.front().positions();
  }
  return differ ? std::optional(common) : std::nullopt;
}

Inset input_inset(const quant::Network& network, quant::TensorId input, quant::Pair common) {
  const quant::Shape& shape = network.tensors[input].shape;
  const quant::Pair own{shape.height, shape.width};
  return {own, {0, 0}, is_repeated(network, input) ? quant::Pair() : evenly(own, common)};
}

Inset output_inset(quant::Pair own, quant::Pair common) {
  const quant::Pair apart = evenly(own, common);
  return {own, {apart.y - 1, apart.x - 1}, apart};
}

}  // namespace core
