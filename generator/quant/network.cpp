#include "quant/network.hpp"

namespace quant {

namespace {

// Along one axis; in 64 bits, for paddings and dilations of any size.
int windows_along(std::int64_t positions, std::int64_t taps, std::int64_t step,
                  std::int64_t apart) {
  const std::int64_t room = positions - apart * (taps - 1) - 1;
  return room < 0 ? 0 : static_cast<int>(room / step) + 1;
}

}  // namespace

Pair Window::windows() const {
  const auto padded = [](std::int64_t before, std::int64_t on, std::int64_t after) {
    return before + on + after;
  };
  return {windows_along(padded(pad_begin.y, map.y, pad_end.y), kernel.y, stride.y, dilation.y),
          windows_along(padded(pad_begin.x, map.x, pad_end.x), kernel.x, stride.x, dilation.x)};
}

int Window::position(int window, int tap) const {
  const int across = windows().x;
  const int y = window / across * stride.y - pad_begin.y + tap / kernel.x * dilation.y;
  const int x = window % across * stride.x - pad_begin.x + tap % kernel.x * dilation.x;
  return y < 0 || y >= map.y || x < 0 || x >= map.x ? -1 : y * map.x + x;
}

const std::vector<Source>& Layer::inputs() const {
  return std::visit(
      [](const auto& any) -> const auto& { return any.inputs; }, rule);
}

const Window& Layer::window() const {
  return std::visit(
      [](const auto& any) -> const auto& { return any.window; }, rule);
}

int count_of(const std::vector<Source>& sources) {
  int count = 0;
  for (const Source& source : sources) count += source.count;
  return count;
}

std::vector<const Format*> row_formats(const Network& network, const Product& product, int group) {
  std::vector<const Format*> channels;
  for (const Source& source : product.inputs)
    channels.insert(channels.end(),
                    static_cast<std::size_t>(source.count / product.window.map.area()),
                    &network.format_of(source.tensor));
  const std::size_t width = channels.size() / static_cast<std::size_t>(product.groups);
  const auto first = channels.begin() + static_cast<std::ptrdiff_t>(width) * group;
  std::vector<const Format*> rows;
  for (int tap = 0; tap < product.window.taps(); ++tap)
    rows.insert(rows.end(), first, first + static_cast<std::ptrdiff_t>(width));
  return rows;
}

int Network::input_count() const {
  int count = 0;
  for (const TensorId id : inputs) count += tensors[id].count();
  return count;
}

int Network::output_count() const { return count_of(outputs); }

int Network::widest_bits() const {
  int bits = 0;
  for (const Tensor& tensor : tensors) bits = std::max(bits, tensor.format.bits);
  return bits;
}

}  // namespace quant
